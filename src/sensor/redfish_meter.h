#pragma once

#include <string>

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

// The power that a management controller measures, asked once a second at most. `address` is that
// of a resource that tells it, of a chassis, or of the controller itself, whose chassis are then
// gone through: one of them must tell a power, and no other. A chassis that can't be asked is
// skipped, and an obstacle.
ProbeResult find_redfish_meter(const std::string& address, const RedfishAccess& access = {});

}  // namespace wattfor
