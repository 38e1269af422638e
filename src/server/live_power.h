#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>

#include "base/clock.h"
#include "report/top_view.h"
#include "sensor/discovery.h"
#include "sensor/external_meter.h"
#include "units/quantity.h"

namespace wattfor {

struct LivePowerTiming {
  Seconds interval{1.0};
  // Until the meter is started anew, where it failed or a meter that the user named was silent. No
  // shorter than the pause of one that has refused the user.
  Seconds until_again = pause_after_refusal;
};

// A meter of this machine that runs only while somebody wants to know: reading sensors costs
// energy, too. Its thread looks once a second.
class LivePower {
 public:
  // `tell` is called on the meter's thread after each second, and with nothing once the meter has
  // stopped.
  LivePower(DiscoveryRoots roots, std::function<void(const std::optional<TopView>&)> tell,
            LivePowerTiming timing = {});
  LivePower(const LivePower&) = delete;
  LivePower& operator=(const LivePower&) = delete;
  ~LivePower() = default;  // the thread is asked to stop, and awaited

  // Has it run for so long from now, at least. May be called from any thread.
  void want_for(Seconds duration);

 private:
  ProbeResult open_devices();
  void meter_while_wanted(const std::stop_token& stop);
  bool is_wanted() const;
  bool sleep_until(const std::stop_token& stop, Instant deadline);

  DiscoveryRoots roots_;
  std::function<void(const std::optional<TopView>&)> tell_;
  LivePowerTiming timing_;
  std::optional<std::string> silent_meter_;  // as it was logged
  Instant silent_until_ = Instant::min();    // and is not asked again
  SystemClock clock_;
  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  Instant wanted_until_ = Instant::min();
  std::jthread thread_;  // ends before what it uses
};

}  // namespace wattfor
