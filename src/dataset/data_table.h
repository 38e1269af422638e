#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/csv.h"
#include "dataset/import_report.h"

namespace wattfor {

// A table of figures as somebody published it, row by row: columns are found by their names, cells
// read as what they are. What can't be read is left out and named with its line; nothing is
// guessed.
class DataTable {
 public:
  // `columns` are those asked for by their places in it; the first `required` of them must be
  // there, the others are empty where they are not. Throws Error{invalid_input} naming the file
  // where it is empty, is no UTF-8 text, or one of the columns is missing or stands twice.
  DataTable(std::string_view text, const std::string& file,
            std::span<const std::string_view> columns, std::size_t required = all_columns);
  static constexpr auto all_columns = static_cast<std::size_t>(-1);

  // The next row; false after the last. Rows with too few or too many cells are left out, as in a
  // file that was cut off.
  bool next();

  // Cells of the row. What is empty is unknown; what can't be read as asked makes the row
  // unusable, and tells why.
  std::string name(std::size_t column);  // never empty
  std::string text(std::size_t column);
  int pixels(std::size_t column);  // of an image's side; 0 where it is empty
  std::optional<double> percent(std::size_t column);
  std::optional<double> positive(std::size_t column, std::string_view unit);
  std::optional<double> not_negative(std::size_t column, std::string_view unit);
  std::optional<double> share(std::size_t column);  // above 0, up to 1
  std::optional<int> count(std::size_t column);
  std::optional<int> year(std::size_t column);

  bool is_usable() const { return faults_.empty(); }
  // The row can't be used: `column` should be otherwise than it is.
  void fault(std::size_t column, std::string_view expected);
  // Notes what is wrong with the row, of which `what` is the subject.
  void leave_out(const std::string& what);
  void leave_out(const std::string& what, std::string reason);

  int line() const { return row_.line; }
  int rows() const { return rows_; }
  std::vector<LeftOut> take_left_out() { return std::move(left_out_); }
  // The row as it stands there, cell by cell.
  std::span<const std::string> cells() const { return row_.fields; }

 private:
  std::string_view cell(std::size_t column) const;
  // The number in a cell where it is as asked; nothing, and a fault, where it is otherwise.
  template <class IsRight>
  std::optional<double> number(std::size_t column, std::string_view expected, IsRight is_right);

  const std::string& file_;
  CsvReader reader_;
  CsvRow row_;
  std::span<const std::string_view> columns_;
  std::vector<std::optional<std::size_t>> places_;
  std::size_t width_ = 0;  // cells of a row
  int rows_ = 0;
  std::vector<std::string> faults_;  // of the row
  std::vector<LeftOut> left_out_;
};

}  // namespace wattfor
