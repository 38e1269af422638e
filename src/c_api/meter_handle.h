#pragma once

#include <atomic>
#include <memory>

#include "process/process_meter.h"
#include "wattfor/wattfor.h"

// Windows and runs hold the meter, too.
struct wattfor_meter {
  std::shared_ptr<wattfor::ProcessMeter> meter;
  std::atomic<double> idle_s = 0.0;  // for how long the power at rest was measured
};
