#include <fmt/format.h>

#include "document/report.h"
#include "document/text_table.h"

namespace wattfor {
namespace {

constexpr std::size_t longest_table = 30;
constexpr std::size_t shown_of_long = 10;

std::string text_of(ResultTable table, int width) {
  const std::size_t rows = table.rows.size();
  if (rows > longest_table) table.rows.resize(shown_of_long);
  TextTable shown = table_text(table);
  shown.fit(width);
  std::string text = fmt::format("{}\n\n{}", printable(table.title), shown.text());
  if (rows > longest_table) {
    text += fmt::format("… and {} more rows; --out writes them all\n", rows - shown_of_long);
  }
  return text + wrapped_text(printable(table.caption), width, 0) + "\n";
}

}  // namespace

std::string report_text(const Report& report, int width) {
  std::string text;
  for (const ReportSection& section : report.sections) {
    for (const ResultTable& table : section.tables) text += text_of(table, width);
    for (const std::string& note : section.notes) {
      text += wrapped_text(printable(note), width, 0) + "\n";
    }
  }
  return text;
}

}  // namespace wattfor
