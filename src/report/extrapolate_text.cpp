#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "document/numbers.h"
#include "document/text_table.h"
#include "measurement/json.h"
#include "report/extrapolate.h"
#include "report/json_values.h"

namespace wattfor {
namespace {

std::string share_text(double data_fraction) {
  return data_fraction == 1.0 ? std::string("all the data")
                              : fmt::format("{:.4g} % of the data", 100.0 * data_fraction);
}

// As footprint_view.h has it, whose sources draw pictures: the Python extension does without them.
std::string kilowatt_hours_text(Joules energy) {
  return si_number(1e3 * in_kilowatt_hours(energy), "Wh");
}

// "12.3 MJ (3.42 kWh), 95 %: 11.0 MJ … 13.9 MJ"
std::string figure_text(const EnergyFigure& figure) {
  const std::string energy = fmt::format("{} ({})", si_number(figure.energy.value(), "J"),
                                         kilowatt_hours_text(figure.energy));
  if (!figure.absolute) return energy + ", how wrong the sensors are is not known";
  return fmt::format("{}, 95 %: {} … {}", energy, si_number(figure.absolute->low, "J"),
                     si_number(figure.absolute->high, "J"));
}

std::string comparison_text(const EnergyFigure& figure) {
  return relative_interval(figure.energy.value(), figure.comparison);
}

std::string fitted_text(const FittedJoules& fitted) {
  std::string text = si_number(fitted.value, "J");
  if (fitted.standard_error.value_or(0.0) > 0.0) {
    text += fmt::format(" ± {}", si_number(normal_95 * *fitted.standard_error, "J"));
  }
  return text;
}

std::string model_of(const ExtrapolationView& view) {
  for (const Measurement* run : view.runs) {
    if (run->training && !run->training->model.empty()) return run->training->model;
  }
  return view.runs.front()->name;
}

std::string answer_lines(const ExtrapolationView& view, int width) {
  std::string text;
  const auto line = [&](const std::string& words) { text += wrapped_text(words, width, 4); };
  if (view.energy) {
    line(fmt::format("  energy: {}; {}", figure_text(*view.energy), name_of(view.basis)));
    line(fmt::format("  for comparing with others on the same sensors: {}",
                     comparison_text(*view.energy)));
  } else {
    line(
        "  From one share of the data what an epoch takes to start and what its data take can't be "
        "told apart. The energy lies between these two; a run at another share tells:");
    line(fmt::format("  all to start (v = 0): {}", figure_text(*view.startup_alone)));
    line(fmt::format("  all for the data (s = 0): {}; {}", figure_text(*view.data_alone),
                     name_of(view.basis)));
  }
  const TrainingExtrapolation& answer = view.answer;
  if (answer.before_first_epoch) {
    line(fmt::format("  before the first epoch: {}", fitted_text(*answer.before_first_epoch)));
  }
  if (answer.parts) {
    line(fmt::format("  an epoch: {} to start, {} for all the data",
                     fitted_text(answer.parts->startup), fitted_text(answer.parts->data)));
  }
  std::string fit =
      fmt::format("epochs vary by {:.2g} % (standard deviation)", 100.0 * answer.relative_spread);
  if (answer.r_squared) fit = fmt::format("R² {:.4f}; {}", *answer.r_squared, fit);
  line("  fit: " + fit);
  return text;
}

// From the least to the greatest, the warm-up's left out.
std::string residuals_text(const ObservedFit& fit, std::size_t warm_up) {
  if (fit.residuals_j.size() <= warm_up) return std::string(unknown_number);
  const auto [least, greatest] = std::ranges::minmax(std::span(fit.residuals_j).subspan(warm_up));
  return fmt::format("{} … {}", si_number(least, "J"), si_number(greatest, "J"));
}

std::string runs_table(const ExtrapolationView& view, int width) {
  TextTable table({{.title = "run"},
                   {.title = "name", .worth = 1},
                   {.title = "data", .align = Align::right},
                   {.title = "epochs", .align = Align::right},
                   {.title = "an epoch", .align = Align::right},
                   {.title = "residuals", .align = Align::right, .worth = 2}});
  for (std::size_t i = 0; i < view.runs.size(); ++i) {
    const Measurement& run = *view.runs[i];
    const ObservedFit& fit = view.answer.runs[i];
    constexpr std::size_t id_length = 8;
    table.add({printable(run.id.substr(0, id_length)), printable(run.name),
               fmt::format("{:.4g} %", 100.0 * view.observed[i].training.data_fraction),
               fmt::format("{}", fit.residuals_j.size()), si_number(fit.steady_epoch.value(), "J"),
               residuals_text(fit, view.answer.warm_up_epochs)});
  }
  table.fit(width);
  return table.text();
}

nlohmann::json fitted_json(const FittedJoules& fitted) {
  return {{"energy_j", fitted.value}, {"standard_error_j", value_or_null(fitted.standard_error)}};
}

nlohmann::json trend_json(const EpochTrend& trend) {
  return {{"per_epoch", trend.per_epoch}, {"standard_error", trend.standard_error}};
}

nlohmann::json run_json(const ExtrapolationView& view, std::size_t i) {
  const Measurement& run = *view.runs[i];
  const ObservedRun& observed = view.observed[i];
  const ObservedFit& fit = view.answer.runs[i];
  nlohmann::json epochs = nlohmann::json::array();
  for (const Joules energy : observed.training.epochs) epochs.push_back(energy.value());
  return {{"id", run.id},
          {"name", run.name},
          {"data_fraction", observed.training.data_fraction},
          {"data_fraction_is_told", observed.data_fraction_is_told},
          {"before_first_epoch_j", value_or_null(observed.training.before_first_epoch)},
          {"epochs_j", std::move(epochs)},
          {"epochs_left_out", observed.left_out},
          {"steady_epoch_j", fit.steady_epoch.value()},
          {"residuals_j", fit.residuals_j},
          {"trend", fit.trend ? trend_json(*fit.trend) : nlohmann::json()}};
}

}  // namespace

std::string extrapolation_text(const ExtrapolationView& view, int width) {
  std::string text =
      wrapped_text(printable(fmt::format("{}: {} epochs on {}, from {} run{}", model_of(view),
                                         view.target.epochs, share_text(view.target.data_fraction),
                                         view.runs.size(), view.runs.size() == 1 ? "" : "s")),
                   width);
  text += answer_lines(view, width) + runs_table(view, width);
  for (const std::string& note : view.notes) {
    text += wrapped_text(printable("note: " + note), width);
  }
  return text;
}

nlohmann::json to_json(const ExtrapolationView& view) {
  const TrainingExtrapolation& answer = view.answer;
  nlohmann::json json = view.energy ? to_json(*view.energy) : nlohmann::json::object();
  if (view.energy) {
    json["bracket"] = nullptr;
  } else {
    json["bracket"] = {{"startup_alone", to_json(*view.startup_alone)},
                       {"data_alone", to_json(*view.data_alone)}};
  }
  json["model"] = model_of(view);
  json["epochs"] = view.target.epochs;
  json["data_fraction"] = view.target.data_fraction;
  json["basis"] = name_of(view.basis);
  json["scope"] = view.runs.front()->energy.total.scope;
  json["before_first_epoch"] =
      answer.before_first_epoch ? fitted_json(*answer.before_first_epoch) : nlohmann::json();
  json["startup_of_an_epoch"] =
      answer.parts ? fitted_json(answer.parts->startup) : nlohmann::json();
  json["data_of_an_epoch"] = answer.parts ? fitted_json(answer.parts->data) : nlohmann::json();
  json["r_squared"] = value_or_null(answer.r_squared);
  json["warm_up_epochs"] = answer.warm_up_epochs;
  json["relative_spread"] = answer.relative_spread;
  json["spread_is_assumed"] = answer.spread_is_assumed;
  json["autocorrelation"] = answer.autocorrelation;
  json["beyond_epochs"] = answer.beyond_epochs;
  json["beyond_data_fraction"] = answer.beyond_data_fraction;
  json["runs"] = nlohmann::json::array();
  for (std::size_t i = 0; i < view.runs.size(); ++i) json["runs"].push_back(run_json(view, i));
  json["notes"] = view.notes;
  return json;
}

}  // namespace wattfor
