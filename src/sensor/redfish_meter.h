#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <variant>

#include "sensor/external_meter.h"
#include "sensor/sensor.h"

namespace wattfor {

// How a server's management controller is asked. The user and the password stand in no record and
// in no message.
struct RedfishAccess {
  std::string user = {};
  std::string password = {};
  // Any certificate will do, and the password may go over http.
  bool insecure = false;
};

// What a resource of the Redfish schemas Power (PowerControl, of whose members the first is the
// whole chassis) or EnvironmentMetrics (PowerWatts, EnergyJoules) says; a failure that names
// `address` for all else. 0 W is a failure too: a server that runs takes more. EnergykWh is not
// read: a watt-hour, the least of it that controllers show, is 3600 J.
std::variant<MeterAnswer, MeterFailure> redfish_answer(const std::string& address,
                                                       const nlohmann::json& resource);

// The power that a management controller measures, asked once a second at most. `address` is that
// of a resource that tells it, of a chassis, or of the controller itself, whose chassis are then
// gone through: one of them must tell a power, and no other.
ProbeResult find_redfish_meter(const std::string& address, const RedfishAccess& access = {});

}  // namespace wattfor
