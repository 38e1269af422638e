#include "meter/conditions.h"

#include <algorithm>
#include <iterator>

namespace wattfor {
namespace {

// Of a reading at the very beginning: it counts where there is no other.
constexpr double least_weight = 1e-9;

}  // namespace

void ConditionsSum::Mean::add(const std::optional<double>& value, double by) {
  if (!value) return;
  sum += by * *value;
  weight += by;
}

std::optional<double> ConditionsSum::Mean::value() const {
  if (weight == 0.0) return std::nullopt;
  return sum / weight;
}

void ConditionsSum::add(Instant time, const DeviceState& state) {
  const double weight = std::max(Seconds(time - until_).count(), least_weight);
  until_ = std::max(until_, time);
  any_ = true;
  utilisation_.add(state.utilisation_percent, weight);
  clock_.add(state.clock_mhz, weight);
  if (state.clock_mhz) {
    clock_minimum_ = std::min(clock_minimum_.value_or(*state.clock_mhz), *state.clock_mhz);
  }
  memory_ = std::max(memory_, state.memory_bytes);
  temperature_ = std::max(temperature_, state.temperature_c);
  power_limit_ = std::max(power_limit_, state.power_limit);
  for (const auto& [reason, total] : state.throttled) {
    // A counter that went back belongs to a driver that was loaded again.
    const auto before = throttled_then_.find(reason);
    if (before != throttled_then_.end() && total > before->second) {
      throttled_[reason] += total - before->second;
    }
  }
  throttled_then_ = state.throttled;
  throttle_reasons_.insert(state.throttle_reasons.begin(), state.throttle_reasons.end());
}

std::optional<DeviceConditions> ConditionsSum::conditions(const std::string& device) const {
  DeviceConditions result;
  result.utilisation_percent = utilisation_.value();
  result.clock_mhz = clock_.value();
  result.clock_minimum_mhz = clock_minimum_;
  result.memory_bytes = memory_;
  result.temperature_c = temperature_;
  result.power_limit = power_limit_;
  result.throttle_reasons.assign(throttle_reasons_.begin(), throttle_reasons_.end());
  result.throttled = throttled_;
  if (result == DeviceConditions{}) return std::nullopt;
  result.device = device;
  return result;
}

ConditionsSum over_window(ConditionsSum sum, const std::deque<TimedState>& recent, Instant from,
                          Instant to) {
  const auto first = std::ranges::upper_bound(recent, from, {}, &TimedState::time);
  if (first == recent.end() && !recent.empty()) {
    sum.add(from, recent.back().state);
    return sum;
  }
  if (first != recent.begin()) sum.begin_with(std::prev(first)->state);
  for (auto reading = first; reading != recent.end() && !sum.reached(to); ++reading) {
    sum.add(std::min(reading->time, to), reading->state);
  }
  return sum;
}

}  // namespace wattfor
