#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "measurement/measurement.h"
#include "sensor/discovery.h"
#include "sensor/sensor.h"

namespace wattfor {

// The machine's part of a record.
Machine describe_machine(const DiscoveryRoots& roots,
                         const std::vector<std::unique_ptr<Device>>& devices);

// `found` and the modelled fallback for the CPU packages and DRAM that no sensor covers.
ProbeResult with_modelled_parts(
    ProbeResult found, const DiscoveryRoots& roots,
    const std::shared_ptr<const Clock>& clock = std::make_shared<SystemClock>());

// The same of all that discovery finds: what a meter needs whose totals are of `scope`.
ProbeResult devices_to_meter(const DiscoveryRoots& roots, Scope scope = Scope::everything);

// What is wrong with the first meter that the user named and that can't be read.
std::optional<std::string> silent_meter_among(const std::vector<Obstacle>& obstacles);
// Throws it as Error{not_found}: whoever asks for a meter wants no record without it.
void refuse_silent_meters(const std::vector<Obstacle>& obstacles);

// A line for each device whose power can't be read at all, so that it is in no figure.
std::vector<std::string> without_power(const std::vector<std::unique_ptr<Device>>& devices);

}  // namespace wattfor
