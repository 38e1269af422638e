#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <variant>

#include "sensor/external_meter.h"
#include "sensor/sensor.h"

namespace wattfor {

// What a plug says: apower (W) and aenergy.total (Wh) of a component's status since the second
// generation; power (W) of /meter/0, or of the first of /status's meters, of the first generation,
// whose counter is not read: it moves by whole watt-minutes, 60 J, once a minute. A failure that
// names `address` for all else, and where the plug says itself that its reading is not valid.
std::variant<MeterAnswer, MeterFailure> shelly_answer(const std::string& address,
                                                      const nlohmann::json& status);

// A smart plug of Shelly's by its local interface, asked once a second at most. `address` is the
// plug's own, of which the first channel is read, or that of a status: "http://plug/meter/1",
// "http://plug/rpc/PM1.GetStatus?id=0".
ProbeResult find_shelly_meter(const std::string& address);

}  // namespace wattfor
