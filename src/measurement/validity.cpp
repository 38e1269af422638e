#include "measurement/validity.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <concepts>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/error.h"
#include "measurement/json_fields.h"

namespace wattfor {
namespace {

bool is_digit(char byte) { return byte >= '0' && byte <= '9'; }

bool are_digits(std::string_view text) { return std::ranges::all_of(text, is_digit); }

// A '0' in the pattern stands for any digit.
bool has_form(std::string_view text, std::string_view pattern) {
  return std::ranges::equal(text, pattern, [](char byte, char expected) {
    return expected == '0' ? is_digit(byte) : byte == expected;
  });
}

int number_at(std::string_view text, std::size_t begin, std::size_t digits) {
  int number = 0;
  for (const char digit : text.substr(begin, digits)) number = 10 * number + (digit - '0');
  return number;
}

bool is_offset(std::string_view text) {
  if (text == "Z") return true;
  const bool has_sign = has_form(text, "+00:00") || has_form(text, "-00:00");
  return has_sign && number_at(text, 1, 2) < 24 && number_at(text, 4, 2) < 60;
}

// RFC 3339, section 5.6: "2026-01-31T12:00:00.000Z".
bool is_time(std::string_view text) {
  constexpr std::string_view seconds = "0000-00-00T00:00:00";
  if (!has_form(text.substr(0, seconds.size()), seconds)) return false;
  const std::chrono::year_month_day date(
      std::chrono::year(number_at(text, 0, 4)),
      std::chrono::month(static_cast<unsigned>(number_at(text, 5, 2))),
      std::chrono::day(static_cast<unsigned>(number_at(text, 8, 2))));
  const bool has_second = number_at(text, 17, 2) <= 60;  // 60: a leap second
  if (!date.ok() || number_at(text, 11, 2) > 23 || number_at(text, 14, 2) > 59 || !has_second) {
    return false;
  }
  std::string_view rest = text.substr(seconds.size());
  if (rest.starts_with('.')) {
    const std::size_t end = std::min(rest.find_first_of("Z+-"), rest.size());
    if (end == 1 || !are_digits(rest.substr(1, end - 1))) return false;
    rest.remove_prefix(end);
  }
  return is_offset(rest);
}

// Checks one record, key by key, and knows where in the file's record it lies. A key without a rule
// of its own must not be below zero where it is a number, and may be any text.
class Checker {
 public:
  explicit Checker(std::string path) : path_(std::move(path)) {}

  template <class Value>
  void operator()(std::string_view key, const Value& value) const {
    check(path_.empty() ? std::string(key) : fmt::format("{}.{}", path_, key), value);
  }

  template <class Value>
  void added(std::string_view key, const Value& value) const {
    (*this)(key, value);
  }

  // The ends of an interval may lie below zero.
  void figure(std::string_view prefix, const EnergyFigure& figure) const {
    (*this)(fmt::format("{}energy_j", prefix), figure.energy);
  }
  void figure(std::string_view prefix, const std::optional<EnergyFigure>& figure) const {
    if (figure) this->figure(prefix, *figure);
  }

  static void check(const std::string& path, const auto& record)
    requires requires(Checker each) { json_fields::visit(each, record); }
  {
    Checker each(path);
    json_fields::visit(each, record);
  }

 private:
  template <class Value>
  static void refuse(const std::string& path, std::string_view expected, const Value& found) {
    throw Error(ErrorCode::invalid_input,
                fmt::format("the key '{}': expected {}, found {}", path, expected, found));
  }

  static void check(const std::string& path, const std::string& text) {
    constexpr std::array required{"id", "model", "test_set", "counter", "setup.id"};
    constexpr std::array names{"id",
                               "model",
                               "test_set",
                               "cell.model.name",
                               "counter",
                               "setup.id",
                               "cell.setup.id",
                               "task",
                               "dataset",
                               "device",
                               "pretrain_dataset",
                               "training.model",
                               "training.task",
                               "training.dataset"};
    if (path == "started_at" && !is_time(text)) {
      refuse(path, "a time as RFC 3339 has it, e.g. 2026-01-31T12:00:00Z",
             fmt::format("'{}'", text.substr(0, 40)));
    }
    if (text.empty() && std::ranges::find(required, path) != required.end()) {
      refuse(path, "a name", "nothing");
    }
    if (text.size() > longest_name_bytes && std::ranges::find(names, path) != names.end()) {
      refuse(path, fmt::format("a name of at most {} bytes", longest_name_bytes),
             fmt::format("{} bytes", text.size()));
    }
  }
  // Written so that NaN, an unknown number, passes.
  static void check(const std::string& path, double number) {
    if (path.ends_with("temperature_c") || path.ends_with("low_j") || path.ends_with("high_j")) {
      return;
    }
    const bool is_accuracy =
        path == "top1_percent" || path == "top5_percent" || path.ends_with("accuracy_percent");
    if (is_accuracy && (number < 0.0 || number > 100.0)) {
      refuse(path, "a percentage from 0 to 100", number);
    }
    if (number < 0.0) refuse(path, "nothing below 0", number);
    if (path.ends_with("data_fraction") && (number == 0.0 || number > 1.0)) {
      refuse(path, "a share above 0, at most 1", number);
    }
    if (path.ends_with("uses") && number == 0.0) refuse(path, "a number above 0", number);
  }
  static void check(const std::string& path, Joules energy) {
    const bool is_net = path.find("net_") != std::string::npos;
    if (!is_net) check(path, energy.value());
  }
  static void check(const std::string& path, Watts power) { check(path, power.value()); }
  static void check(const std::string& path, Seconds duration) { check(path, duration.count()); }
  template <std::integral Number>
  static void check(const std::string& path, Number number) {
    const Number least = path.ends_with("batch_size") ? 1 : 0;
    if (number < least) refuse(path, fmt::format("at least {}", least), number);
  }
  template <class Enum>
    requires std::is_enum_v<Enum>
  static void check(const std::string& /*path*/, Enum /*value*/) {}
  static void check(const std::string& /*path*/, bool /*truth*/) {}
  template <class Value>
  static void check(const std::string& path, const std::map<std::string, Value>& map) {
    for (const auto& [key, value] : map) check(fmt::format("{}.{}", path, key), value);
  }
  template <class Value>
  static void check(const std::string& path, const std::optional<Value>& value) {
    if (value) check(path, *value);
  }
  template <class Value>
  static void check(const std::string& path, const std::vector<Value>& values) {
    for (std::size_t i = 0; i < values.size(); ++i)
      check(fmt::format("{}[{}]", path, i), values[i]);
  }

  std::string path_;
};

}  // namespace

void require_valid(const Measurement& measurement) { Checker::check("", measurement); }
void require_valid(const Accuracy& accuracy) { Checker::check("", accuracy); }
void require_valid(const PublishedFigure& figure) {
  Checker::check("", figure);
  const double energy_j = figure.energy_per_image.energy.value();
  if (!(energy_j > 0.0)) {
    throw Error(ErrorCode::invalid_input,
                fmt::format("the key 'energy_per_image.energy_j': expected joules above 0, found "
                            "{}",
                            energy_j));
  }
  if (figure.basis != Basis::measured && figure.basis != Basis::modelled) {
    throw Error(ErrorCode::invalid_input,
                fmt::format("the key 'basis': expected measured or modelled, found {}",
                            name_of(figure.basis)));
  }
}
void require_valid(const ModelStatistics& statistics) { Checker::check("", statistics); }
void require_valid(const TrainingRun& run) { Checker::check("", run); }

}  // namespace wattfor
