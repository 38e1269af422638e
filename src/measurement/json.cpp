#include "measurement/json.h"

#include <fmt/format.h>

#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/error.h"
#include "measurement/json_fields.h"

namespace wattfor {
namespace {

using nlohmann::json;

template <class Type>
concept Integer = std::integral<Type> && !std::same_as<Type, bool>;

// The keys of an energy figure, behind a prefix ("net_").
struct FigureKeys {
  explicit FigureKeys(std::string_view prefix)
      : energy(fmt::format("{}energy_j", prefix)),
        low(fmt::format("{}energy_low_j", prefix)),
        high(fmt::format("{}energy_high_j", prefix)),
        comparison_low(fmt::format("{}comparison_low_j", prefix)),
        comparison_high(fmt::format("{}comparison_high_j", prefix)) {}

  std::string energy;
  std::string low;
  std::string high;
  std::string comparison_low;
  std::string comparison_high;
};

// Builds one JSON object.
class Writer {
 public:
  template <class Value>
  void operator()(std::string_view key, const Value& value) {
    object_[std::string(key)] = written(value);
  }

  template <class Value>
  void added(std::string_view key, const Value& value) {
    (*this)(key, value);
  }

  void figure(std::string_view prefix, const std::optional<EnergyFigure>& figure) {
    const FigureKeys keys(prefix);
    object_[keys.energy] = figure ? written(figure->energy) : json();
    interval(keys.low, keys.high, figure ? figure->absolute : std::nullopt);
    interval(keys.comparison_low, keys.comparison_high, figure ? figure->comparison : std::nullopt);
  }

  static json written(const auto& record)
    requires requires(Writer each) { json_fields::visit(each, record); }
  {
    Writer each;
    json_fields::visit(each, record);
    return std::move(each.object_);
  }

 private:
  void interval(const std::string& low, const std::string& high,
                const std::optional<Interval>& interval) {
    const bool known = interval && std::isfinite(interval->low) && std::isfinite(interval->high);
    object_[low] = known ? json(interval->low) : json();
    object_[high] = known ? json(interval->high) : json();
  }

  static json written(const std::string& text) { return text; }
  static json written(std::same_as<bool> auto truth) { return truth; }
  static json written(Integer auto number) { return number; }
  static json written(double number) { return std::isfinite(number) ? json(number) : json(); }
  static json written(Joules energy) { return written(energy.value()); }
  static json written(Watts power) { return written(power.value()); }
  static json written(Seconds duration) { return written(duration.count()); }
  template <class Enum>
    requires std::is_enum_v<Enum>
  static json written(Enum value) {
    return std::string(name_of(value));
  }
  template <class Value>
  static json written(const std::optional<Value>& value) {
    return value ? written(*value) : json();
  }
  template <class Value>
  static json written(const std::vector<Value>& values) {
    json list = json::array();
    for (const Value& value : values) list.push_back(written(value));
    return list;
  }
  template <class Value>
  static json written(const std::map<std::string, Value>& map) {
    json object = json::object();
    for (const auto& [key, value] : map) object[key] = written(value);
    return object;
  }

  json object_ = json::object();
};

// A JSON value as a message shows it. Lists and objects by their type alone: they may be long, and
// nested deeper than the stack.
std::string shown(const json& value) {
  constexpr std::size_t longest = 40;
  if (value.is_structured()) return fmt::format("an {}", value.type_name());
  std::string text = dump(value);
  if (text.size() > longest) text = dump(json(text.substr(0, longest))) + " …";
  return text;
}

// Members that a record may do without.
template <class Member>
constexpr bool may_be_absent = false;
template <class Value>
constexpr bool may_be_absent<std::optional<Value>> = true;
template <class Value>
constexpr bool may_be_absent<std::vector<Value>> = true;
template <class Key, class Value>
constexpr bool may_be_absent<std::map<Key, Value>> = true;

// Reads one JSON object, and knows where in the record it lies.
class Reader {
 public:
  Reader(const json& object, std::string path) : object_(object), path_(std::move(path)) {
    if (!object_.is_object()) throw expected("an object", object_, path_);
  }

  template <class Value>
  void operator()(std::string_view key, Value& value) const {
    const std::string path = below(key);
    const json* found = find(key);
    if (found != nullptr) {
      read(*found, path, value);
    } else if constexpr (!may_be_absent<Value>) {
      throw Error(ErrorCode::invalid_input, fmt::format("the key '{}' is missing", path));
    }
  }

  // Where the key is missing the value stays what it is.
  template <class Value>
  void added(std::string_view key, Value& value) const {
    if (find(key) != nullptr) (*this)(key, value);
  }

  void figure(std::string_view prefix, EnergyFigure& figure) const {
    const FigureKeys keys(prefix);
    (*this)(keys.energy, figure.energy);
    figure.absolute = interval(keys.low, keys.high);
    figure.comparison = interval(keys.comparison_low, keys.comparison_high);
  }

  void figure(std::string_view prefix, std::optional<EnergyFigure>& figure) const {
    const json* energy = find(FigureKeys(prefix).energy);
    if (energy == nullptr || energy->is_null()) {
      figure.reset();
    } else {
      this->figure(prefix, figure.emplace());
    }
  }

  // The whole of a record that `value` should be.
  static void read(const json& value, const std::string& path, auto& record)
    requires requires(Reader each) { json_fields::visit(each, record); }
  {
    Reader each(value, path);
    json_fields::visit(each, record);
  }

 private:
  static Error expected(std::string_view what, const json& value, std::string_view path) {
    return {ErrorCode::invalid_input,
            fmt::format("{}: expected {}, found {}",
                        path.empty() ? "the record" : fmt::format("the key '{}'", path), what,
                        shown(value))};
  }

