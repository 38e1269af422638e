#pragma once

#include <chrono>
#include <string>

namespace wattfor {

// A point on CLOCK_MONOTONIC, in nanoseconds; libstdc++'s steady_clock is that clock. The worker
// protocol's `t_ns` and `end_ns` are its count, so times compare across processes of one boot.
using Instant = std::chrono::steady_clock::time_point;

// Where a meter gets its time from, so that tests hold time in their hands.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Instant now() const = 0;
};

class SystemClock final : public Clock {
 public:
  Instant now() const override { return std::chrono::steady_clock::now(); }
};

// Moves only when told to.
class ManualClock final : public Clock {
 public:
  Instant now() const override { return now_; }
  void advance(std::chrono::nanoseconds by) { now_ += by; }

 private:
  Instant now_{std::chrono::seconds(1000)};
};

// The wall clock as UTC in RFC 3339 with milliseconds, e.g. "2026-01-31T12:00:00.000Z".
std::string utc_now();

}  // namespace wattfor
