#include "sensor/discovery.h"

#include <cstdlib>
#include <iterator>
#include <utility>

#include "sensor/amdgpu.h"
#include "sensor/battery.h"
#include "sensor/hwmon.h"
#include "sensor/ina3221.h"
#include "sensor/nvml.h"
#include "sensor/rapl_powercap.h"
#include "sensor/totals.h"

namespace wattfor {

namespace {

// An empty variable counts as unset.
std::string environment_or(const char* name, const std::string& otherwise) {
  const char* value = std::getenv(name);
  return value == nullptr || *value == '\0' ? otherwise : value;
}

void append(ProbeResult& all, ProbeResult&& more) {
  std::move(more.devices.begin(), more.devices.end(), std::back_inserter(all.devices));
  std::move(more.obstacles.begin(), more.obstacles.end(), std::back_inserter(all.obstacles));
}

}  // namespace

DiscoveryRoots roots_from_environment() {
  const DiscoveryRoots usual;
  return {.sysfs = environment_or("WATTFOR_SYSFS", usual.sysfs.string()),
          .procfs = environment_or("WATTFOR_PROCFS", usual.procfs.string()),
          .nvml_library = environment_or("WATTFOR_NVML", usual.nvml_library)};
}

ProbeResult discover(const DiscoveryRoots& roots) {
  ProbeResult found;
  append(found, find_rapl_powercap(roots.sysfs, roots.procfs));
  append(found, find_nvml(roots.nvml_library, roots.sysfs.string()));
  append(found, find_amdgpu(roots.sysfs));
  append(found, find_hwmon(roots.sysfs));
  append(found, find_ina3221(roots.sysfs));
  append(found, find_batteries(roots.sysfs));
  settle_totals(found.devices);
  return found;
}

}  // namespace wattfor
