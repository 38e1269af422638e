#include "recording/marks.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "recording/number_table.h"

namespace wattfor {

std::vector<Mark> read_marks(std::string_view text, const std::string& file) {
  std::vector<Mark> marks;
  for (const NumberRow& row : read_numbers(text, file, {"start_us", "end_us"})) {
    const Mark mark{.start_us = checked_microseconds(row.numbers[0], "start_us", file, row.line),
                    .end_us = checked_microseconds(row.numbers[1], "end_us", file, row.line)};
    if (mark.end_us < mark.start_us) {
      throw Error(ErrorCode::invalid_input,
                  fmt::format("{}:{}: the mark ends before it starts, by {} µs: expected "
                              "start_us first",
                              file, row.line, mark.start_us - mark.end_us));
    }
    marks.push_back(mark);
  }
  if (marks.empty()) {
    throw Error(ErrorCode::invalid_input,
                fmt::format("{}: expected a row for each stretch of work below the columns' names; "
                            "there is none",
                            file));
  }
  return marks;
}

std::string marks_text(std::span<const Mark> marks) {
  std::string text = "start_us,end_us\n";
  for (const Mark& mark : marks) text += fmt::format("{},{}\n", mark.start_us, mark.end_us);
  return text;
}

std::vector<Mark> joined(std::span<const Mark> marks) {
  std::vector<Mark> all(marks.begin(), marks.end());
  std::ranges::sort(all, {}, &Mark::start_us);
  std::vector<Mark> result;
  for (const Mark& mark : all) {
    if (!result.empty() && mark.start_us <= result.back().end_us) {
      result.back().end_us = std::max(result.back().end_us, mark.end_us);
    } else {
      result.push_back(mark);
    }
  }
  return result;
}

}  // namespace wattfor
