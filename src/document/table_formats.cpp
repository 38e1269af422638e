// A ResultTable as CSV, Markdown, LaTeX and for the terminal.

#include <fmt/format.h>

#include <cmath>

#include "document/markup.h"
#include "document/numbers.h"
#include "document/result_table.h"
#include "document/table_numbers.h"

namespace wattfor {
namespace {

std::string csv_cell(const ResultCell& cell) {
  if (const auto* text = std::get_if<std::string>(&cell)) return csv_text(*text);
  if (const auto* value = std::get_if<double>(&cell)) return full_number(*value);
  return {};
}

std::string latex_cell(const ResultColumn& column, const ResultCell& cell) {
  if (const auto* text = std::get_if<std::string>(&cell)) return latex_text(*text);
  const auto* value = std::get_if<double>(&cell);
  if (value == nullptr || !std::isfinite(*value)) return "--";
  const TableNumber number = table_number(column, *value);
  if (number.exponent != 0)
    return fmt::format("${}\\cdot10^{{{}}}$", number.digits, number.exponent);
  return number.digits.front() == '-' ? fmt::format("${}$", number.digits) : number.digits;
}

}  // namespace

std::string table_csv(const ResultTable& table) {
  check_table(table);
  std::string file;
  const auto separator = [&](std::size_t column) {
    return column + 1 < table.columns.size() ? "," : "\r\n";
  };
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    file += csv_text(table.columns[i].key) + separator(i);
  }
  for (const auto& row : table.rows) {
    for (std::size_t i = 0; i < row.size(); ++i) file += csv_cell(row[i]) + separator(i);
  }
  return file;
}

std::string table_markdown(const ResultTable& table) {
  check_table(table);
  std::string file = fmt::format("**{}**\n\n", markdown_text(table.title));
  if (!table.caption.empty()) file += markdown_text(table.caption) + "\n\n";
  std::string rule;
  for (const ResultColumn& column : table.columns) {
    file += "| " + markdown_text(heading_text(column)) + " ";
    rule += column.align == Align::right ? "| ---: " : "| :--- ";
  }
  file += "|\n" + rule + "|\n";
  for (const auto& row : table.rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      file += "| " + markdown_text(cell_text(table.columns[i], row[i])) + " ";
    }
    file += "|\n";
  }
  return file;
}

std::string table_latex(const ResultTable& table) {
  check_table(table);
  std::string alignment;
  std::string headings;
  for (const ResultColumn& column : table.columns) {
    alignment += column.align == Align::right ? 'r' : 'l';
    headings += (headings.empty() ? "" : " & ") + latex_text(heading_text(column));
  }
  const std::string caption = table.caption.empty() ? latex_text(table.title)
                                                    : fmt::format("{}. {}", latex_text(table.title),
                                                                  latex_text(table.caption));
  std::string file = fmt::format(
      "% Needs \\usepackage{{booktabs}}.\n"
      "\\begin{{table}}\n\\centering\n\\caption{{{}}}\n\\label{{tab:{}}}\n"
      "\\begin{{tabular}}{{{}}}\n\\toprule\n{} \\\\\n\\midrule\n",
      caption, table.id, alignment, headings);
  for (const auto& row : table.rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      file += (i == 0 ? "" : " & ") + latex_cell(table.columns[i], row[i]);
    }
    file += " \\\\\n";
  }
  return file + "\\bottomrule\n\\end{tabular}\n\\end{table}\n";
}

TextTable table_text(const ResultTable& table) {
  check_table(table);
  std::vector<TextColumn> columns;
  columns.reserve(table.columns.size());
  // Columns give way from the right; what the rows are of stays.
  constexpr int staying = 2;
  for (const ResultColumn& column : table.columns) {
    const int place = static_cast<int>(columns.size());
    columns.push_back({.title = one_line(heading_text(column)),
                       .align = column.align,
                       .worth = place < staying ? TextColumn::indispensable : -place});
  }
  TextTable text(std::move(columns));
  for (const auto& row : table.rows) {
    std::vector<std::string> cells;
    cells.reserve(row.size());
    for (std::size_t i = 0; i < row.size(); ++i) {
      cells.push_back(one_line(cell_text(table.columns[i], row[i])));
    }
    text.add(std::move(cells));
  }
  return text;
}

}  // namespace wattfor
