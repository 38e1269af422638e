#pragma once

#include <string>
#include <vector>

#include "measurement/energy.h"
#include "measurement/measurement.h"

namespace wattfor {

// What a reader of the figures has to know, a line each: throttling, a clock that fell, heat, gaps
// and faults, devices that are shared.
std::vector<std::string> warnings_of(const EnergyReport& report);

// What surrounded the measurement and misleads, a line each with what to do about it: other
// programs' work, a part of a machine whose whole is measured, slowed processors. Nothing for what
// is usual.
std::vector<std::string> warnings_of(const HostContext& context, const Machine& machine,
                                     const EnergyReport& report);

// Where each of a job's tasks on the node keeps a record of its own, all of the whole node's
// energy: that they are not to be added. Nothing for a task alone.
std::vector<std::string> warnings_of_tasks(const HostContext& context);

}  // namespace wattfor
