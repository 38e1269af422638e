#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "units/quantity.h"

namespace wattfor {

// A stretch of work as a program marked it, in µs since 1970 (UTC).
struct Mark {
  std::int64_t start_us = 0;
  std::int64_t end_us = 0;

  Seconds start() const { return Seconds(static_cast<double>(start_us) * 1e-6); }
  Seconds end() const { return Seconds(static_cast<double>(end_us) * 1e-6); }
  Seconds duration() const { return Seconds(static_cast<double>(end_us - start_us) * 1e-6); }
};

// The rows of a CSV with the columns `start_us` and `end_us`; other columns are ignored, and marks
// may overlap and come in any order. Throws Error{invalid_input} naming file:line: a column that is
// missing, a value that is no time of our age, an end before its start.
std::vector<Mark> read_marks(std::string_view text, const std::string& file);

// Such a CSV.
std::string marks_text(std::span<const Mark> marks);

// All that is marked, each moment once: in order, with time between them.
std::vector<Mark> joined(std::span<const Mark> marks);

}  // namespace wattfor
