#pragma once

#include <vector>

#include "support/fault_rig.h"

namespace wattfor::test {

// A rig for each way in which a probe reads energy or power.
std::vector<NamedRig> probe_rigs();

}  // namespace wattfor::test
