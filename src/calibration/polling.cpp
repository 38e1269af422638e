#include "calibration/polling.h"

#include <algorithm>
#include <exception>
#include <variant>

namespace wattfor {

void Poller::poll() {
  const Seconds before = time_.now();
  const Reading reading = sensor_.read();
  const Seconds after = time_.now();
  const Seconds time = before + 0.5 * (after - before);
  if (const auto* power = std::get_if<Watts>(&reading)) {
    polls_.push_back({time, *power});
  } else if (const auto* energy = std::get_if<Joules>(&reading)) {
    polls_.push_back({time, Watts(counted(*energy))});
  } else {
    ++failures_;
    failure_ = std::get<ReadFailure>(reading).reason;
  }
  next_ = std::max(next_ + interval_, after);
}

// A counter of unknown range that falls has begun anew, at zero.
double Poller::counted(Joules reading) {
  const double now = reading.value();
  if (last_j_) {
    counted_j_ += now - *last_j_;
    const auto range = sensor_.info().counter_range;
    if (now < *last_j_) counted_j_ += range ? range->value() : *last_j_;
  }
  last_j_ = now;
  return counted_j_;
}

void poll_until(std::initializer_list<Poller*> pollers, const RecordingTime& time, Seconds end) {
  while (time.now() < end) {
    Seconds next = end;
    for (Poller* poller : pollers) {
      if (poller->next() <= time.now()) poller->poll();
      next = std::min(next, poller->next());
    }
    time.wait_until(next);
  }
}

SwitchedOff::~SwitchedOff() {
  try {
    load_.switch_off();
  } catch (const std::exception&) {
    return;  // the load's own end switches it off once more
  }
}

}  // namespace wattfor
