#include "report/electricity_settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/file.h"
#include "document/numbers.h"
#include "document/text_table.h"
#include "report/json_values.h"
#include "report/nearest_word.h"

namespace wattfor {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

// A number of the settings, as it is called in either place, and the least it may be.
struct SettingNumber {
  std::optional<double> ElectricitySettings::* number;
  std::string_view key;
  std::string_view option;
  double least;
  std::string_view expected;
};
constexpr std::array setting_numbers{
    SettingNumber{&ElectricitySettings::g_per_kwh, "intensity_g_per_kwh", "--intensity", 0.0,
                  "grams of CO2 equivalent a kWh, 0 or more"},
    SettingNumber{&ElectricitySettings::pue, "pue", "--pue", 1.0, "1 or more"},
    SettingNumber{&ElectricitySettings::kwh_price, "kwh_price", "--kwh-price", 0.0,
                  "a price, 0 or more"}};

struct SettingText {
  std::optional<std::string> ElectricitySettings::* text;
  std::string_view key;
};
constexpr std::array setting_texts{SettingText{&ElectricitySettings::region, "region"},
                                   SettingText{&ElectricitySettings::currency, "currency"}};

bool is_allowed(const SettingNumber& setting, double value) {
  return std::isfinite(value) && value >= setting.least;
}

std::string lower_case(std::string text) {
  std::ranges::transform(text, text.begin(), [](char letter) {
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
  });
  return text;
}

// The country that was probably meant: by its code where a code was typed.
std::string nearest_country(const std::string& typed) {
  constexpr std::size_t longest_code = 3;
  const bool is_code = typed.size() <= longest_code;
  std::vector<std::string> words;
  words.reserve(grid_intensities().size());
  for (const GridIntensity& grid : grid_intensities()) {
    words.push_back(lower_case(std::string(is_code ? grid.alpha3 : grid.country)));
  }
  const GridIntensity* grid = find_grid(nearest_word(lower_case(typed), words));
  return is_code ? fmt::format("{} ({})", grid->alpha3, grid->country) : std::string(grid->country);
}

// Why a region can't be taken; nothing where it can.
std::optional<std::string> problem_of(const std::string& region, bool has_intensity) {
  if (region.empty()) return "expected a country's ISO 3166 code or English name";
  if (has_intensity || find_grid(region) != nullptr) return std::nullopt;
  return fmt::format(
      "there is no intensity of '{}'; did you mean {}? It takes a country's ISO 3166 code or "
      "English name; for any other place say the intensity (--intensity G_PER_KWH), too",
      printable(region), nearest_country(region));
}

void require_allowed(const ElectricitySettings& said) {
  for (const SettingNumber& setting : setting_numbers) {
    const auto& number = said.*setting.number;
    if (!number || is_allowed(setting, *number)) continue;
    throw Error(ErrorCode::usage,
                fmt::format("{} is {}: expected {}", setting.option, *number, setting.expected));
  }
  if (!said.region) return;
  if (const auto problem = problem_of(*said.region, said.g_per_kwh.has_value())) {
    throw Error(ErrorCode::usage, "--region: " + *problem);
  }
}

void read_setting(ElectricitySettings& settings, const std::string& key, const Json& value,
                  const std::string& file) {
  const auto refuse = [&](std::string_view expected) {
    return Error(ErrorCode::invalid_input,
                 fmt::format("{}: '{}' is {}: expected {}", file, key,
                             value.dump(-1, ' ', false, Json::error_handler_t::replace), expected));
  };
  for (const SettingNumber& setting : setting_numbers) {
    if (key != setting.key) continue;
    if (!value.is_number() || !is_allowed(setting, value.get<double>())) {
      throw refuse(setting.expected);
    }
    settings.*setting.number = value.get<double>();
    return;
  }
  for (const SettingText& setting : setting_texts) {
    if (key != setting.key) continue;
    if (!value.is_string() || value.get<std::string>().empty()) throw refuse("a text");
    settings.*setting.text = value.get<std::string>();
    return;
  }
  std::vector<std::string> keys;
  keys.reserve(setting_texts.size() + setting_numbers.size());
  for (const SettingText& setting : setting_texts) keys.emplace_back(setting.key);
  for (const SettingNumber& setting : setting_numbers) keys.emplace_back(setting.key);
  throw Error(ErrorCode::invalid_input,
              fmt::format("{}: there is no setting '{}'; did you mean '{}'?", file, printable(key),
                          nearest_word(key, keys)));
}

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

}  // namespace

