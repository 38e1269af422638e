#pragma once

#include <memory>
#include <optional>
#include <string>

#include "bench/worker.h"
#include "measurement/energy.h"
#include "sensor/discovery.h"
#include "sensor/sensor.h"
#include "simulation/simulated_device.h"

namespace wattfor::cli {

// The devices that a verb meters: those of this machine, or the one that `--simulate FILE`
// describes, with the load that its work drives.
struct MeteredDevices {
  ProbeResult found;
  std::shared_ptr<SimulatedLoad> load;  // nothing where the devices are real
  std::string simulated;                // the simulated device's name; empty where they are
};

// `scope` is that of the totals.
MeteredDevices devices_of(const std::optional<std::string>& simulate, const DiscoveryRoots& roots,
                          Scope scope = Scope::everything);

// A worker whose runs drive a simulated load.
std::unique_ptr<Worker> driving(std::unique_ptr<Worker> worker,
                                std::shared_ptr<SimulatedLoad> load);

}  // namespace wattfor::cli
