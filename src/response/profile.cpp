#include "response/profile.h"

#include <fmt/format.h>

#include <cmath>
#include <initializer_list>
#include <limits>
#include <nlohmann/json.hpp>

#include "base/error.h"

namespace wattfor {
namespace {

using nlohmann::json;

double number_of(Seconds value) { return value.count(); }
double number_of(Watts value) { return value.value(); }
double number_of(double value) { return value; }

template <class Value>
json to_json(const std::optional<Uncertain<Value>>& found) {
  if (!found) return nullptr;
  const double error = number_of(found->standard_error);
  return {{"value", number_of(found->value)},
          {"standard_error", std::isfinite(error) ? json(error) : json(nullptr)}};
}

// One profile's keys, with the name of what they were read from.
class ProfileReader {
 public:
  ProfileReader(std::string_view text, const std::string& source) : source_(source) {
    root_ = json::parse(text, nullptr, false);
    if (root_.is_discarded()) refuse("", "JSON");
    if (!root_.is_object()) refuse("", "an object");
  }

  std::string text(const std::string& key) const {
    const auto found = root_.find(key);
    if (found == root_.end() || found->is_null()) return "";
    if (!found->is_string()) refuse(key, "a text");
    return found->get<std::string>();
  }

  std::optional<double> number(const std::string& key, double least, double most) const {
    const auto found = root_.find(key);
    if (found == root_.end() || found->is_null()) return std::nullopt;
    return checked(key, *found, least, most);
  }

  template <class Value>
  std::optional<Uncertain<Value>> uncertain(const std::string& key, double least,
                                            double most) const {
    const auto found = root_.find(key);
    if (found == root_.end() || found->is_null()) return std::nullopt;
    if (!found->is_object()) refuse(key, "an object of value and standard_error, or null");
    const auto value = found->find("value");
    if (value == found->end()) refuse(key + ".value", "a number");
    Uncertain<Value> result{.value = Value(checked(key + ".value", *value, least, most))};
    const auto error = found->find("standard_error");
    const bool known = error != found->end() && !error->is_null();
    result.standard_error = Value(known ? checked(key + ".standard_error", *error, 0.0, most)
                                        : std::numeric_limits<double>::infinity());
    return result;
  }

  [[noreturn]] void refuse(const std::string& key, const std::string& expected) const {
    throw Error(ErrorCode::invalid_input,
                fmt::format("{}: {}expected {}", source_, key.empty() ? "" : key + ": ", expected));
  }

 private:
  double checked(const std::string& key, const json& value, double least, double most) const {
    if (!value.is_number()) refuse(key, "a number");
    const auto number = value.get<double>();
    if (!(number >= least && number <= most)) {
      refuse(key, fmt::format("a number from {:g} to {:g}, not {:g}", least, most, number));
    }
    return number;
  }

  std::string source_;
  json root_;
};

constexpr double longest_s = 3600.0;
constexpr double shortest_period_s = 1e-6;
constexpr double greatest_offset_w = 1e5;

}  // namespace

bool SensorProfile::is_complete() const {
  if (kind == ResponseKind::boxcar) return window.has_value();
  return kind != ResponseKind::exponential || time_constant.has_value();
}

Kernel SensorProfile::kernel() const {
  const auto seconds = [](const std::optional<Uncertain<Seconds>>& found) {
    return found ? found->value : Seconds(0.0);
  };
  return {.kind = kind,
          .window = seconds(window),
          .time_constant = seconds(time_constant),
          .delay = seconds(delay)};
}

double SensorProfile::gain_uncertainty() const {
  if (!gain || !std::isfinite(gain->standard_error)) return prior_gain_uncertainty;
  return gain->standard_error / gain->value;
}

Watts SensorProfile::offset_uncertainty() const {
  if (offset) {
    const bool known = std::isfinite(offset->standard_error.value());
    return known ? offset->standard_error : prior_offset_uncertainty;
  }
  return gain ? Watts(0.0) : prior_offset_uncertainty;
}

Seconds SensorProfile::delay_uncertainty() const {
  const bool known = delay && std::isfinite(delay->standard_error.count());
  return known ? delay->standard_error : prior_delay_uncertainty;
}

json to_json(const SensorProfile& profile) {
  return {{"device", profile.device},
          {"driver", profile.driver},
          {"field", profile.field},
          {"origin", profile.origin},
          {"gain_origin", profile.gain_origin},
          {"kind", name_of(profile.kind)},
          {"update_period_s", to_json(profile.update_period)},
          {"window_s", to_json(profile.window)},
          {"time_constant_s", to_json(profile.time_constant)},
          {"delay_s", to_json(profile.delay)},
          {"gain", to_json(profile.gain)},
          {"offset_w", to_json(profile.offset)},
          {"attention", to_json(profile.attention)},
          {"quantum", profile.quantum ? json(*profile.quantum) : json(nullptr)}};
}

SensorProfile profile_from_json(std::string_view text, const std::string& source) {
  const ProfileReader reader(text, source);
  SensorProfile profile;
  profile.device = reader.text("device");
  profile.driver = reader.text("driver");
  profile.field = reader.text("field");
  profile.origin = reader.text("origin");
  profile.gain_origin = reader.text("gain_origin");
  const auto kind = from_name<ResponseKind>(reader.text("kind"));
  if (!kind) reader.refuse("kind", "counter, instantaneous, boxcar or exponential");
  profile.kind = *kind;
  profile.update_period =
      reader.uncertain<Seconds>("update_period_s", shortest_period_s, longest_s);
  profile.window = reader.uncertain<Seconds>("window_s", 0.0, longest_s);
  profile.time_constant = reader.uncertain<Seconds>("time_constant_s", 0.0, longest_s);
  profile.delay = reader.uncertain<Seconds>("delay_s", -longest_s, longest_s);
  profile.gain = reader.uncertain<double>("gain", 0.5, 2.0);
  profile.offset = reader.uncertain<Watts>("offset_w", -greatest_offset_w, greatest_offset_w);
  profile.attention = reader.uncertain<double>("attention", 0.0, 1.0);
  profile.quantum = reader.number("quantum", 0.0, greatest_offset_w);
  if (profile.kind == ResponseKind::boxcar && !profile.window) {
    reader.refuse("window_s", "the window of a boxcar");
  }
  if (profile.kind == ResponseKind::exponential && !profile.time_constant) {
    reader.refuse("time_constant_s", "the time constant of an exponential");
  }
  return profile;
}

}  // namespace wattfor
