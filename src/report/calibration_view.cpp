#include "report/calibration_view.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "document/text_table.h"

namespace wattfor {
namespace {

constexpr double ms_a_second = 1e3;
constexpr double percents_a_whole = 100.0;
constexpr int most_decimals = 6;

std::string_view words_of(ResponseKind kind) {
  switch (kind) {
    case ResponseKind::counter:
      return "counts energy (counter)";
    case ResponseKind::instantaneous:
      return "shows the power of a moment (instantaneous)";
    case ResponseKind::boxcar:
      return "shows the mean of its latest window (boxcar)";
    case ResponseKind::exponential:
      return "follows as an RC filter does (exponential)";
  }
  return "";
}

// As many decimals as the error's two leading digits need.
int decimals_for(double error) {
  if (!(error > 0.0) || !std::isfinite(error)) return 0;
  return std::clamp(1 - static_cast<int>(std::floor(std::log10(error))), 0, most_decimals);
}

class Rows {
 public:
  template <class Value>
  void add(std::string name, const std::optional<Uncertain<Value>>& found, double scale,
           std::string unit) {
    if (!found) return;
    const double value = scale * plain(found->value);
    const double error = scale * plain(found->standard_error);
    const int decimals = decimals_for(error);
    table_.add({std::move(name), fmt::format("{:.{}f}", value, decimals),
                fmt::format("{:.{}f}", error, decimals), std::move(unit)});
    any_ = true;
  }
  void add_exact(std::string name, double value, std::string unit) {
    table_.add({std::move(name), fmt::format("{:.6g}", value), "", std::move(unit)});
    any_ = true;
  }
  std::string text() const { return any_ ? table_.text() : ""; }

 private:
  static double plain(Seconds value) { return value.count(); }
  static double plain(Watts value) { return value.value(); }
  static double plain(double value) { return value; }

  TextTable table_{
      {{"Quantity"}, {"Value", Align::right}, {"± standard error", Align::right}, {"Unit"}}};
  bool any_ = false;
};

}  // namespace

nlohmann::json calibration_json(const Identification& found) {
  nlohmann::json json = to_json(found.profile);
  if (!found.kind) json["kind"] = nullptr;
  json["attention_test"] = nullptr;
  if (const auto& test = found.attention_test) {
    std::vector<double> means;
    for (const Watts mean : test->means) means.push_back(mean.value());
    const auto& attention = test->attention;
    json["attention_test"] = {
        {"means_w", means},
        {"spread_w", test->spread.value()},
        {"noise_w", test->noise.value()},
        {"part_time", test->part_time},
        {"attention", attention ? nlohmann::json{{"value", attention->value},
                                                 {"standard_error", attention->standard_error}}
                                : nlohmann::json(nullptr)}};
  }
  json["notes"] = found.notes;
  return json;
}

std::string calibration_text(const Identification& found, int width) {
  const SensorProfile& profile = found.profile;
  const std::string board = profile.device.empty() ? "the board" : profile.device;
  std::string text =
      fmt::format("{} of {}: {}\n", printable(profile.field), printable(board),
                  found.kind ? words_of(*found.kind) : "how it responds could not be told");
  Rows rows;
  rows.add("update period", profile.update_period, ms_a_second, "ms");
  rows.add("window", profile.window, ms_a_second, "ms");
  rows.add("time constant", profile.time_constant, ms_a_second, "ms");
  rows.add("delay", profile.delay, ms_a_second, "ms");
  rows.add("gain", profile.gain, 1.0, "");
  rows.add("offset", profile.offset, 1.0, "W");
  rows.add("attention", profile.attention, percents_a_whole, "% of the time");
  if (found.attention_test && found.attention_test->attention != profile.attention) {
    rows.add(
        "in step with it", found.attention_test->attention, percents_a_whole,
        fmt::format("% of the time, from {} launch phases", found.attention_test->means.size()));
  }
  if (profile.quantum) {
    rows.add_exact("quantum", *profile.quantum, found.kind == ResponseKind::counter ? "J" : "W");
  }
  const std::string table = rows.text();
  if (!table.empty()) text += "\n" + table;
  if (!found.notes.empty()) text += "\nNotes:\n";
  for (const std::string& note : found.notes) {
    text += wrapped_text("  " + printable(note), width, 4);
  }
  return text;
}

std::string profile_words(const SensorProfile& profile) {
  std::vector<std::string> words;
  const auto add_time = [&words](std::string_view name, const auto& found) {
    if (found) words.push_back(fmt::format("{} {:.4g} ms", name, 1e3 * found->value.count()));
  };
  add_time("T", profile.update_period);
  add_time("W", profile.window);
  add_time("τ", profile.time_constant);
  if (profile.gain) {
    words.push_back(fmt::format("gain {:.4g} ± {:.2g} %", profile.gain->value,
                                percents_a_whole * profile.gain_uncertainty()));
    if (profile.offset) {
      words.push_back(fmt::format("offset {:.3g} ± {:.2g} W", profile.offset->value.value(),
                                  profile.offset_uncertainty().value()));
    }
    if (!profile.gain_origin.empty()) words.back() += fmt::format(" ({})", profile.gain_origin);
  } else {
    words.emplace_back("gain not told");
  }
  const std::string origin = profile.origin.empty() ? "calibrated" : profile.origin;
  return fmt::format("{}: {}", origin, fmt::join(words, ", "));
}

}  // namespace wattfor
