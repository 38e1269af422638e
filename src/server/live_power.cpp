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

constexpr std::chrono::milliseconds moment{20};  // between looks for figures that are still to come
// That the meter runs for at least, whose start may take longer than anybody has said to wait.
constexpr Seconds first_figures{3.0};

}  // namespace

LivePower::LivePower(DiscoveryRoots roots, std::function<void(const std::optional<TopView>&)> tell,
                     LivePowerTiming timing)
    : roots_(std::move(roots)),
      tell_(std::move(tell)),
      timing_(timing),
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
            sleep_until(stop, clock_.now() + ticks(timing_.until_again));
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

// Without the meters that the user named where one of them was silent a moment ago: it may have
// refused the user.
ProbeResult LivePower::open_devices() {
  DiscoveryRoots roots = roots_;
  if (clock_.now() < silent_until_) {
    roots.meters.clear();
    return devices_to_meter(roots);
  }
  ProbeResult found = devices_to_meter(roots);
  auto silent = silent_meter_among(found.obstacles);
  if (silent) silent_until_ = clock_.now() + ticks(timing_.until_again);
  if (silent && silent != silent_meter_) log(LogLevel::warning, *silent);
  silent_meter_ = std::move(silent);
  return found;
}

void LivePower::meter_while_wanted(const std::stop_token& stop) {
  TopSource source(open_devices(), roots_, clock_, timing_.interval, Programs::left_out);
  want_for(first_figures);
  const auto interval = ticks(timing_.interval);
  const bool lacks_a_meter = silent_meter_.has_value();
  Instant next = clock_.now() + interval;
  while (is_wanted()) {
    if (lacks_a_meter && clock_.now() >= silent_until_) return;  // to open it anew
    if (!sleep_until(stop, source.waiting() ? std::min(next, clock_.now() + moment) : next)) return;
    if (clock_.now() >= next) {
      source.end_interval();
      next = std::max(next + interval, clock_.now());
    }
    while (source.catch_up()) tell_(source.view());
  }
}

}  // namespace wattfor
