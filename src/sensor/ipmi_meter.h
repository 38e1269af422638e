#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "sensor/sensor.h"
#include "units/quantity.h"

namespace wattfor {

// What is wrong with a program's answer.
struct DcmiFault {
  std::string reason;
};

// The power in what `ipmi-dcmi --get-system-power-statistics` (FreeIPMI) and `ipmitool dcmi power
// reading` print. No reading is one that the controller itself calls not available or deactivated,
// and 0 W of a machine that runs.
std::variant<Watts, DcmiFault> parse_dcmi_power(std::string_view text);

// The power that this machine's management controller measures, by DCMI (Data Center Manageability
// Interface 1.5, section 6.6.1), asked through the first of these programs, each with its
// arguments, that is there, once a second at most: it takes the kernel's driver and mostly root. A
// program that takes longer than 5 s is killed; where it does not die of that, as the driver holds
// it, none is started any more: each would stay.
ProbeResult find_ipmi_meter(const std::vector<std::vector<std::string>>& programs = {
                                {"ipmi-dcmi", "--get-system-power-statistics"},
                                {"/usr/sbin/ipmi-dcmi", "--get-system-power-statistics"},
                                {"ipmitool", "dcmi", "power", "reading"},
                            });

}  // namespace wattfor
