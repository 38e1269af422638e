#include "recording/reference_power.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "recording/number_table.h"

namespace wattfor {

ReferencePower::ReferencePower(std::vector<Update> readings) : readings_(std::move(readings)) {
  energies_.reserve(readings_.size());
  Joules energy{0.0};
  for (std::size_t i = 0; i < readings_.size(); ++i) {
    if (i > 0) {
      energy += 0.5 * (readings_[i - 1].power + readings_[i].power) *
                (readings_[i].time - readings_[i - 1].time);
    }
    energies_.push_back(energy);
  }
}

Joules ReferencePower::until(Seconds time) const {
  if (time <= begin()) return Joules(0.0);
  if (time >= end()) return energies_.back();
  const auto next = std::ranges::upper_bound(readings_, time, {}, &Update::time);
  const auto i = static_cast<std::size_t>(next - readings_.begin()) - 1;
  const Update& before = readings_[i];
  const Seconds since = time - before.time;
  const Watts power =
      before.power + (since / (next->time - before.time)) * (next->power - before.power);
  return energies_[i] + 0.5 * (before.power + power) * since;
}

ReferencePower read_reference_power(std::string_view text, const std::string& file) {
  std::vector<Update> readings;
  for (const NumberRow& row : read_numbers(text, file, {"time_us", "power_w"})) {
    const auto time = checked_microseconds(row.numbers[0], "time_us", file, row.line);
    const Seconds seconds(static_cast<double>(time) * 1e-6);
    if (!readings.empty() && seconds <= readings.back().time) {
      throw Error(ErrorCode::invalid_input,
                  fmt::format("{}:{}: the time is not later than that of the line before; expected "
                              "one meter's readings in order",
                              file, row.line));
    }
    readings.push_back({seconds, Watts(row.numbers[1])});
  }
  if (readings.size() < 2) {
    throw Error(ErrorCode::invalid_input,
                fmt::format("{}: expected at least two readings of the reference", file));
  }
  return ReferencePower(std::move(readings));
}

}  // namespace wattfor
