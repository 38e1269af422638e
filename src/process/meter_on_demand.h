#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "base/forks.h"
#include "process/process_meter.h"

namespace wattfor {

// How a process measures, and the one meter that does, made when something first needs it: a rank
// whose node another one measures may never.
class MeterOnDemand {
 public:
  // As ProcessMeter has them.
  MeterOnDemand(std::optional<std::string> simulate, Seconds interval);

  Seconds interval() const { return interval_; }
  bool is_ours() const { return home_.is_home(); }
  // Throws what making it throws, and tries again the next time; in a child made by fork
  // Error{unsupported}.
  std::shared_ptr<ProcessMeter> meter();
  // Stops it, if there is one.
  void stop();

 private:
  std::optional<std::string> simulate_;
  Seconds interval_;
  DeleteAtHome home_;
  std::mutex mutex_;
  std::shared_ptr<ProcessMeter> meter_;
};

}  // namespace wattfor
