#include "meter/interval_windows.h"

#include <optional>
#include <utility>

namespace wattfor {
namespace {

constexpr Seconds longest_wait{1.0};

}  // namespace

IntervalWindows::IntervalWindows(Meter& meter, const Clock& clock)
    : meter_(meter), clock_(clock), all_(meter.begin()), running_(meter.begin()) {}

IntervalWindows::~IntervalWindows() {
  meter_.release(all_);
  meter_.release(running_);
  for (const Over& over : over_) meter_.release(over.window);
}

void IntervalWindows::next() {
  const Instant now = clock_.now();
  meter_.end_at(running_, now);
  over_.push_back({.window = running_, .end = now});
  running_ = meter_.begin_at(now);
}

std::optional<IntervalReport> IntervalWindows::finished() {
  if (over_.empty()) return std::nullopt;
  const auto [window, end] = over_.front();
  std::optional<EnergyReport> energy = meter_.report(window);
  if (!energy) {
    if (clock_.now() - end < longest_wait) return std::nullopt;
    energy = meter_.so_far(window);
  }
  meter_.release(window);
  over_.pop_front();
  return IntervalReport{.end = end, .energy = *std::move(energy)};
}

void IntervalWindows::restart() {
  meter_.release(all_);
  all_ = meter_.begin();
}

}  // namespace wattfor
