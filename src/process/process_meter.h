#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/forks.h"
#include "meter/meter.h"
#include "sensor/discovery.h"
#include "simulation/simulated_device.h"

namespace wattfor {

// The meter that all windows of this process share, running from its making on. In a child made by
// fork it answers nothing: is_ours() is false there, every call throws Error{unsupported}, and it
// is left in memory.
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
  const Clock& clock() const;
  const DiscoveryRoots& roots() const;
  Seconds interval() const;
  // Takes the power of the next so many seconds as that of the machine at rest, which net energies
  // are without. `look_up` is called again and again meanwhile, and may throw.
  void measure_idle(Seconds duration, const std::function<void()>& look_up);
  // What discovery said of figures that can't be had.
  const std::vector<std::string>& warnings() const;
  // A simulated device works while something is measured: the edges of what is.
  void begin_work(Instant time);
  void end_work(Instant time);
  // What truly flowed, of a simulated device.
  std::optional<Joules> truth(Instant from, Instant to);

 private:
  struct Metering;

  Metering& ours() const;
  std::unique_ptr<Metering, DeleteAtHome> metering_;
};

}  // namespace wattfor
