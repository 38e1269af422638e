#include "simulation/simulation_spec.h"

#include <fmt/format.h>

#include <cmath>
#include <functional>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/error.h"

namespace wattfor {
namespace {

using nlohmann::json;

constexpr double longest_s = 1e6;
// A live load is drawn a minute or a period ahead, where it is no wave in pieces of 1 ms.
constexpr double longest_period_s = 600.0;
constexpr double shortest_period_s = 1e-4;
constexpr double longest_rise_s = 10.0;
constexpr double most_w = 1e6;
constexpr double shortest_s = 1e-6;

// The keys of one object, each of which may be asked for; finish() refuses the others.
class ObjectReader {
 public:
  ObjectReader(const json& object, std::string place, const std::string& source)
      : object_(object), place_(std::move(place)), source_(source) {
    if (!object_.is_object()) refuse("", "an object");
  }

  double number(const std::string& key, double otherwise, double least, double most) {
    const json* found = find(key);
    if (!found) return otherwise;
    if (!found->is_number()) refuse(key, "a number");
    const auto value = found->get<double>();
    if (!(value >= least && value <= most)) {
      refuse(key, fmt::format("a number from {:g} to {:g}, not {:g}", least, most, value));
    }
    return value;
  }
  Seconds seconds(const std::string& key, Seconds otherwise, double least = 0.0) {
    return Seconds(number(key, otherwise.count(), least, longest_s));
  }
  Watts watts(const std::string& key, Watts otherwise, double least = 0.0) {
    return Watts(number(key, otherwise.value(), least, most_w));
  }
  std::string text(const std::string& key, const std::string& otherwise) {
    const json* found = find(key);
    if (!found) return otherwise;
    if (!found->is_string()) refuse(key, "a text");
    return found->get<std::string>();
  }
  template <class Enum>
  Enum name(const std::string& key, Enum otherwise) {
    const std::string word = text(key, std::string(name_of(otherwise)));
    if (const auto value = from_name<Enum>(word)) return *value;
    std::vector<std::string_view> words;
    words.reserve(enumerators<Enum>.size());
    for (const Enum each : enumerators<Enum>) words.push_back(name_of(each));
    refuse(key, fmt::format("one of {}, not '{}'", fmt::join(words, ", "), word));
  }
  bool has(const std::string& key) { return find(key) != nullptr; }
  void each(const std::string& key, const std::function<void(ObjectReader&)>& read) {
    const json* found = find(key);
    if (!found) return;
    if (!found->is_array()) refuse(key, "a list");
    for (std::size_t i = 0; i < found->size(); ++i) {
      ObjectReader inner((*found)[i], fmt::format("{}{}[{}].", place_, key, i), source_);
      read(inner);
      inner.finish();
    }
  }
  void object(const std::string& key, const std::function<void(ObjectReader&)>& read) {
    const json* found = find(key);
    if (!found) return;
    ObjectReader inner(*found, fmt::format("{}{}.", place_, key), source_);
    read(inner);
    inner.finish();
  }

  void finish() const {
    for (const auto& [key, value] : object_.items()) {
      if (std::ranges::find(asked_, key) == asked_.end()) {
        refuse(key, fmt::format("no such key; there are: {}", fmt::join(asked_, ", ")), "");
      }
    }
  }

  [[noreturn]] void refuse(const std::string& key, const std::string& what,
                           const std::string& expected = "expected ") const {
    throw Error(ErrorCode::invalid_input,
                fmt::format("{}: {}{}{}{}", source_, place_, key,
                            place_.empty() && key.empty() ? "" : ": ", expected + what));
  }

 private:
  const json* find(const std::string& key) {
    asked_.push_back(key);
    const auto found = object_.find(key);
    return found == object_.end() || found->is_null() ? nullptr : &*found;
  }

