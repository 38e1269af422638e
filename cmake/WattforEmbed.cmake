# wattfor_embed(TARGET NAMESPACE name FILES a.sql …)
#
# Compiles text files into TARGET: <name>_files() in embedded/<name>.h answers {file name, text} pairs
# in the order given.
function(wattfor_embed target)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "NAME" "FILES")
  set(folder ${CMAKE_CURRENT_BINARY_DIR}/embedded)
  set(header "#pragma once\n\n#include <string_view>\n#include <utility>\n#include <vector>\n\nnamespace wattfor {\n\nstd::vector<std::pair<std::string_view, std::string_view>> ${arg_NAME}_files();\n\n}  // namespace wattfor\n")
  set(body "")
  foreach(file IN LISTS arg_FILES)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
    cmake_path(GET file FILENAME filename)
    file(READ ${file} text)
    string(APPEND body "      {\"${filename}\", R\"embedded(${text})embedded\"},\n")
  endforeach()
  file(CONFIGURE OUTPUT ${folder}/embedded/${arg_NAME}.h CONTENT "${header}" @ONLY)
  file(GENERATE OUTPUT ${folder}/${arg_NAME}.cpp CONTENT
    "#include \"embedded/${arg_NAME}.h\"\n\nnamespace wattfor {\n\nstd::vector<std::pair<std::string_view, std::string_view>> ${arg_NAME}_files() {\n  return {\n${body}  };\n}\n\n}  // namespace wattfor\n")
  target_sources(${target} PRIVATE ${folder}/${arg_NAME}.cpp)
  target_include_directories(${target} PRIVATE ${folder})
endfunction()
