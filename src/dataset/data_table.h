#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/csv.h"
#include "dataset/import_report.h"

namespace wattfor {

// A table of figures as somebody published it, row by row: columns are found by their names, cells
// read as what they are. What can't be read is left out and named with its line; nothing is
// guessed.
class DataTable {
 public:
  // `columns` are those asked for by their places in it. Throws Error{invalid_input} naming the
  // file where it is empty, is no UTF-8 text, or one of the columns is missing or stands twice.
  DataTable(std::string_view text, const std::string& file,
            std::span<const std::string_view> columns);

  // The next row; false after the last. Rows with too few or too many cells are left out, as in a
  // file that was cut off.
  bool next();

  // Cells of the row. What is empty is unknown; what can't be read as asked makes the row
  // unusable, and tells why.
  std::string name(std::size_t column);  // never empty
  int pixels(std::size_t column);        // of an image's side; 0 where it is empty
  std::optional<double> percent(std::size_t column);
  std::optional<double> positive(std::size_t column, std::string_view unit);
  std::optional<int> count(std::size_t column);

  bool is_usable() const { return faults_.empty(); }
  // Notes what is wrong with the row, of which `what` is the subject.
  void leave_out(const std::string& what);
  void leave_out(const std::string& what, std::string reason);

  int line() const { return row_.line; }
  int rows() const { return rows_; }
  std::vector<LeftOut> take_left_out() { return std::move(left_out_); }

 private:
  std::string_view cell(std::size_t column) const;
  void fault(std::size_t column, std::string_view expected);

  const std::string& file_;
  CsvReader reader_;
  CsvRow row_;
  std::span<const std::string_view> columns_;
  std::vector<std::size_t> places_;
  std::size_t width_ = 0;  // cells of a row
  int rows_ = 0;
  std::vector<std::string> faults_;  // of the row
  std::vector<LeftOut> left_out_;
};

}  // namespace wattfor
