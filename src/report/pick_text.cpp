#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "document/numbers.h"
#include "report/energy_origin.h"
#include "report/fitted_table.h"
#include "report/json_values.h"
#include "report/pick.h"

namespace wattfor {
namespace {

std::string by_words(const PickView& view) {
  switch (view.by) {
    case Objective::energy:
      return "the least energy";
    case Objective::accuracy:
      return "the greatest accuracy";
    case Objective::efficiency:
      return "the greatest efficiency, percent of accuracy a joule";
    case Objective::log_manhattan:
      return "the greatest log-Manhattan score, weight 0.5 on energy";
    case Objective::manhattan:
      break;
  }
  return "the greatest Manhattan score, weight 0.5 on energy";
}

std::string shown_or_unknown(const std::optional<double>& number, std::string_view unit,
                             double scale = 1.0) {
  return number ? si_number(*number * scale, unit) : std::string(unknown_number);
}

std::string models_table(const PickView& view, int width) {
  const auto is_any = [&](auto member) {
    return std::ranges::any_of(view.best,
                               [member](const PickedModel& m) { return (m.*member).has_value(); });
  };
  const bool shows_parameters = is_any(&PickedModel::parameters);
  const bool shows_memory = is_any(&PickedModel::memory_bytes);
  std::vector<TextColumn> columns{{.title = ""},
                                  {.title = "model"},
                                  {.title = "input", .align = Align::right, .worth = 6},
                                  {.title = "accuracy", .align = Align::right},
                                  {.title = "J/image", .align = Align::right},
                                  {.title = "compared", .align = Align::right, .worth = 5},
                                  {.title = "images/s", .align = Align::right, .worth = 4},
                                  {.title = "latency", .align = Align::right, .worth = 3}};
  if (shows_parameters) columns.push_back({"parameters", Align::right, 2});
  if (shows_memory) columns.push_back({"memory", Align::right, 1});
  std::vector<std::vector<std::string>> rows;
  for (const PickedModel& each : view.best) {
    const auto accuracy = known_number(each.accuracy_percent);
    auto& cells = rows.emplace_back(std::vector<std::string>{
        each.on_pareto_front ? "●" : "", each.model,
        each.input_size == 0 ? "" : std::to_string(each.input_size),
        accuracy ? fmt::format("{:.2f} %", *accuracy) : std::string(unknown_number),
        si_number(each.energy.energy.value(), "J"),
        relative_interval(each.energy.energy.value(), each.energy.comparison),
        each.throughput_per_s ? plain_number(*each.throughput_per_s) : std::string(unknown_number),
        shown_or_unknown(each.latency_ms, "s", 1e-3)});
    if (shows_parameters) cells.push_back(shown_or_unknown(each.parameters, ""));
    if (shows_memory) cells.push_back(shown_or_unknown(each.memory_bytes, "B"));
  }
  return fitted_table(columns, rows, 1, width);
}

std::string limits_table(const PickView& view, int width) {
  std::vector<std::vector<std::string>> rows;
  rows.reserve(view.limits.size());
  for (const PickLimit& each : view.limits) {
    rows.push_back({each.option, std::to_string(each.beyond), std::to_string(each.unknown),
                    std::to_string(each.only)});
  }
  return fitted_table({{.title = "limit"},
                       {.title = "removes", .align = Align::right},
                       {.title = "unknown", .align = Align::right},
                       {.title = "it alone", .align = Align::right}},
                      rows, 0, width);
}

std::string remedies(const PickView& view, int width) {
  std::string text;
  const auto line = [&](const std::string& words) {
    text += wrapped_text(printable(words), width);
  };
  for (const PickLimit& each : view.limits) {
    if (each.unknown == view.models && view.models > 0) {
      line(fmt::format("- {}: known of no model, so it must be left out", each.option));
    }
    if (!each.loosened) continue;
    line(each.loosened->option.empty()
             ? fmt::format("- without {}: {} passes", each.option, each.loosened->model)
             : fmt::format("- {} instead of {}: {} passes", each.loosened->option, each.option,
                           each.loosened->model));
  }
  if (view.nearest_miss) {
    line(
        fmt::format("no single limit can be loosened to let a model pass; {} misses the fewest: {}",
                    view.nearest_miss->model, fmt::join(view.nearest_miss->options, ", ")));
  }
  return text;
}

}  // namespace

std::string pick_text(const PickView& view, int width) {
  std::string text;
  const auto line = [&](const std::string& words) {
    text += wrapped_text(printable(words), width);
  };
  line(view.setup.label.empty() ? view.setup.id : view.setup.label);
  line(fmt::format("{} of {} models pass{}{}", view.passed, view.models,
                   view.passed > 0 ? ", first the one with " + by_words(view) : "",
                   view.test_sets.empty()
                       ? ""
                       : fmt::format("; accuracy on {}", fmt::join(view.test_sets, " + "))));
  for (const std::string& caveat : caveats_of(origins_of(view.best))) line(caveat);
  if (!view.best.empty()) text += "\n" + models_table(view, width);
  if (!view.limits.empty()) text += "\n" + limits_table(view, width);
  const bool has_unknown = std::ranges::any_of(view.limits, &PickLimit::unknown);
  if (has_unknown)
    line("unknown: the limited quantity is not known of the model, so it doesn't pass");
  if (!view.counter.empty()) line(fmt::format("parameters as {} counted them", view.counter));
  const std::string advice = remedies(view, width);
  if (!advice.empty()) text += "\n" + advice;
  return text;
}

nlohmann::json to_json(const PickView& view) {
  nlohmann::json models = nlohmann::json::array();
  for (const PickedModel& each : view.best) {
    nlohmann::json json = to_json(static_cast<const ModelFigures&>(each));
    json.update(family_json(each.family));
    json["parameters"] = value_or_null(each.parameters);
    json["memory_bytes"] = value_or_null(each.memory_bytes);
    models.push_back(std::move(json));
  }
  nlohmann::json limits = nlohmann::json::array();
  for (const PickLimit& each : view.limits) {
    nlohmann::json loosened = nullptr;
    if (each.loosened) {
      loosened = {{"option", text_or_null(each.loosened->option)}, {"model", each.loosened->model}};
    }
    limits.push_back({{"option", each.option},
                      {"beyond", each.beyond},
                      {"unknown", each.unknown},
                      {"only", each.only},
                      {"loosened", loosened}});
  }
  nlohmann::json miss = nullptr;
  if (view.nearest_miss) {
    miss = {{"model", view.nearest_miss->model}, {"options", view.nearest_miss->options}};
  }
  return {{"setup", view.setup.id},
          {"setup_label", view.setup.label},
          {"by", std::string(name_of(view.by))},
          {"test_sets", view.test_sets},
          {"counter", text_or_null(view.counter)},
          {"models", view.models},
          {"passed", view.passed},
          {"best", models},
          {"limits", limits},
          {"nearest_miss", miss}};
}

}  // namespace wattfor
