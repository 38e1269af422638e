#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "sensor/meter_spec.h"
#include "sensor/nvml_visible.h"
#include "sensor/perf_events.h"
#include "sensor/redfish_meter.h"
#include "sensor/sensor.h"

namespace wattfor {

// Where to look; tests point these at fake trees and a fake library.
struct DiscoveryRoots {
  std::filesystem::path sysfs = "/sys";
  std::filesystem::path procfs = "/proc";
  std::string nvml_library = "libnvidia-ml.so.1";  // empty: none is looked for
  CudaEnvironment cuda = {};
  std::vector<MeterSpec> meters = {};  // outside the machine, as the command line names them
  RedfishAccess redfish = {};
  std::filesystem::path profiles = {};  // a folder of what calibrations found; empty: none
};

// Reads $WATTFOR_SYSFS, $WATTFOR_PROCFS and $WATTFOR_NVML: a container that mounts the host's trees
// elsewhere, a driver in an unusual place. CUDA's own $CUDA_VISIBLE_DEVICES and $CUDA_DEVICE_ORDER.
// And, where there are meters to be asked, $WATTFOR_REDFISH_USER, $WATTFOR_REDFISH_PASSWORD and
// $WATTFOR_REDFISH_INSECURE. The profiles are those of profile_folder().
DiscoveryRoots roots_from_environment(std::vector<MeterSpec> meters = {});

// Every device that a probe finds, calibrated where a profile of its sensors is stored, and every
// obstacle. Perf events are the kernel's where the sysfs
// is; a test gives its own, which must outlive the devices.
ProbeResult discover(const DiscoveryRoots& roots = {});
ProbeResult discover(const DiscoveryRoots& roots, PerfEvents* perf_events);

}  // namespace wattfor
