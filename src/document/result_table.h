#pragma once

#include <string>
#include <variant>
#include <vector>

#include "document/text_table.h"

// A table as data, and how it is written down. The texts in it may come from files by others: each
// format escapes them in its own way, and what would turn or move text around becomes "?".
namespace wattfor {

enum class Digits {
  significant,  // at least so many: 12.3, 0.00457; whole numbers keep all of theirs
  decimals,     // exactly so many behind the point
};

struct ResultColumn {
  std::string key;      // of the CSV: snake_case, with the unit: "energy_j"
  std::string heading;  // for people: "energy"
  std::string unit = {};
  Align align = Align::right;
  Digits digits = Digits::significant;
  int count = 3;
};

// Nothing: a value that is missing.
using ResultCell = std::variant<std::monostate, std::string, double>;

struct ResultTable {
  std::string id;  // a file's name without ending, see is_result_id()
  std::string title;
  std::string caption;
  std::vector<ResultColumn> columns;
  std::vector<std::vector<ResultCell>> rows = {};  // as many cells as columns
};

// RFC 4180, lines ended by CRLF, the keys as header. Numbers have all their digits; what is missing
// is empty. A text that a spreadsheet would take for a formula (it begins with = + - @) gets an
// apostrophe before it.
std::string table_csv(const ResultTable& table);

// GitHub's Markdown, the title and caption above it.
std::string table_markdown(const ResultTable& table);

// A table environment with booktabs' rules, a caption and the label "tab:<id>".
std::string table_latex(const ResultTable& table);

// A <figure> for an HTML page whose script (report_page.js) sorts and filters it; without the
// script it is a table as any other.
std::string table_html(const ResultTable& table);

// For the terminal; the caller adds title and caption.
TextTable table_text(const ResultTable& table);

}  // namespace wattfor
