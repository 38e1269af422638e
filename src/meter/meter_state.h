#pragma once

#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "meter/conditions.h"
#include "meter/meter.h"
#include "meter/sampler.h"
#include "meter/window_report.h"

namespace wattfor {

// How far in the past a window's edge may lie.
inline constexpr Seconds kept_history{10.0};

// What a meter's threads and its callers share. The threads (sampling.cpp) read the devices and add
// to each sensor's curve; the callers (windows.cpp) open windows on those curves and ask for their
// energy.
class Meter::State : public std::enable_shared_from_this<Meter::State> {
 public:
  State(std::vector<std::unique_ptr<Device>> devices, const Clock& clock, MeterOptions options);

  const std::vector<std::unique_ptr<Device>>& devices() const { return devices_; }

  void start();
  void stop();
  void sample();
  void observe(SampleObserver observer) {
    const std::lock_guard lock(observer_mutex_);
    observer_ = std::move(observer);
  }

  WindowId begin(std::optional<Instant> time);
  void end(WindowId id, std::optional<Instant> time);
  std::optional<EnergyReport> report(WindowId id);
  std::optional<std::vector<EnergyReport>> report_together(std::span<const Launch> launches);
  EnergyReport wait(WindowId id);
  EnergyReport so_far(WindowId id);
  void release(WindowId id) {
    const std::lock_guard lock(mutex_);
    windows_.erase(id.value);
  }
  void set_idle(const EnergyReport& idle) {
    const std::lock_guard lock(mutex_);
    idle_ = idle_powers(idle);
  }
  void ask_for_processes(Seconds longest);
  std::vector<std::optional<std::vector<DeviceProcess>>> processes() const;
  std::optional<PartTimeBeat> part_time_beat() const;
  Seconds lag() const;

 private:
  using Lock = std::unique_lock<std::mutex>;

  struct Window {
    Instant from;
    std::optional<Instant> to;
    std::vector<ConditionsSum> conditions;  // one a device, of what is older than the history
    std::optional<EnergyReport> report;     // once it is final
  };

  void run(Sampler& sampler);
  enum class Wanted { due, all };  // of a device's sensors

  void take_turn(Sampler& sampler, Lock& lock, Wanted wanted);
  void notice_a_sleep(Sampler& sampler);
  bool read_sensors(Sampler& sampler, Lock& lock, Wanted wanted);
  void show(const Sample& sample);
  void read_state(Sampler& sampler, Seconds period, Lock& lock);
  void read_processes(Sampler& sampler);
  void ask_for_samples(Lock& lock);
  void forget_the_past(Sampler& sampler);

  Window& find(WindowId id);
  void check_edge(Instant time) const;
  bool settled(Instant time) const;
  Instant known_until() const;
  std::vector<std::pair<const SensorInfo*, const EnergyCurve*>> curves() const;
  EnergyReport report_until(const Window& window, Instant to) const;
  EnergyReport report_of(std::span<const SensorEnergy> energies, const Window& window,
                         Instant to) const;
  const EnergyReport& finish(Window& window);

  std::vector<std::unique_ptr<Device>> devices_;
  const Clock& clock_;
  MeterOptions options_;

  std::mutex lifecycle_mutex_;  // start and stop, one at a time

  mutable std::mutex mutex_;  // all that follows
  std::vector<std::unique_ptr<Sampler>> samplers_;
  // Whose figures a window waits for: of the domains in the total. A battery that says something
  // once a second, for a closer look, holds nobody up.
  std::vector<const EnergyCurve*> awaited_;
  bool running_ = false;
  bool stopping_ = false;
  std::condition_variable progress_;  // a turn is over, or a thread has left
  std::uint64_t last_window_ = 0;
  std::map<std::uint64_t, Window> windows_;
  IdlePowers idle_;

  std::mutex observer_mutex_;  // taken alone
  SampleObserver observer_;
};

}  // namespace wattfor
