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
  // For how long the machine has been suspended since it was booted: this clock stands meanwhile.
  virtual std::chrono::nanoseconds suspended() const = 0;
};

class SystemClock final : public Clock {
 public:
  Instant now() const override { return std::chrono::steady_clock::now(); }
  // CLOCK_BOOTTIME less CLOCK_MONOTONIC, to a millisecond: asked again where something came
  // between.
  std::chrono::nanoseconds suspended() const override;
};

// Moves only when told to.
class ManualClock final : public Clock {
 public:
  Instant now() const override { return now_; }
  std::chrono::nanoseconds suspended() const override { return suspended_; }
  void advance(std::chrono::nanoseconds by) { now_ += by; }
  void suspend(std::chrono::nanoseconds duration) { suspended_ += duration; }

 private:
  Instant now_{std::chrono::seconds(1000)};
  std::chrono::nanoseconds suspended_{0};
};

// The wall clock as UTC in RFC 3339 with milliseconds, e.g. "2026-01-31T12:00:00.000Z".
std::string utc_now();

}  // namespace wattfor
