#include "sensor/discovery.h"

#include <cstdlib>
#include <iterator>
#include <optional>
#include <utility>

#include "sensor/amdgpu.h"
#include "sensor/battery.h"
#include "sensor/hwmon.h"
#include "sensor/ina3221.h"
#include "sensor/meters.h"
#include "sensor/nvml.h"
#include "sensor/profile_store.h"
#include "sensor/rapl.h"
#include "sensor/totals.h"

namespace wattfor {

namespace {

// An empty variable counts as unset.
std::string environment_or(const char* name, const std::string& otherwise) {
  const char* value = std::getenv(name);
  return value == nullptr || *value == '\0' ? otherwise : value;
}

// Here an empty $CUDA_VISIBLE_DEVICES is not unset: it hides every GPU.
CudaEnvironment cuda_environment() {
  const char* visible = std::getenv("CUDA_VISIBLE_DEVICES");
  return {
      .visible_devices = visible == nullptr ? std::nullopt : std::optional<std::string>(visible),
      .device_order = environment_or("CUDA_DEVICE_ORDER", "")};
}

void append(ProbeResult& all, ProbeResult&& more) {
  std::move(more.devices.begin(), more.devices.end(), std::back_inserter(all.devices));
  std::move(more.obstacles.begin(), more.obstacles.end(), std::back_inserter(all.obstacles));
  std::move(more.warnings.begin(), more.warnings.end(), std::back_inserter(all.warnings));
}

}  // namespace

DiscoveryRoots roots_from_environment(std::vector<MeterSpec> meters) {
  const DiscoveryRoots usual;
  return {.sysfs = environment_or("WATTFOR_SYSFS", usual.sysfs.string()),
          .procfs = environment_or("WATTFOR_PROCFS", usual.procfs.string()),
          .nvml_library = environment_or("WATTFOR_NVML", usual.nvml_library),
          .cuda = cuda_environment(),
          .meters = std::move(meters),
          .redfish = {.user = environment_or("WATTFOR_REDFISH_USER", ""),
                      .password = environment_or("WATTFOR_REDFISH_PASSWORD", ""),
                      .insecure = environment_or("WATTFOR_REDFISH_INSECURE", "0") != "0"},
          .profiles = profile_folder()};
}

ProbeResult discover(const DiscoveryRoots& roots) {
  return discover(roots, perf_events_behind(roots.sysfs));
}

ProbeResult discover(const DiscoveryRoots& roots, PerfEvents* perf_events) {
  ProbeResult found;
  append(found, find_rapl(roots.sysfs, roots.procfs, perf_events));
  append(found, find_nvml(roots.nvml_library, roots.sysfs.string(), roots.cuda));
  append(found, find_amdgpu(roots.sysfs));
  append(found, find_hwmon(roots.sysfs));
  append(found, find_ina3221(roots.sysfs));
  append(found, find_batteries(roots.sysfs));
  append(found, find_meters(roots.meters, roots.redfish));
  settle_totals(found.devices);
  apply_profiles(found, roots.profiles);
  return found;
}

}  // namespace wattfor