  std::string below(std::string_view key) const {
    return path_.empty() ? std::string(key) : fmt::format("{}.{}", path_, key);
  }

  const json* find(std::string_view key) const {
    const auto found = object_.find(key);
    return found == object_.end() ? nullptr : &*found;
  }

  std::optional<Interval> interval(std::string_view low_key, std::string_view high_key) const {
    std::optional<double> low;
    std::optional<double> high;
    (*this)(low_key, low);
    (*this)(high_key, high);
    if (!low || !high) return std::nullopt;
    return Interval{.low = *low, .high = *high};
  }

  static void read(const json& value, const std::string& path, std::string& text) {
    if (!value.is_string()) throw expected("text", value, path);
    text = value.get<std::string>();
  }
  static void read(const json& value, const std::string& path, bool& truth) {
    if (!value.is_boolean()) throw expected("true or false", value, path);
    truth = value.get<bool>();
  }
  template <Integer Number>
  static void read(const json& value, const std::string& path, Number& number) {
    using Limits = std::numeric_limits<Number>;
    const bool fits = value.is_number_unsigned() ? std::in_range<Number>(value.get<std::uint64_t>())
                      : value.is_number_integer() ? std::in_range<Number>(value.get<std::int64_t>())
                                                  : false;
    if (!fits) {
      throw expected(fmt::format("an integer from {} to {}", Limits::min(), Limits::max()), value,
                     path);
    }
    number = value.get<Number>();
  }
  static void read(const json& value, const std::string& path, double& number) {
    if (!value.is_number() && !value.is_null()) throw expected("a number or null", value, path);
    number = value.is_null() ? std::numeric_limits<double>::quiet_NaN() : value.get<double>();
  }
  template <class Unit>
  static void read(const json& value, const std::string& path, Quantity<Unit>& quantity) {
    double number = 0.0;
    read(value, path, number);
    quantity = Quantity<Unit>(number);
  }
  static void read(const json& value, const std::string& path, Seconds& duration) {
    double number = 0.0;
    read(value, path, number);
    duration = Seconds(number);
  }
  template <class Enum>
    requires std::is_enum_v<Enum>
  static void read(const json& value, const std::string& path, Enum& enumerator) {
    const auto found =
        value.is_string() ? from_name<Enum>(value.get_ref<const std::string&>()) : std::nullopt;
    if (!found) {
      std::vector<std::string_view> names;
      names.reserve(enumerators<Enum>.size());
      for (const Enum each : enumerators<Enum>) names.push_back(name_of(each));
      throw expected(fmt::format("one of {}", fmt::join(names, ", ")), value, path);
    }
    enumerator = *found;
  }
  template <class Value>
  static void read(const json& value, const std::string& path, std::optional<Value>& optional) {
    if (value.is_null()) {
      optional.reset();
    } else {
      read(value, path, optional.emplace());
    }
  }
  template <class Value>
  static void read(const json& value, const std::string& path, std::vector<Value>& list) {
    if (!value.is_array()) throw expected("a list", value, path);
    list.clear();
    for (const json& entry : value) {
      const std::string entry_path = fmt::format("{}[{}]", path, list.size());
      read(entry, entry_path, list.emplace_back());
    }
  }
  template <class Value>
  static void read(const json& value, const std::string& path, std::map<std::string, Value>& map) {
    if (!value.is_object()) throw expected("an object", value, path);
    map.clear();
    for (const auto& [key, entry] : value.items()) {
      read(entry, fmt::format("{}.{}", path, key), map[key]);
    }
  }

  const json& object_;
  std::string path_;
};

std::string_view kind_of(const Measurement& measurement) {
  return measurement.cell ? "cell" : "run";
}

template <class Record>
Record record_from(const json& value) {
  Record record;
  Reader::read(value, "", record);
  return record;
}

}  // namespace

json to_json(const EnergyFigure& figure) { return Writer::written(figure); }
json to_json(const EnergyReport& report) { return Writer::written(report); }
json to_json(const Accuracy& accuracy) { return Writer::written(accuracy); }
json to_json(const PublishedFigure& figure) { return Writer::written(figure); }
json to_json(const ModelStatistics& statistics) { return Writer::written(statistics); }
json to_json(const TrainingRun& run) { return Writer::written(run); }
json to_json(const TrainingFacts& facts) { return Writer::written(facts); }
json to_json(const MarkedWindow& window) { return Writer::written(window); }
json to_json(const Measurement& measurement) {
  json object = Writer::written(measurement);
  object["kind"] = kind_of(measurement);
  return object;
}

Measurement measurement_from_json(const json& json) {
  auto measurement = record_from<Measurement>(json);
  const std::string_view kind = kind_of(measurement);
  if (const auto found = json.find("kind"); found != json.end() && *found != kind) {
    throw Error(ErrorCode::invalid_input,
                fmt::format("the key 'kind': expected \"{}\", as the record has {} cell, found {}",
                            kind, measurement.cell ? "a" : "no", shown(*found)));
  }
  return measurement;
}

MarkedWindow window_from_json(const json& json) { return record_from<MarkedWindow>(json); }
Accuracy accuracy_from_json(const json& json) { return record_from<Accuracy>(json); }
PublishedFigure figure_from_json(const json& json) { return record_from<PublishedFigure>(json); }
ModelStatistics statistics_from_json(const json& json) {
  return record_from<ModelStatistics>(json);
}
TrainingRun training_run_from_json(const json& json) { return record_from<TrainingRun>(json); }

std::string dump(const json& json, int indent) {
  return json.dump(indent, ' ', false, json::error_handler_t::replace);
}

}  // namespace wattfor
