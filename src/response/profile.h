#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "response/kernel.h"
#include "units/quantity.h"

namespace wattfor {

// A quantity that was found out, with its standard error.
template <class Value>
struct Uncertain {
  Value value{};
  Value standard_error{};

  bool operator==(const Uncertain&) const = default;
};

// The prior of a board that was not held against a reference: over 19 boards the gain's standard
// deviation is 3.7 % (github JimZeyuYang/GPU_Power_Benchmark, result sheet), and offsets reach ±12
// W.
inline constexpr double prior_gain_uncertainty = 0.037;
inline constexpr Watts prior_offset_uncertainty{6.0};
// How late a board of unknown delay publishes, and how far the clocks of marks and readings differ.
inline constexpr Seconds prior_delay_uncertainty{0.010};

// How one field of one device responds: what calibration finds, or what boards of its class usually
// do. What is absent is unknown.
struct SensorProfile {
  // Whose it is: a profile holds for the device, driver and field it was found on.
  std::string device = {};  // UUID, or what else names the board
  std::string driver = {};
  std::string field = {};   // "power.draw.instant", "nvml field 186"
  std::string origin = {};  // "default of …", "calibrated 2026-01-31T…"
  // What gain and offset were held against, and when; empty where they were not apart from the
  // rest.
  std::string gain_origin = {};

  ResponseKind kind = ResponseKind::instantaneous;
  std::optional<Uncertain<Seconds>> update_period = std::nullopt;
  std::optional<Uncertain<Seconds>> window = std::nullopt;         // of a boxcar
  std::optional<Uncertain<Seconds>> time_constant = std::nullopt;  // of an exponential
  std::optional<Uncertain<Seconds>> delay = std::nullopt;
  std::optional<Uncertain<double>> gain = std::nullopt;  // reading = gain × power + offset
  std::optional<Uncertain<Watts>> offset = std::nullopt;
  // Share of the time at which the sensor looks.
  std::optional<Uncertain<double>> attention = std::nullopt;
  std::optional<double> quantum = std::nullopt;  // smallest step of a reading, in W or J

  // Whether all that its kind of kernel needs is known.
  bool is_complete() const;
  // Of what is absent there is nothing in it.
  Kernel kernel() const;
  double gain_or_one() const { return gain ? gain->value : 1.0; }
  Watts offset_or_zero() const { return offset ? offset->value : Watts(0.0); }
  // Relative, one standard deviation: the gain's own, or the prior.
  double gain_uncertainty() const;
  // The offset's own. The prior where nothing was calibrated; none where a gain was and no offset,
  // which is then in the gain.
  Watts offset_uncertainty() const;
  Seconds delay_uncertainty() const;

  bool operator==(const SensorProfile&) const = default;
};

// The JSON form, as `calibrate` writes and `replay --profile` reads it: `kind`, and
// `update_period_s, window_s, time_constant_s, delay_s, gain, offset_w, attention`, each
// `{"value":…, "standard_error":…}` or null; `quantum`, `device`, `driver`, `field`, `origin` and
// `gain_origin`.
nlohmann::json to_json(const SensorProfile& profile);
// Unknown keys are ignored. Throws Error{invalid_input} naming `source`, the key and what was
// expected: a kind that is none, a time or gain that can't be (not finite, below 0, a gain outside
// 0.5 … 2), a boxcar without its window. A standard error that is absent or null is unknown:
// infinite here, and the prior's where there is one.
SensorProfile profile_from_json(std::string_view text, const std::string& source);

}  // namespace wattfor
