# wattfor_assets(TARGET NAME FILES web-path=file …)
#
# Puts files of any bytes into TARGET, as they are and as `gzip -9` makes them: assets_of_NAME() in
# embedded/NAME.h answers them in the order given. A file that changes is put in anew by the build.
function(wattfor_assets target)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "NAME" "FILES")
  find_program(WATTFOR_GZIP gzip REQUIRED)
  set(folder ${CMAKE_CURRENT_BINARY_DIR}/embedded)
  set(declarations "")
  set(entries "")
  set(contents "")
  set(number 0)
  foreach(pair IN LISTS arg_FILES)
    string(REGEX MATCH "^([^=]+)=(.+)$" matched "${pair}")
    set(path ${CMAKE_MATCH_1})
    set(file ${CMAKE_MATCH_2})
    set(gzip ${folder}/${arg_NAME}_${number}.gz)
    add_custom_command(OUTPUT ${gzip}
      COMMAND ${WATTFOR_GZIP} -9nc ${file} > ${gzip} DEPENDS ${file} VERBATIM)
    foreach(form plain gzip)
      set(symbol wattfor_${arg_NAME}_${number}_${form})
      set(source $<IF:$<STREQUAL:${form},plain>,${file},${gzip}>)
      string(APPEND declarations
        "extern \"C\" const char ${symbol}[];\nextern \"C\" const char ${symbol}_end[];\n")
      string(APPEND contents
        "asm(\".section .rodata\\n.global ${symbol}\\n${symbol}:\\n.incbin \\\"${source}\\\"\\n\"\n    \".global ${symbol}_end\\n${symbol}_end:\\n.byte 0\\n.previous\\n\");\n")
    endforeach()
    set(symbol wattfor_${arg_NAME}_${number})
    string(APPEND entries
      "      {\"${path}\", {${symbol}_plain, ${symbol}_plain_end}, {${symbol}_gzip, ${symbol}_gzip_end}},\n")
    list(APPEND sources ${file} ${gzip})
    math(EXPR number "${number} + 1")
  endforeach()
  set(header "#pragma once\n\n#include <string_view>\n#include <vector>\n\nnamespace wattfor {\n\nstruct EmbeddedFile {\n  std::string_view path;\n  std::string_view bytes;\n  std::string_view gzip;\n};\n\nstd::vector<EmbeddedFile> assets_of_${arg_NAME}();\n\n}  // namespace wattfor\n")
  file(CONFIGURE OUTPUT ${folder}/embedded/${arg_NAME}.h CONTENT "${header}" @ONLY)
  file(GENERATE OUTPUT ${folder}/${arg_NAME}.cpp CONTENT
    "#include \"embedded/${arg_NAME}.h\"\n\n${contents}\n${declarations}\nnamespace wattfor {\n\nstd::vector<EmbeddedFile> assets_of_${arg_NAME}() {\n  return {\n${entries}  };\n}\n\n}  // namespace wattfor\n")
  target_sources(${target} PRIVATE ${folder}/${arg_NAME}.cpp)
  target_include_directories(${target} PRIVATE ${folder})
  set_source_files_properties(${folder}/${arg_NAME}.cpp PROPERTIES
    OBJECT_DEPENDS "${sources}" SKIP_UNITY_BUILD_INCLUSION ON)
endfunction()
