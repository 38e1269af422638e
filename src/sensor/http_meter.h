#pragma once

#include <chrono>
#include <nlohmann/json.hpp>
#include <string>
#include <variant>

#include "base/http_get.h"
#include "sensor/external_meter.h"

namespace wattfor {

// The JSON document at an address; else why there is none, as a meter's failure that names the
// address. A wrong or missing password is FailureKind::forbidden. `at_most` as HttpGet's.
std::variant<nlohmann::json, MeterFailure> get_json(
    HttpGet& http, const std::string& address,
    std::chrono::milliseconds at_most = std::chrono::milliseconds::max());

// `text` as get_json() reads a body.
std::variant<nlohmann::json, MeterFailure> parse_json(const std::string& address,
                                                      const std::string& text);

// The number at `pointer` ("/PowerWatts/Reading"); nothing where there is none that is a quantity:
// null, a text, below zero.
std::optional<double> quantity_at(const nlohmann::json& document, const char* pointer);

// What is said of an answer that lacks what it should have.
MeterFailure unexpected_answer(const std::string& address, const std::string& what);

}  // namespace wattfor
