#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "measurement/energy.h"
#include "process/process_meter.h"

namespace wattfor {

// A window of the process's meter, open from its making to end(); forgotten by the meter when its
// figure is final, or when it is destroyed. All members may be called from any thread. One that a
// fork copied throws Error{unsupported}.
class MeteredWindow {
 public:
  explicit MeteredWindow(std::shared_ptr<ProcessMeter> meter);
  MeteredWindow(const MeteredWindow&) = delete;
  MeteredWindow& operator=(const MeteredWindow&) = delete;
  ~MeteredWindow();

  // A second time it does nothing.
  void end();
  bool has_ended() const;
  Seconds duration() const;  // up to now, of one that is open

  // The final figure, once it is known; nothing before that. Never waits.
  std::optional<EnergyReport> final_report();
  // Of an open window: up to the moment to which the sensors have caught up.
  EnergyReport so_far();
  // How long the final figure may take from now on.
  Seconds patience();
  // The final figure with what is known by now.
  EnergyReport settle();

  // What truly flowed, of a simulated device.
  std::optional<Joules> truth();

 private:
  std::mutex& ours() const;
  void keep(std::optional<EnergyReport> report);

  std::shared_ptr<ProcessMeter> meter_;
  WindowId window_;
  Instant from_;
  mutable std::mutex mutex_;  // what follows
  std::optional<Instant> to_;
  std::optional<EnergyReport> report_;
};

}  // namespace wattfor