std::optional<fs::path> configuration_file() {
  if (fs::path file = variable("WATTFOR_CONFIG"); !file.empty()) return file;
  // The XDG specification asks to ignore a relative path.
  if (const fs::path folder = variable("XDG_CONFIG_HOME"); folder.is_absolute()) {
    return folder / "wattfor" / "config.json";
  }
  if (const std::string home = variable("HOME"); !home.empty()) {
    return fs::path(home) / ".config" / "wattfor" / "config.json";
  }
  return std::nullopt;
}

ElectricitySettings parse_configuration(const std::string& text, const std::string& file) {
  const Json json = Json::parse(text, nullptr, false);
  if (!json.is_object()) {
    throw Error(ErrorCode::invalid_input,
                fmt::format("{}: expected a JSON object like {{\"region\": \"DE\"}}", file));
  }
  ElectricitySettings settings;
  for (const auto& [key, value] : json.items()) read_setting(settings, key, value, file);
  if (settings.region) {
    if (const auto problem = problem_of(*settings.region, settings.g_per_kwh.has_value())) {
      throw Error(ErrorCode::invalid_input, fmt::format("{}: 'region': {}", file, *problem));
    }
  }
  return settings;
}

ElectricitySettings configured_settings() {
  const auto file = configuration_file();
  std::error_code ignored;
  if (!file || (variable("WATTFOR_CONFIG").empty() && !fs::exists(*file, ignored))) return {};
  return parse_configuration(read_file(*file), file->string());
}

Electricity electricity_of(const ElectricitySettings& said, const ElectricitySettings& configured) {
  require_allowed(said);
  Electricity electricity;
  const auto& region = said.region ? said.region : configured.region;
  if (region) {
    electricity.grid = find_grid(*region);
    electricity.place =
        electricity.grid == nullptr ? *region : std::string(electricity.grid->country);
  }
  auto intensity = said.g_per_kwh;
  if (!intensity && !said.region) intensity = configured.g_per_kwh;
  electricity.is_own_intensity = intensity.has_value();
  if (!intensity && electricity.grid != nullptr) intensity = electricity.grid->g_per_kwh;
  const auto pue = said.pue ? said.pue : configured.pue;
  electricity.is_pue_said = pue.has_value();
  electricity.terms = {.pue = pue.value_or(1.0),
                       .g_per_kwh = intensity,
                       .kwh_price = said.kwh_price ? said.kwh_price : configured.kwh_price};
  electricity.currency = said.currency.value_or(configured.currency.value_or(""));
  return electricity;
}

std::string intensity_origin(const Electricity& electricity) {
  if (!electricity.terms.g_per_kwh) return "";
  if (electricity.is_own_intensity) {
    return electricity.place.empty() ? "as given" : electricity.place + ", as given";
  }
  return fmt::format("{} {}, {}", electricity.grid->country, electricity.grid->year,
                     grid_intensity_source);
}

std::string money_text(double amount, const std::string& currency) {
  return currency.empty() ? plain_number(amount)
                          : fmt::format("{} {}", plain_number(amount), printable(currency));
}

std::string how_to_say_a_region() {
  const auto file = configuration_file();
  return fmt::format(
      "carbon is left out, as no country is guessed: say --region CODE (a country), or --intensity "
      "G_PER_KWH{}",
      file ? fmt::format(", or keep {{\"region\": \"CODE\"}} in {}", file->string()) : "");
}

nlohmann::json to_json(const Electricity& electricity) {
  const bool is_of_table = electricity.grid != nullptr && !electricity.is_own_intensity;
  return {{"pue", electricity.terms.pue},
          {"region", text_or_null(electricity.place)},
          {"country_iso_code",
           electricity.grid == nullptr ? Json(nullptr) : Json(electricity.grid->alpha3)},
          {"intensity_g_per_kwh", value_or_null(electricity.terms.g_per_kwh)},
          {"intensity_year", is_of_table ? Json(electricity.grid->year) : Json(nullptr)},
          {"intensity_source", text_or_null(intensity_origin(electricity))},
          {"kwh_price", value_or_null(electricity.terms.kwh_price)},
          {"currency", text_or_null(electricity.currency)}};
}

}  // namespace wattfor
