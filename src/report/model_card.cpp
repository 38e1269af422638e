#include "report/model_card.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <vector>

#include "base/error.h"
#include "document/markup.h"
#include "report/footprint_words.h"

namespace wattfor {
namespace {

// A string in double quotes: those of JSON are YAML's, too.
std::string yaml_text(const std::string& text) {
  return nlohmann::json(one_line(text))
      .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

// Four significant digits and no power of ten: "1e-05" is a string to many readers.
std::string yaml_number(double value) {
  constexpr int digits = 4;
  if (value == 0.0) return "0";
  const int magnitude = static_cast<int>(std::floor(std::log10(std::abs(value))));
  return fmt::format("{:.{}f}", value, std::max(0, digits - 1 - magnitude));
}

std::string source_text(const FootprintView& view) {
  const Footprint& total = *view.total;
  std::string text = fmt::format("wattfor {}, {}: {}", view.making.front().run->wattfor_version,
                                 name_of(view.basis), electricity_text(total.energy.energy));
  if (total.carbon_g->interval) {
    text += fmt::format("; 95 % interval of the emissions, from the energy's, {} to {}",
                        carbon_text(total.carbon_g->interval->low),
                        carbon_text(total.carbon_g->interval->high));
  }
  text += fmt::format("; {} g CO2e/kWh: {}", *view.electricity.terms.g_per_kwh,
                      intensity_origin(view.electricity));
  if (view.electricity.is_pue_said) text += fmt::format("; PUE {}", view.electricity.terms.pue);
  return text;
}

// "pre-training and fine-tuning"
std::string training_type(const FootprintView& view) {
  std::vector<std::string> phases;
  for (const Phase phase : {Phase::pretraining, Phase::training, Phase::finetuning}) {
    if (std::ranges::any_of(view.making, [phase](const auto& row) { return row.phase == phase; })) {
      phases.emplace_back(name_of(phase));
    }
  }
  return listed_words(phases);
}

}  // namespace

std::string model_card_metadata(const FootprintView& view) {
  if (!view.electricity.terms.g_per_kwh) {
    throw Error(ErrorCode::usage, "a model card states emissions: " + how_to_say_a_region());
  }
  if (!view.total) {
    throw Error(ErrorCode::invalid_input,
                "there are no emissions to state: of no run but tests an energy is known");
  }
  refuse_simulated(view.making, "a model card");
  std::vector<std::string> hardware;
  for (const FootprintRow& row : view.making) {
    std::string words = hardware_words(row.run->machine);
    if (!words.empty() && std::ranges::find(hardware, words) == hardware.end()) {
      hardware.push_back(std::move(words));
    }
  }
  std::string text =
      fmt::format("co2_eq_emissions:\n  emissions: {}\n  source: {}\n",
                  yaml_number(view.total->carbon_g->value), yaml_text(source_text(view)));
  text += fmt::format("  training_type: {}\n", yaml_text(training_type(view)));
  if (!view.electricity.place.empty()) {
    text += fmt::format("  geographical_location: {}\n", yaml_text(view.electricity.place));
  }
  if (!hardware.empty()) {
    text += fmt::format("  hardware_used: {}\n",
                        yaml_text(fmt::format("{}", fmt::join(hardware, "; "))));
  }
  return text;
}

}  // namespace wattfor
