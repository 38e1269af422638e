#pragma once

#include <atomic>
#include <memory>

#include "process/meter_on_demand.h"
#include "process/process_meter.h"
#include "wattfor/wattfor.h"

// Windows and runs hold the meter, too.
struct wattfor_meter {
  std::shared_ptr<wattfor::MeterOnDemand> on_demand;  // for runs
  std::shared_ptr<wattfor::ProcessMeter> meter;       // the same
  std::atomic<double> idle_s = 0.0;                   // for how long the power at rest was measured
};
