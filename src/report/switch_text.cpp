#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "document/numbers.h"
#include "report/energy_origin.h"
#include "report/equivalents_view.h"
#include "report/fitted_table.h"
#include "report/json_values.h"
#include "report/model_choice.h"
#include "report/switch_model.h"

namespace wattfor {
namespace {

std::string named(const ModelFigures& figures) {
  return words_of(ModelKey{.model = figures.model, .input_size = figures.input_size});
}

// "1.23 mJ ±4 %"; the interval alone tells where the saving may be none.
std::string saving_text(const EnergySaving& saving) {
  std::string text = si_number(saving.energy.value(), "J");
  if (!saving.interval || saving.energy == Joules(0.0)) return text;
  return fmt::format("{} {}", text, relative_interval(saving.energy.value(), saving.interval));
}

std::string factor_text(const Alternative& other) {
  const std::string_view doubt = is_unsure(other.factor).value_or(false) ? "?" : "";
  return fmt::format("×{:.3g}{}", other.factor.factor, doubt);
}

double kwh_a_year(const Usage& usage, Joules per_image) {
  return in_kilowatt_hours(yearly(usage, per_image).energy.energy);
}

std::string alternatives_table(const SwitchView& view, int width) {
  std::vector<TextColumn> columns{{.title = ""},
                                  {.title = "model"},
                                  {.title = "input", .align = Align::right, .worth = 3},
                                  {.title = "accuracy", .align = Align::right},
                                  {.title = "gained", .align = Align::right, .worth = 4},
                                  {.title = "J/image", .align = Align::right},
                                  {.title = "saved", .align = Align::right, .worth = 5},
                                  {.title = "factor", .align = Align::right},
                                  {.title = ""},  // what is slower: signs that no width drops
                                  {.title = "images/s", .align = Align::right, .worth = 2},
                                  {.title = "latency", .align = Align::right, .worth = 1}};
  if (view.usage) columns.push_back({"kWh/year", Align::right});
  std::vector<std::vector<std::string>> rows;
  const auto add = [&](const ModelFigures& each, std::string gained, std::string saved,
                       std::string factor, bool is_slower, bool is_later) {
    auto& cells = rows.emplace_back(std::vector<std::string>{
        each.on_pareto_front ? "●" : "", each.model,
        each.input_size == 0 ? "" : std::to_string(each.input_size),
        fmt::format("{:.2f} %", each.accuracy_percent), std::move(gained),
        si_number(each.energy.energy.value(), "J"), std::move(saved), std::move(factor),
        fmt::format("{}{}", is_slower ? "▼" : "", is_later ? "▲" : ""),
        each.throughput_per_s ? plain_number(*each.throughput_per_s) : std::string(unknown_number),
        each.latency_ms ? si_number(*each.latency_ms * 1e-3, "s") : std::string(unknown_number)});
    if (view.usage) cells.push_back(plain_number(kwh_a_year(*view.usage, each.energy.energy)));
  };
  for (const Alternative& each : view.alternatives) {
    add(each, fmt::format("{:+.2f}", each.accuracy_gained_percent), saving_text(each.saved),
        factor_text(each), each.is_slower, each.is_later);
  }
  add(view.current, "in use", "", "", false, false);
  return fitted_table(columns, rows, 1, width);
}

// What the signs in the table mean, those that are in it.
std::vector<std::string> legend_of(const SwitchView& view) {
  std::vector<std::string> lines;
  const auto is_any = [&](auto holds) { return std::ranges::any_of(view.alternatives, holds); };
  if (is_any(&Alternative::is_slower)) lines.emplace_back("▼ fewer images a second than in use");
  if (is_any(&Alternative::is_later)) lines.emplace_back("▲ a longer latency than in use");
  const auto is_doubtful = [](const Alternative& a) { return is_unsure(a.factor).value_or(false); };
  if (is_any(is_doubtful)) {
    lines.emplace_back("? the 95 % interval of the factor holds 1: that it needs less isn't sure");
  }
  for (const Alternative& each : view.alternatives) {
    if (is_doubtful(each) && each.accuracy_gained_percent == 0.0) {
      lines.push_back(fmt::format(
          "{} is exactly as accurate and its energy may be the same: the difference isn't sure",
          named(each)));
    }
  }
  if (is_any([](const Alternative& a) { return !a.factor.interval.has_value(); })) {
    lines.emplace_back("no interval is known where none stands: published figures carry none");
  }
  return lines;
}

std::vector<std::string> year_of(const SwitchView& view) {
  std::vector<std::string> lines;
  if (!view.usage) return lines;
  const Usage& usage = *view.usage;
  lines.push_back(fmt::format(
      "{} images a day: {} kWh a year with {}", plain_number(usage.images_per_day),
      plain_number(kwh_a_year(usage, view.current.energy.energy)), named(view.current)));
  if (view.alternatives.empty()) return lines;
  const Alternative& best = view.alternatives.front();
  const Footprint saved = yearly(usage, best.saved.energy);
  std::string text = fmt::format("{} saves {} kWh a year", named(best),
                                 plain_number(in_kilowatt_hours(saved.energy.energy)));
  if (best.saved.interval) {
    text +=
        fmt::format(" ({} … {})", plain_number(kwh_a_year(usage, Joules(best.saved.interval->low))),
                    plain_number(kwh_a_year(usage, Joules(best.saved.interval->high))));
  }
  const ElectricityTerms& terms = usage.electricity.terms;
  if (saved.cost) {
    text +=
        fmt::format(", {} at {} a kWh", money_text(saved.cost->value, usage.electricity.currency),
                    *terms.kwh_price);
  }
  if (saved.carbon_g) {
    text += fmt::format(", {} kg of CO2 equivalent at {} g a kWh ({})",
                        plain_number(saved.carbon_g->value * 1e-3), *terms.g_per_kwh,
                        intensity_origin(usage.electricity));
  }
  lines.push_back(std::move(text));
  if (usage.electricity.is_pue_said) {
    lines.push_back(fmt::format("All of it with the data centre's share: PUE {}", terms.pue));
  }
  if (!view.shows_equivalents) return lines;
  lines.emplace_back("That is as much as:");
  for (std::string& each : equivalent_lines(saved.energy.energy)) lines.push_back(std::move(each));
  return lines;
}

nlohmann::json usage_json(const Usage& usage, Joules per_image) {
  const Footprint year = yearly(usage, per_image);
  return {{"kwh_per_year", in_kilowatt_hours(year.energy.energy)},
          {"cost_per_year", year.cost ? nlohmann::json(year.cost->value) : nlohmann::json(nullptr)},
          {"co2_kg_per_year",
           year.carbon_g ? nlohmann::json(year.carbon_g->value * 1e-3) : nlohmann::json(nullptr)}};
}

}  // namespace

std::string switch_text(const SwitchView& view, int width) {
  std::string text;
  const auto line = [&](const std::string& words) {
    text += wrapped_text(printable(words), width);
  };
  line(view.setup.label.empty() ? view.setup.id : view.setup.label);
  line(fmt::format("{}: {:.2f} % on {}, {} an image", named(view.current),
                   view.current.accuracy_percent, fmt::join(view.test_sets, " + "),
                   si_number(view.current.energy.energy.value(), "J")));
  std::vector<ModelFigures> shown(view.alternatives.begin(), view.alternatives.end());
  shown.push_back(view.current);
  for (const std::string& caveat : caveats_of(origins_of(shown))) line(caveat);
  if (view.is_on_front) {
    line(
        "It is on the Pareto front: no other model is as accurate for less, or more so for as "
        "much. There is nothing to switch to.");
  } else {
    text += "\n" + alternatives_table(view, width);
    if (view.beyond_top > 0) {
      line(fmt::format("{} more at least as accurate for no more energy; --top shows more",
                       view.beyond_top));
    }
    for (const std::string& each : legend_of(view)) line(each);
  }
  const auto lines = year_of(view);
  if (!lines.empty()) text += '\n';
  for (const std::string& each : lines) line(each);
  return text;
}

nlohmann::json to_json(const SwitchView& view) {
  nlohmann::json current = to_json(view.current);
  if (view.usage) current.update(usage_json(*view.usage, view.current.energy.energy));
  nlohmann::json alternatives = nlohmann::json::array();
  for (const Alternative& each : view.alternatives) {
    nlohmann::json json = to_json(static_cast<const ModelFigures&>(each));
    json["accuracy_gained_percent"] = each.accuracy_gained_percent;
    json["saved_j"] = each.saved.energy.value();
    json["saved_interval_j"] = value_or_null(each.saved.interval);
    json["factor"] = each.factor.factor;
    json["factor_interval"] = value_or_null(each.factor.interval);
    const auto unsure = is_unsure(each.factor);
    json["is_sure"] = unsure ? nlohmann::json(!*unsure) : nlohmann::json(nullptr);
    json["fewer_images_per_s"] = each.is_slower;
    json["longer_latency"] = each.is_later;
    if (view.usage) {
      json.update(usage_json(*view.usage, each.energy.energy));
      const Joules saved = yearly(*view.usage, each.saved.energy).energy.energy;
      json["saved"] = usage_json(*view.usage, each.saved.energy);
      if (view.shows_equivalents) json["equivalents"] = equivalents_json(saved);
    }
    alternatives.push_back(std::move(json));
  }
  nlohmann::json json{{"setup", view.setup.id},
                      {"setup_label", view.setup.label},
                      {"test_sets", view.test_sets},
                      {"current", current},
                      {"on_pareto_front", view.is_on_front},
                      {"alternatives", alternatives},
                      {"beyond_top", view.beyond_top}};
  if (view.usage) json["electricity"] = to_json(view.usage->electricity);
  return json;
}

}  // namespace wattfor
