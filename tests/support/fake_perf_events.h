#pragma once

#include <fcntl.h>

#include <cerrno>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <variant>

#include "sensor/perf_events.h"

namespace wattfor::test {

// Perf events of a machine that the test describes: counters by what is opened. As the kernel's do,
// they count from their opening.
class FakePerfEvents final : public PerfEvents {
 public:
  // A register that has counted so far; of an event that was not set, open() is ENOENT.
  void set(const PerfEvent& event, std::uint64_t count) { registers_[event] = count; }
  // Every further open() fails so; zero lets them succeed again.
  void refuse(int error_number) { refusal_ = error_number; }
  void refuse(const PerfEvent& event, int error_number) { refusals_[event] = error_number; }
  // The counters that are open now count no more: reading them is ENODEV.
  void unregister() { open_.clear(); }
  // Every read() fails so; zero lets them succeed again.
  void fail_reads(int error_number) { read_error_ = error_number; }

  // Called once, by the next read().
  void before_next_read(std::function<void()> action) { before_ = std::move(action); }

  // Every event that somebody tried to open.
  const std::set<PerfEvent>& asked_for() const { return asked_for_; }

  std::variant<UniqueFd, int> open(const PerfEvent& event) override {
    asked_for_.insert(event);
    if (refusal_ != 0) return refusal_;
    if (const auto refusal = refusals_.find(event); refusal != refusals_.end()) {
      return refusal->second;
    }
    const auto found = registers_.find(event);
    if (found == registers_.end()) return ENOENT;
    UniqueFd counter(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    open_[counter.get()] = {event, found->second};
    return counter;
  }

  std::variant<std::uint64_t, int> read(int counter) override {
    if (before_) std::exchange(before_, nullptr)();
    if (read_error_ != 0) return read_error_;
    const auto found = open_.find(counter);
    if (found == open_.end()) return ENODEV;
    const auto& [event, at_opening] = found->second;
    return registers_[event] - at_opening;
  }

 private:
  std::map<PerfEvent, std::uint64_t> registers_;
  std::map<PerfEvent, int> refusals_;
  std::map<int, std::pair<PerfEvent, std::uint64_t>> open_;  // with the register at its opening
  std::set<PerfEvent> asked_for_;
  std::function<void()> before_;
  int refusal_ = 0;
  int read_error_ = 0;
};

}  // namespace wattfor::test
