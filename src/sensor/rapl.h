#pragma once

#include <filesystem>

#include "sensor/perf_events.h"
#include "sensor/sensor.h"

namespace wattfor {

// Intel's and AMD's running average power limit counters, as one device with a counter for each
// package and DRAM zone of every socket; core and uncore lie inside a package and psys around it,
// so they are listed with in_total = false.
//
// The kernel shows a counter in two ways. Perf events are preferred, which do not wrap and come
// from the register without a file's text; a zone that they don't give is taken from powercap.
// Never both: each zone is listed once. `perf_events` null: powercap alone.
//
// A zone that exists and that neither way gives becomes an obstacle, and so does the absence of all
// of them on a processor that has the counters (`procfs_root` tells which that is, and whether a
// hypervisor hides them).
ProbeResult find_rapl(const std::filesystem::path& sysfs_root,
                      const std::filesystem::path& procfs_root, PerfEvents* perf_events);

}  // namespace wattfor
