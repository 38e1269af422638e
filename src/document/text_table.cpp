#include "document/text_table.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <numeric>
#include <sstream>
#include <utility>

#include "base/utf8.h"

namespace wattfor {
namespace {

constexpr int gap = 2;

bool begins_code_point(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) != 0x80; }

std::string padding(int width) { return std::string(static_cast<std::size_t>(width), ' '); }

bool moves_cursor(char32_t sign) {
  struct Range {
    char32_t first;
    char32_t last;
  };
  constexpr std::array<Range, 7> ranges{{{0x00, 0x1F},
                                         {0x7F, 0x9F},
                                         // Direction marks, line ends, embeddings and overrides,
                                         // isolates.
                                         {0x061C, 0x061C},
                                         {0x200E, 0x200F},
                                         {0x2028, 0x202E},
                                         {0x2066, 0x2069},
                                         // No characters, and not allowed in XML.
                                         {0xFFFE, 0xFFFF}}};
  return std::ranges::any_of(
      ranges, [sign](const Range& range) { return range.first <= sign && sign <= range.last; });
}

std::string with_replaced(std::string_view text, const auto& is_unwanted) {
  std::string result;
  while (!text.empty()) {
    const auto sign = first_code_point(text);
    const std::size_t length = sign ? sign->bytes : 1;
    if (sign && !is_unwanted(sign->value)) {
      result += text.substr(0, length);
    } else {
      result += '?';
    }
    text.remove_prefix(length);
  }
  return result;
}

}  // namespace

int display_width(std::string_view text) {
  return static_cast<int>(std::ranges::count_if(text, begins_code_point));
}

std::string_view first_columns(std::string_view text, int columns) {
  int begun = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (begins_code_point(text[i]) && ++begun > columns) return text.substr(0, i);
  }
  return text;
}

std::string printable(std::string_view text) { return with_replaced(text, moves_cursor); }

std::string printable_lines(std::string_view text) {
  return with_replaced(text, [](char32_t sign) { return sign != U'\n' && moves_cursor(sign); });
}

std::string wrapped_text(std::string_view text, int width, int indent) {
  std::string result;
  int column = 0;
  bool begins_text = true;
  bool line_has_word = false;
  while (!text.empty()) {
    const auto length = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, length);
    text.remove_prefix(std::min(length + 1, text.size()));
    if (line_has_word && column + 1 + display_width(word) > width) {
      result += '\n' + padding(indent);
      column = indent;
      line_has_word = false;
    } else if (!begins_text) {
      result += ' ';
      ++column;
    }
    result += word;
    column += display_width(word);
    begins_text = false;
    line_has_word = line_has_word || !word.empty();
  }
  return result + '\n';
}

std::vector<std::string> split_lines(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

TextTable::TextTable(std::vector<TextColumn> columns) : columns_(std::move(columns)) {}

void TextTable::add(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }

void TextTable::fit(int width) {
  while (this->width() > width) {
    const auto least = std::ranges::min_element(columns_, {}, &TextColumn::worth);
    if (least->worth == TextColumn::indispensable) return;
    const auto place = least - columns_.begin();
    columns_.erase(least);
    for (auto& row : rows_) row.erase(row.begin() + place);
  }
}

void TextTable::replace_column(std::size_t column, const std::vector<std::string>& cells) {
  for (std::size_t i = 0; i < cells.size(); ++i) rows_[i][column] = cells[i];
}

std::vector<int> TextTable::column_widths() const {
  std::vector<int> widths;
  for (std::size_t column = 0; column < columns_.size(); ++column) {
    int width = display_width(columns_[column].title);
    for (const auto& row : rows_) width = std::max(width, display_width(row[column]));
    widths.push_back(width);
  }
  return widths;
}

int TextTable::width() const {
  const auto widths = column_widths();
  return std::accumulate(widths.begin(), widths.end(), gap * static_cast<int>(widths.size())) - gap;
}

std::string TextTable::text() const {
  const std::vector<int> widths = column_widths();
  std::string text;
  const auto append = [&](std::size_t column, const std::string& cell) {
    const std::string pad = padding(widths[column] - display_width(cell));
    if (column > 0) text += padding(gap);
    text += columns_[column].align == Align::left ? cell + pad : pad + cell;
  };
  const auto end_line = [&] {
    text.erase(text.find_last_not_of(' ') + 1);
    text += '\n';
  };
  for (std::size_t column = 0; column < columns_.size(); ++column) {
    append(column, columns_[column].title);
  }
  end_line();
  for (const auto& row : rows_) {
    for (std::size_t column = 0; column < columns_.size(); ++column) append(column, row[column]);
    end_line();
  }
  return text;
}

}  // namespace wattfor
