#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "sensor/external_meter.h"
#include "units/quantity.h"

namespace wattfor {

// What a resource of the Redfish schemas Power (PowerControl, of whose members the first is the
// whole chassis) or EnvironmentMetrics (PowerWatts, EnergyJoules) says; a failure that names
// `address` for all else. 0 W is a failure too: a server that runs takes more. EnergykWh is not
// read: a watt-hour, the least of it that controllers show, is 3600 J.
std::variant<MeterAnswer, MeterFailure> redfish_answer(const std::string& address,
                                                       const nlohmann::json& resource);

// A resource that tells a power, and what it told.
struct RedfishResource {
  std::string address;
  MeterAnswer answer;
};

struct RedfishFinding {
  std::variant<RedfishResource, MeterFailure> found;
  std::vector<MeterFailure> skipped;  // chassis that could not be asked, one failure each
};

// The JSON document at an address, within that time.
using RedfishGet =
    std::function<std::variant<nlohmann::json, MeterFailure>(const std::string&, Seconds)>;

// Goes through what stands at `address`: a resource that tells a power, a chassis, a collection of
// them, or the controller itself. One chassis must tell a power, and no other. One that can't be
// asked is skipped; a user who is refused ends it, as controllers lock one out who asks on, and so
// do `redfish_patience` in all.
RedfishFinding find_redfish_resource(const std::string& address, const RedfishGet& get,
                                     const Clock& clock);

// A server with eight GPUs has some twenty chassis, and a controller takes some 0.1 s for each.
inline constexpr Seconds redfish_patience{10.0};

}  // namespace wattfor
