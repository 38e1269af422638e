#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "measurement/energy.h"
#include "sensor/sensor.h"
#include "units/quantity.h"

// Values of answers as JSON: what is unknown is null.
namespace wattfor {

inline nlohmann::json value_or_null(const std::optional<double>& number) {
  return number ? nlohmann::json(*number) : nlohmann::json(nullptr);
}

inline nlohmann::json value_or_null(const std::optional<int>& number) {
  return number ? nlohmann::json(*number) : nlohmann::json(nullptr);
}

template <class Unit>
nlohmann::json value_or_null(const std::optional<Quantity<Unit>>& quantity) {
  return quantity ? nlohmann::json(quantity->value()) : nlohmann::json(nullptr);
}

inline nlohmann::json value_or_null(const std::optional<Seconds>& duration) {
  return duration ? nlohmann::json(duration->count()) : nlohmann::json(nullptr);
}

// [low, high]
inline nlohmann::json value_or_null(const std::optional<Interval>& interval) {
  return interval ? nlohmann::json{interval->low, interval->high} : nlohmann::json(nullptr);
}

inline nlohmann::json text_or_null(const std::string& text) {
  return text.empty() ? nlohmann::json(nullptr) : nlohmann::json(text);
}

inline const char* key_of(SensorKind kind) {
  return kind == SensorKind::energy_counter ? "energy_counter" : "power_gauge";
}

}  // namespace wattfor