  const json& object_;
  std::string place_;
  std::string source_;
  std::vector<std::string> asked_;
};

Load read_load(ObjectReader& reader) {
  Load load;
  load.waveform = reader.name("waveform", load.waveform);
  load.idle = reader.watts("idle_w", load.idle);
  load.high = reader.watts("high_w", load.high);
  load.low = reader.watts("low_w", load.low);
  load.period =
      Seconds(reader.number("period_s", load.period.count(), shortest_period_s, longest_period_s));
  load.duty = reader.number("duty", load.duty, 0.0, 1.0);
  load.phase = reader.number("phase", load.phase, 0.0, 1.0);
  load.levels = static_cast<int>(reader.number("levels", load.levels, 1.0, 1000.0));
  load.settling = reader.seconds("settling_s", load.settling, shortest_s);
  load.rise = Seconds(reader.number("rise_s", 0.0, 0.0, longest_rise_s));
  load.noise = reader.watts("noise_w", load.noise);
  load.correlation = reader.seconds("correlation_s", load.correlation, shortest_s);
  return load;
}

// A failure has no name_of(), as its words are the meter's.
FailureKind read_failure_kind(ObjectReader& reader, const std::string& word) {
  if (word == "try_again") return FailureKind::try_again;
  if (word == "gone") return FailureKind::gone;
  if (word == "forbidden") return FailureKind::forbidden;
  if (word == "broken") return FailureKind::broken;
  reader.refuse("fault", fmt::format("missed, duplicated, stuck, scope_change, or a failed read: "
                                     "try_again, gone, forbidden, broken; not '{}'",
                                     word));
}

void read_fault(ObjectReader& reader, SimulatedSensorSpec& sensor) {
  const std::string word = reader.text("fault", "");
  const Seconds from = reader.seconds("from_s", Seconds(0.0));
  const Seconds duration = reader.seconds("duration_s", Seconds(longest_s));
  const double probability = reader.number("probability", 1.0, 0.0, 1.0);
  const double factor = reader.number("factor", 1.0, 0.0, 100.0);
  if (const auto fault = from_name<StreamFault>(word)) {
    sensor.model.faults.push_back({*fault, from, duration, probability, factor});
  } else {
    sensor.read_faults.push_back({read_failure_kind(reader, word), from, duration, probability});
  }
}

SimulatedSensorSpec read_sensor(ObjectReader& reader) {
  SimulatedSensorSpec sensor;
  SensorModel& model = sensor.model;
  Kernel& kernel = model.kernel;
  sensor.id = reader.text("id", "power");
  kernel.kind = reader.name("kind", ResponseKind::boxcar);
  model.update_period = reader.seconds("update_period_s", model.update_period, shortest_s);
  kernel.window = reader.seconds("window_s", model.update_period);
  kernel.time_constant = reader.seconds("time_constant_s", Seconds(0.2), shortest_s);
  kernel.delay = reader.seconds("delay_s", kernel.delay);
  sensor.random_phase = !reader.has("phase_s");
  model.phase = reader.seconds("phase_s", model.phase);
  model.period_jitter = reader.seconds("jitter_s", model.period_jitter);
  model.clock_skew = reader.number("clock_skew_ppm", 0.0, -1e5, 1e5) * 1e-6;
  model.gain = reader.number("gain", model.gain, 0.1, 10.0);
  model.offset = reader.watts("offset_w", model.offset, -most_w);
  model.noise = reader.watts("noise_w", model.noise);
  const bool counts = kernel.kind == ResponseKind::counter;
  model.quantum = reader.number(counts ? "quantum_j" : "quantum_w", 0.001, 0.0, most_w);
  if (const double range = reader.number("counter_range_j", 0.0, 0.0, 1e15); range > 0.0) {
    model.counter_range = Joules(range);
  }
  if (kernel.kind == ResponseKind::boxcar && kernel.window <= Seconds(0.0)) {
    reader.refuse("window_s", "more than 0 of a boxcar");
  }
  reader.each("faults", [&](ObjectReader& fault) { read_fault(fault, sensor); });
  return sensor;
}

}  // namespace

SimulationSpec half_blind_board() {
  return simulation_from_json(R"({
    "device": "half-blind board", "seed": 3, "power_limit_w": 400,
    "load": {"waveform": "square", "idle_w": 60, "high_w": 400, "low_w": 100, "period_s": 0.1},
    "sensors": [{"id": "instant", "kind": "boxcar", "update_period_s": 0.1, "window_s": 0.025,
                 "noise_w": 1}]
  })",
                              "the half-blind board");
}

SimulationSpec simulation_from_json(std::string_view text, const std::string& source) {
  const json root = json::parse(text, nullptr, false);
  if (root.is_discarded()) {
    throw Error(ErrorCode::invalid_input, fmt::format("{}: expected JSON", source));
  }
  SimulationSpec spec;
  ObjectReader reader(root, "", source);
  spec.device = reader.text("device", spec.device);
  spec.seed = static_cast<std::uint64_t>(reader.number("seed", 1.0, 0.0, 9e15));
  if (const double limit = reader.number("power_limit_w", 0.0, 0.0, most_w); limit > 0.0) {
    spec.power_limit = Watts(limit);
  }
  reader.object("load", [&](ObjectReader& load) { spec.load = read_load(load); });
  reader.each("sensors", [&](ObjectReader& sensor) {
    spec.sensors.push_back(read_sensor(sensor));
    for (std::size_t i = 0; i + 1 < spec.sensors.size(); ++i) {
      if (spec.sensors[i].id == spec.sensors.back().id) {
        sensor.refuse(
            "id", fmt::format("one that no other sensor has, not '{}'", spec.sensors.back().id));
      }
    }
  });
  reader.finish();
  if (spec.sensors.empty()) reader.refuse("sensors", "a list of at least one sensor");
  return spec;
}

}  // namespace wattfor
