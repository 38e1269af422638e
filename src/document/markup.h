#pragma once

#include <string>
#include <string_view>

namespace wattfor {

// Texts by others as parts of a file in some language. What would turn the text around or move it
// becomes "?" (printable()); a line end is a blank, as is a tab.
std::string one_line(std::string_view text);

// For XML and HTML, in a text or in a quoted attribute.
std::string xml_text(std::string_view text);

// For GitHub's Markdown, in a paragraph or in a table's cell: nothing in it is markup or HTML.
std::string markdown_text(std::string_view text);

// For LaTeX's text mode, Unicode engines or inputenc's utf8.
std::string latex_text(std::string_view text);

// A field of a CSV file that no spreadsheet takes for a formula, see table_csv().
std::string csv_text(std::string_view text);

}  // namespace wattfor
