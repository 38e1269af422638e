#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/clock.h"
#include "meter/meter.h"
#include "simulation/simulated_device.h"

namespace wattfor::python {

// The meter that all windows of this process share, running from its making on. In a child made by
// fork it answers nothing: is_ours() is false there, every call throws Error{unsupported}, and it is
// left in memory.
class ProcessMeter {
 public:
  // Of this machine, or of the simulated device that the file describes: it works whenever a window
  // is open, and idles between.
  ProcessMeter(const std::optional<std::string>& simulate, Seconds interval);
  ProcessMeter(const ProcessMeter&) = delete;
  ProcessMeter& operator=(const ProcessMeter&) = delete;
  ~ProcessMeter();

  bool is_ours() const;
  void refuse_in_child() const;  // throws where is_ours() is false
  void stop();

  // A window's edges. Neither waits for a sensor.
  struct Edge {
    WindowId window;
    Instant time;
  };
  Edge begin();
  Instant end(WindowId window);
  void release(WindowId window, bool open);  // `open`: it never ended

  Meter& meter();
  // What truly flowed, of a simulated device.
  std::optional<Joules> truth(Instant from, Instant to);

 private:
  struct Metering;

  Metering& ours() const;
  void begin_work(Instant time);
  void end_work(Instant time);

  std::uint64_t generation_;
  std::unique_ptr<Metering> metering_;
};

}  // namespace wattfor::python
