# wattfor_fake_nvml(TARGET VARIANT)
#
# A library that imitates NVIDIA's (tests/fakes/fake_nvml.cpp): VARIANT is FAKE_NVML_MODERN,
# FAKE_NVML_OLD or FAKE_NVML_BARE.
function(wattfor_fake_nvml target variant)
  list(TRANSFORM fake_nvml_sources PREPEND ${CMAKE_SOURCE_DIR}/tests/fakes/)
  add_library(${target} MODULE ${fake_nvml_sources})
  target_include_directories(${target} PRIVATE ${CMAKE_SOURCE_DIR}/tests)
  target_compile_definitions(${target} PRIVATE ${variant})
  target_link_libraries(${target} PRIVATE wattfor_build_flags)
endfunction()
set(fake_nvml_sources fake_nvml.cpp fake_nvml_driver.cpp fake_nvml_file.cpp)
