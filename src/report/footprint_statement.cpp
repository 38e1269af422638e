#include "report/footprint_statement.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "document/markup.h"
#include "document/numbers.h"
#include "report/footprint_words.h"
#include "report/scope_words.h"

namespace wattfor {
namespace {

std::string_view activity_of(Phase phase) {
  switch (phase) {
    case Phase::pretraining:
      return "Pre-training";
    case Phase::finetuning:
      return "Fine-tuning";
    case Phase::testing:
      return "Testing";
    case Phase::training:
      break;
  }
  return "Training";
}

// "95 % interval 1.46 kWh to 1.60 kWh"
std::string interval_words(const EnergyFigure& figure) {
  if (!figure.absolute) return "no interval is known";
  return fmt::format("95 % interval {} to {}", electricity_text(Joules(figure.absolute->low)),
                     electricity_text(Joules(figure.absolute->high)));
}

std::string dated(const Measurement& run) {
  constexpr std::size_t day = std::string_view("2026-01-01").size();
  return fmt::format("{}, begun {}", duration_text(run.energy.duration),
                     run.started_at.substr(0, day));
}

// ", shared over 10 uses": how much of a run counts.
std::string share_words(double share) {
  if (share == 1.0) return "";
  const double uses = 1.0 / share;
  constexpr double rounding = 1e-9;
  if (std::abs(uses - std::round(uses)) < rounding * uses) {
    return fmt::format(", shared over {:.0f} uses", uses);
  }
  return fmt::format(", {} of it", plain_share(share));
}

// What was done, and what it took: as it flowed into the machines, before any PUE.
std::string taken(const FootprintView& view) {
  if (!view.counted) {
    return fmt::format("Of the electricity of {} nothing is known.", subjects_of(view));
  }
  if (view.making.size() == 1) {
    const FootprintRow& row = view.making.front();
    return fmt::format("{} {} took {} of electricity ({}; {}{}).", activity_of(row.phase),
                       subject_of(*row.run), electricity_text(view.counted->energy),
                       interval_words(*view.counted), dated(*row.run), share_words(row.share));
  }
  std::vector<std::string> parts;
  parts.reserve(view.making.size());
  for (const FootprintRow& row : view.making) {
    parts.push_back(fmt::format(
        "{} for {} ({}; {}{})",
        row.counted ? electricity_text(row.counted->energy) : std::string("an unknown amount"),
        name_of(row.phase), row.run->name, dated(*row.run), share_words(row.share)));
  }
  return fmt::format("Making {} took {} of electricity in all ({}): {}.", subjects_of(view),
                     electricity_text(view.counted->energy), interval_words(*view.counted),
                     listed_words(parts));
}

// "cpu package 0 by rapl:package-0", "dram 0 (modelled: …)", "gpu 0 (missing)"
std::string component_words(const ComponentEnergy& component) {
  if (component.basis == Basis::measured && !component.sensors.empty()) {
    return fmt::format("{} by {}", component.name, fmt::join(component.sensors, " and "));
  }
  if (component.assumption.empty()) {
    return fmt::format("{} ({})", component.name, name_of(component.basis));
  }
  return fmt::format("{} ({}: {})", component.name, name_of(component.basis), component.assumption);
}

// How a run's energy came about; the same words for all that were measured alike.
std::string method_of(const Measurement& run) {
  std::vector<std::string> components;
  for (const ComponentEnergy& component : run.energy.components) {
    if (component.in_total) components.push_back(component_words(component));
  }
  const std::string hardware = hardware_words(run.machine);
  return fmt::format(
      "with wattfor {}{}: {}; its scope is {}, idle power included", run.wattfor_version,
      hardware.empty() ? "" : " on " + hardware,
      components.empty() ? std::string(name_of(run.energy.total.basis)) : listed_words(components),
      scope_words(run.energy.total.scope, run.energy.components));
}

std::string methods(const FootprintView& view) {
  std::vector<std::pair<std::string, std::vector<std::string>>> alike;
  for (const FootprintRow& row : view.making) {
    std::string method = method_of(*row.run);
    const auto same =
        std::ranges::find_if(alike, [&](const auto& each) { return each.first == method; });
    if (same == alike.end()) {
      alike.emplace_back(std::move(method), std::vector{row.run->name});
    } else {
      same->second.push_back(row.run->name);
    }
  }
  std::string text;
  for (const auto& [method, names] : alike) {
    text += alike.size() == 1
                ? fmt::format(" The energy was determined {}.", method)
                : fmt::format(" The energy of {} was determined {}.", listed_words(names), method);
  }
  return text;
}

std::string overhead(const FootprintView& view) {
  if (!view.electricity.is_pue_said) {
    return " The data centre's overhead (PUE) is not in it.";
  }
  return fmt::format(" With a PUE of {} it is {} ({}).", view.electricity.terms.pue,
                     electricity_text(view.total->energy.energy),
                     interval_words(view.total->energy));
}

std::string emitted(const FootprintView& view) {
  const auto& carbon = view.total->carbon_g;
  if (!carbon) return " Emissions are not stated, as the grid's carbon intensity was not given.";
  std::string text =
      fmt::format(" At {} g CO2e/kWh ({}) this is {} CO2e", *view.electricity.terms.g_per_kwh,
                  intensity_origin(view.electricity), carbon_text(carbon->value));
  if (carbon->interval) {
    text += fmt::format(
        " (95 % interval {} to {}, of the energy alone: the uncertainty of the intensity is not "
        "known)",
        carbon_text(carbon->interval->low), carbon_text(carbon->interval->high));
  }
  return text + ".";
}

std::string paid(const FootprintView& view) {
  if (!view.total->cost) return "";
  const std::string& currency = view.electricity.currency;
  return fmt::format(" At {}{}{} a kWh it cost {}.", *view.electricity.terms.kwh_price,
                     currency.empty() ? "" : " ", currency,
                     money_text(view.total->cost->value, currency));
}

std::string tested(const FootprintView& view) {
  std::vector<std::string> tests;
  for (const FootprintRow& row : view.tests) {
    if (row.counted) {
      tests.push_back(fmt::format("{} ({}; {})", electricity_text(row.counted->energy),
                                  row.run->name, interval_words(*row.counted)));
    }
  }
  if (tests.empty()) return "";
  return fmt::format(" Testing{} took {}.", view.making.empty() ? "" : ", which is not in it,",
                     listed_words(tests));
}

}  // namespace

std::string footprint_statement(const FootprintView& view) {
  std::string text;
  if (!view.making.empty()) {
    text = taken(view) + methods(view);
    if (view.total) text += overhead(view) + emitted(view) + paid(view);
  }
  text += tested(view);
  for (const std::string& each : view.warnings) text += " Note: " + each + ".";
  const std::size_t first = text.find_first_not_of(' ');
  return one_line(first == std::string::npos ? "" : text.substr(first)) + "\n";
}

}  // namespace wattfor
