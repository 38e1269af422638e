#include "server/live_power.h"

#include <algorithm>
#include <chrono>
#include <exception>
#include <utility>

#include "base/log.h"
#include "meter/machine.h"
#include "report/top_source.h"

namespace wattfor {
namespace {

constexpr std::chrono::seconds interval{1};
constexpr std::chrono::milliseconds moment{20};  // between looks for figures that are still to come
constexpr std::chrono::seconds after_failure{30};

}  // namespace

LivePower::LivePower(DiscoveryRoots roots, std::function<void(const std::optional<TopView>&)> tell)
    : roots_(std::move(roots)),
      tell_(std::move(tell)),
      thread_([this](const std::stop_token& stop) {
        while (!stop.stop_requested()) {
          {
            std::unique_lock lock(mutex_);
            changed_.wait(lock, stop, [this] { return clock_.now() < wanted_until_; });
          }
          if (stop.stop_requested()) return;
          try {
            meter_while_wanted(stop);
          } catch (const std::exception& failure) {
            log(LogLevel::warning, failure.what());
            tell_(std::nullopt);  // what was seen last is no power of now
            sleep_until(stop, clock_.now() + after_failure);
          }
          tell_(std::nullopt);
        }
      }) {}

void LivePower::want_for(Seconds duration) {
  const std::lock_guard lock(mutex_);
  wanted_until_ = std::max(wanted_until_,
                           clock_.now() + std::chrono::duration_cast<Instant::duration>(duration));
  changed_.notify_all();
}

bool LivePower::is_wanted() const {
  const std::lock_guard lock(mutex_);
  return clock_.now() < wanted_until_;
}

// False where the thread is to stop.
bool LivePower::sleep_until(const std::stop_token& stop, Instant deadline) {
  std::unique_lock lock(mutex_);
  changed_.wait_until(lock, stop, deadline, [] { return false; });
  return !stop.stop_requested();
}

void LivePower::meter_while_wanted(const std::stop_token& stop) {
  TopSource source(devices_to_meter(roots_), roots_, clock_, interval, Programs::left_out);
  Instant next = clock_.now() + interval;
  while (is_wanted()) {
    if (!sleep_until(stop, source.waiting() ? std::min(next, clock_.now() + moment) : next)) return;
    if (clock_.now() >= next) {
      source.end_interval();
      next = std::max(next + interval, clock_.now());
    }
    while (source.catch_up()) tell_(source.view());
  }
}

}  // namespace wattfor
