# wattfor_module(meter HEADERS … SOURCES … DEPENDS sensor measurement LIBRARIES …)
#
# A module of src/: the static library wattfor::meter. `DEPENDS` names the modules it may include,
# which its users may include too; tools/check_layers.py holds the same table against the sources.
# Each header is also compiled alone (target all_verify_interface_header_sets).
function(wattfor_module name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "HEADERS;SOURCES;DEPENDS;LIBRARIES")
  set(target wattfor_${name})
  if(arg_SOURCES)
    set(scope PUBLIC)
    add_library(${target} STATIC ${arg_SOURCES})
    if(WATTFOR_PRECOMPILE)
      wattfor_precompile(${target})
    endif()
  else()
    set(scope INTERFACE)
    add_library(${target} INTERFACE)
  endif()
  add_library(wattfor::${name} ALIAS ${target})
  # src/ is the include root; what lies beside it (workers/) is included from the top.
  set(include_root ${CMAKE_SOURCE_DIR})
  if(CMAKE_CURRENT_SOURCE_DIR MATCHES "^${CMAKE_SOURCE_DIR}/src/")
    string(APPEND include_root /src)
  endif()
  target_sources(${target} ${scope}
    FILE_SET HEADERS BASE_DIRS ${include_root} FILES ${arg_HEADERS})
  list(TRANSFORM arg_DEPENDS PREPEND wattfor::)
  target_link_libraries(${target} ${scope} wattfor_build_flags ${arg_DEPENDS} ${arg_LIBRARIES})
  set_target_properties(${target} PROPERTIES VERIFY_INTERFACE_HEADER_SETS ON)
endfunction()

# One precompiled header serves every target: all are compiled with the same flags.
function(wattfor_precompile target)
  wattfor_precompiled_headers(wattfor_precompiled)
  target_precompile_headers(${target} REUSE_FROM wattfor_precompiled)
endfunction()

# The object library `name` that holds the common headers and further ones, precompiled.
# wattfor_precompiled_headers(name HEADERS … LIBRARIES …)
function(wattfor_precompiled_headers name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "HEADERS;LIBRARIES")
  if(NOT TARGET ${name})
    file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/${name}.cpp CONTENT "")  # written once: its time stamp stays
    add_library(${name} OBJECT ${CMAKE_BINARY_DIR}/${name}.cpp)
    target_link_libraries(${name} PRIVATE wattfor_build_flags ${arg_LIBRARIES})
    target_precompile_headers(${name} PRIVATE ${wattfor_common_headers} ${arg_HEADERS})
  endif()
endfunction()

# Optimises a module in Debug builds, too: its tests compute for minutes otherwise, but for those that
# the thread sanitizer looks on. The precompiled header is for unoptimised code.
function(wattfor_optimise name)
  if(CMAKE_BUILD_TYPE STREQUAL Debug AND NOT WATTFOR_SANITIZE STREQUAL thread)
    target_compile_options(wattfor_${name} PRIVATE -O2)
    set_target_properties(wattfor_${name} PROPERTIES
      WATTFOR_OPTIMISED ON DISABLE_PRECOMPILE_HEADERS ON)
  endif()
endfunction()
