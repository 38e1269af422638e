# wattfor_fake_nvml(TARGET VARIANT)
#
# A library that imitates NVIDIA's (tests/fakes/fake_nvml.cpp): VARIANT is FAKE_NVML_MODERN,
# FAKE_NVML_OLD or FAKE_NVML_BARE. What lies behind its functions is the same in all of them, and
# compiled once.
function(wattfor_fake_nvml target variant)
  set(fakes ${CMAKE_SOURCE_DIR}/tests/fakes)
  if(NOT TARGET fake_nvml_driver)
    add_library(fake_nvml_driver OBJECT ${fakes}/fake_nvml_driver.cpp ${fakes}/fake_nvml_file.cpp)
    set_target_properties(fake_nvml_driver PROPERTIES POSITION_INDEPENDENT_CODE ON)
    target_include_directories(fake_nvml_driver PUBLIC ${CMAKE_SOURCE_DIR}/tests)
    target_link_libraries(fake_nvml_driver PUBLIC wattfor_build_flags)
  endif()
  add_library(${target} MODULE ${fakes}/fake_nvml.cpp)
  target_compile_definitions(${target} PRIVATE ${variant})
  target_link_libraries(${target} PRIVATE fake_nvml_driver)
endfunction()
