#pragma once

#include <memory>

#include "base/clock.h"
#include "sensor/discovery.h"
#include "sensor/host.h"
#include "sensor/sensor.h"

namespace wattfor {

struct ModelledParts {
  bool cpu = true;   // false where a sensor covers the CPU packages
  bool dram = true;  // false where a sensor covers DRAM
};

// The modelled fallback: a device whose "counters" are computed, for a host without a power sensor.
// CPU: energy = idle power · time + (TDP − idle power) · busy CPU time / logical CPUs, busy time
// from /proc/stat; in a virtual machine, and where only a server's series is known, TDP is scaled
// by (logical CPUs / the processor's threads). TDP comes from RAPL's limits where the kernel shows
// them (they are readable where its counters are not), else from the table of processors, else from
// the number of threads. DRAM: a constant power from its size. Each sensor's `assumption` says what
// was assumed, and its gain_uncertainty is wide enough to be honest (95 %: ±50 % and more).
std::unique_ptr<Device> modelled_host(
    const HostFacts& host, ModelledParts parts, const DiscoveryRoots& roots = {},
    const std::shared_ptr<const Clock>& clock = std::make_shared<SystemClock>());

}  // namespace wattfor
