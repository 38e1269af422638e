# wattfor_test(meter SOURCES … DEPENDS meter DEFINITIONS …)
#
# tests/<module>/*.cpp as one program, test_<module>, and one ctest of the module's name.
function(wattfor_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;DEPENDS;DEFINITIONS")
  set(target test_${name})
  add_executable(${target} ${arg_SOURCES})
  # Presets join the program's sources for speed; each test file keeps the names of its own helpers.
  set_target_properties(${target} PROPERTIES UNITY_BUILD OFF)
  if(WATTFOR_PRECOMPILE)
    wattfor_precompiled_headers(wattfor_precompiled_test HEADERS <gtest/gtest.h> LIBRARIES GTest::gtest)
    target_precompile_headers(${target} REUSE_FROM wattfor_precompiled_test)
  endif()
  list(TRANSFORM arg_DEPENDS PREPEND wattfor::)
  target_include_directories(${target} PRIVATE ${CMAKE_SOURCE_DIR}/tests)
  target_compile_definitions(${target} PRIVATE ${arg_DEFINITIONS})
  target_link_libraries(${target} PRIVATE ${arg_DEPENDS} GTest::gtest GTest::gtest_main)
  # One process a program, not one a test: the claims are quick, starting a process under a sanitizer
  # is not. `build/dev/test_meter --gtest_filter=…` runs one.
  add_test(NAME ${name} COMMAND ${target} --gtest_brief=1)
  set_tests_properties(${name} PROPERTIES TIMEOUT 300
    ENVIRONMENT "TSAN_OPTIONS=suppressions=${CMAKE_SOURCE_DIR}/tests/support/tsan.supp")
endfunction()
