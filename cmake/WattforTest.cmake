# wattfor_test(meter SOURCES … ONE_THREAD … DEPENDS meter DEFINITIONS … COST 40)
#
# tests/<module>/*.cpp as one program, test_<module>, and one ctest of the module's name. ONE_THREAD
# names those that run on one thread alone: what has one thread has no race, and the thread sanitizer
# does without them. COST is about how many seconds the program takes under the address sanitizer
# where these are many: ctest begins with the longest. Presets join the sources, so the names of each
# are in a namespace of its own.
function(wattfor_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "COST" "SOURCES;ONE_THREAD;DEPENDS;DEFINITIONS")
  set(target test_${name})
  add_executable(${target} ${arg_SOURCES})
  if(NOT WATTFOR_SANITIZE STREQUAL thread)
    target_sources(${target} PRIVATE ${arg_ONE_THREAD})
  endif()
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
  if(NOT arg_COST)
    set(arg_COST 0)
  endif()
  set_tests_properties(${name} PROPERTIES TIMEOUT 300 COST ${arg_COST}
    ENVIRONMENT "TSAN_OPTIONS=suppressions=${CMAKE_SOURCE_DIR}/tests/support/tsan.supp")
endfunction()
