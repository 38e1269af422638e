#include <fmt/format.h>

#include "document/markup.h"
#include "document/result_table.h"
#include "document/table_numbers.h"

namespace wattfor {
namespace {

// Sorting goes by the whole number, not by the digits shown.
std::string html_cell(const ResultColumn& column, const ResultCell& cell) {
  const std::string_view side = column.align == Align::right ? " class=\"n\"" : "";
  const auto* value = std::get_if<double>(&cell);
  const std::string number = value != nullptr ? full_number(*value) : std::string();
  std::string sort_key;
  if (!number.empty()) sort_key = fmt::format(" data-v=\"{}\"", number);
  return fmt::format("<td{}{}>{}</td>", side, sort_key, xml_text(cell_text(column, cell)));
}

}  // namespace

std::string table_html(const ResultTable& table) {
  check_table(table);
  constexpr std::size_t long_from = 20;  // rows: then there is a field to filter by
  const bool is_long = table.rows.size() >= long_from;
  std::string html = fmt::format(
      "<figure class=\"table{0}\" id=\"{1}\"{2}>\n"
      "<figcaption><h3 id=\"{1}-title\">{3}</h3><p>{4}</p></figcaption>\n"
      "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-labelledby=\"{1}-title\">"
      "<table aria-labelledby=\"{1}-title\">\n<thead><tr>",
      is_long ? " long" : "", table.id, is_long ? " data-filter" : "", xml_text(table.title),
      xml_text(table.caption));
  for (const ResultColumn& column : table.columns) {
    html += fmt::format("<th scope=\"col\"{}>{}</th>",
                        column.align == Align::right ? " class=\"n\"" : "",
                        xml_text(heading_text(column)));
  }
  html += "</tr></thead>\n<tbody>\n";
  for (const auto& row : table.rows) {
    html += "<tr>";
    for (std::size_t i = 0; i < row.size(); ++i) html += html_cell(table.columns[i], row[i]);
    html += "</tr>\n";
  }
  return html + "</tbody></table></div>\n</figure>\n";
}

}  // namespace wattfor
