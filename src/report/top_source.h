#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "base/clock.h"
#include "meter/interval_windows.h"
#include "meter/meter.h"
#include "report/top_view.h"
#include "sensor/discovery.h"
#include "sensor/process_watch.h"
#include "sensor/sensor.h"

namespace wattfor {

// Whether the programs on the machine are looked at, which takes a walk through all processes.
enum class Programs { shown, left_out };

// Where live pictures come from (`top`, `serve`): a meter that runs, and the processes beside it.
class TopSource {
 public:
  TopSource(ProbeResult found, const DiscoveryRoots& roots, const Clock& clock, Seconds interval,
            Programs programs = Programs::shown);

  void end_interval() { windows_->next(); }
  // Whether figures of an interval that is over are still to come.
  bool waiting() const { return windows_->waiting(); }
  // Takes the next interval into the view, once its figures have come; false where they have not.
  bool catch_up();
  // The energies count anew.
  void restart();

  const TopView& view() const { return recorder_.view(); }

 private:
  std::vector<TopProcess> processes();

  std::filesystem::path procfs_;
  bool has_own_numbers_;  // a driver may speak of other ones: its programs have no names here
  Meter meter_;
  TopRecorder recorder_;
  std::optional<ProcessWatch> watch_;
  std::optional<IntervalWindows> windows_;  // goes before the meter
};

}  // namespace wattfor
