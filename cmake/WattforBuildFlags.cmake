# Warnings, sanitizers and the packages' settings, through one interface target.
add_library(wattfor_build_flags INTERFACE)
target_include_directories(wattfor_build_flags INTERFACE ${CMAKE_SOURCE_DIR}/src)
target_compile_options(wattfor_build_flags INTERFACE
  -Wall -Wextra -Wshadow -Wconversion -Wno-sign-conversion -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL GNU)
  # g++ 12 sees overflows in optimised std::string code where there are none (its bug 105329).
  target_compile_options(wattfor_build_flags INTERFACE -Wno-restrict -Wno-stringop-overflow)
elseif(CMAKE_CXX_COMPILER_ID STREQUAL Clang)
  # libstdc++ 12's own std::stable_sort uses std::get_temporary_buffer, which C++17 deprecates.
  target_compile_options(wattfor_build_flags INTERFACE -Wno-deprecated-declarations)
endif()
# The release's objects serve the program and the Python package's extension module, which is a shared
# library. With hidden names, position-independent code calls its own functions as directly as any.
if(CMAKE_BUILD_TYPE STREQUAL Release OR WATTFOR_BUILD_PYTHON)
  target_compile_options(wattfor_build_flags INTERFACE
    -fPIC -fvisibility=hidden -fvisibility-inlines-hidden)
endif()
target_compile_definitions(wattfor_build_flags INTERFACE WATTFOR_VERSION="${PROJECT_VERSION}")

if(WATTFOR_SANITIZE)
  set(optimised $<BOOL:$<TARGET_PROPERTY:WATTFOR_OPTIMISED>>)
  target_compile_options(wattfor_build_flags INTERFACE
    -fsanitize=${WATTFOR_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer
    # Line tables are enough for a report; unoptimised code halves the time to compile, but fuzzers
    # and numerical work run for longer than that (wattfor_optimise).
    -g1 $<IF:$<OR:$<BOOL:${WATTFOR_BUILD_FUZZERS}>,${optimised}>,-O2,-O0>
    # A third of the time to compile optimised expressions of matrices goes into a check of each
    # pointer. The address sanitizer finds null and what lies beyond an object, too; alignment and
    # wrong classes are checked in the other modules alone.
    $<${optimised}:-fno-sanitize=null,alignment,vptr,object-size>)
  target_link_options(wattfor_build_flags INTERFACE -fsanitize=${WATTFOR_SANITIZE})
endif()

find_package(Threads REQUIRED)
target_link_libraries(wattfor_build_flags INTERFACE Threads::Threads ${CMAKE_DL_LIBS})

# The headers that most sources share, parsed once a build folder instead of once a file.
option(WATTFOR_PRECOMPILE "Precompile the common headers" ON)
set(wattfor_common_headers
  <fmt/format.h> <nlohmann/json.hpp>
  <chrono> <filesystem> <functional> <map> <memory> <optional> <string> <variant> <vector>)
