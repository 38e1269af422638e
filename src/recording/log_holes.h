#pragma once

#include <span>
#include <string>
#include <vector>

#include "measurement/energy.h"
#include "recording/nvidia_smi_log.h"
#include "units/quantity.h"

namespace wattfor {

// The stretches of a log that hold no reading for longer than `longest`, and what the log says of
// each; the time before its first reading and after its last are such too.
class LogHoles {
 public:
  LogHoles(const NvidiaSmiLog& log, Seconds longest);

  // Those parts of them that lie in a window.
  std::vector<Gap> in(Seconds from, Seconds to) const;

 private:
  std::vector<LogGap> holes_;  // in order
};

}  // namespace wattfor
