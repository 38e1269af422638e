#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "response/update_series.h"
#include "units/quantity.h"

namespace wattfor {

// What a power meter beside the sensor said, in UTC: the truth that a sensor is held against.
class ReferencePower {
 public:
  // In order of time, at least two.
  explicit ReferencePower(std::vector<Update> readings);

  Seconds begin() const { return readings_.front().time; }
  Seconds end() const { return readings_.back().time; }
  std::span<const Update> readings() const { return readings_; }

  // By trapezoids; nothing flows before the first reading and after the last.
  Joules energy(Seconds from, Seconds to) const { return until(to) - until(from); }

 private:
  Joules until(Seconds time) const;

  std::vector<Update> readings_;
  std::vector<Joules> energies_;  // up to each reading
};

// A CSV with the columns `time_us` (since 1970, UTC) and `power_w`, in order of time. Throws
// Error{invalid_input} naming file:line for a column that is missing, a value that is no number or
// no time, and a time that is not later than the one before.
ReferencePower read_reference_power(std::string_view text, const std::string& file);

}  // namespace wattfor
