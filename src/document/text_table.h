#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace wattfor {

// The columns of a terminal that a UTF-8 text takes: one a code point. Right for Latin, Greek and
// the signs used here; not for wide (CJK) and combining characters.
int display_width(std::string_view text);

// The beginning of a UTF-8 text that takes at most so many columns.
std::string_view first_columns(std::string_view text, int columns);

// What would move the cursor or turn the text around (control characters of ASCII and of Unicode,
// marks that change the writing direction) becomes "?", and so does each byte that is not UTF-8.
std::string printable(std::string_view text);
// The same for a text of several lines: "\n" stays.
std::string printable_lines(std::string_view text);

// The words in lines of at most `width` columns, each line but the first after `indent` blanks, all
// ended by "\n"; blanks at the beginning stay. A word that is longer stands alone: a path or a
// command is to be copied whole.
std::string wrapped_text(std::string_view text, int width, int indent = 2);

// The lines of a text, without their ends.
std::vector<std::string> split_lines(const std::string& text);

enum class Align { left, right };

struct TextColumn {
  static constexpr int indispensable = 100;

  std::string title;
  Align align = Align::left;
  int worth = indispensable;  // the column with the least gives way first
};

// Rows of cells under their titles, two blanks between columns.
class TextTable {
 public:
  explicit TextTable(std::vector<TextColumn> columns);

  // As many cells as there are columns.
  void add(std::vector<std::string> cells);

  // Removes columns, the least worth first, until the table is at most `width` wide or what is left
  // is indispensable.
  void fit(int width);
  // Puts other cells into a column, from the first row on.
  void replace_column(std::size_t column, const std::vector<std::string>& cells);

  int width() const;
  std::string text() const;

 private:
  std::vector<int> column_widths() const;

  std::vector<TextColumn> columns_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace wattfor
