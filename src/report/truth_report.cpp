#include "report/truth_report.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <optional>
#include <utility>
#include <vector>

#include "document/numbers.h"
#include "document/text_table.h"
#include "measurement/json.h"
#include "report/json_values.h"
#include "report/replay_report.h"

namespace wattfor {
namespace {

using Json = nlohmann::json;

constexpr double percent_of_truth = 100.0;

std::optional<double> in_percent(const std::optional<double>& error) {
  if (!error) return std::nullopt;
  return percent_of_truth * *error;
}

std::optional<double> rmse_of(const std::optional<ErrorSpread>& spread) {
  if (!spread) return std::nullopt;
  return spread->rmse;
}

std::string band_text(const std::optional<ErrorSpread>& spread) {
  if (!spread) return std::string(unknown_number);
  return fmt::format("{} … {}", signed_share(spread->low), signed_share(spread->high));
}

std::string holds_text(const std::optional<bool>& holds) {
  if (!holds) return std::string(unknown_number);
  return *holds ? "yes" : "no";
}

std::string time_text(Seconds duration) {
  if (duration >= Seconds(1.0)) return fmt::format("{:.4g} s", duration.count());
  return fmt::format("{:.4g} ms", duration.count() * 1e3);
}

Json spread_json(const std::optional<ErrorSpread>& spread) {
  if (!spread) return nullptr;
  return {{"rmse_percent", percent_of_truth * spread->rmse},
          {"low_percent", percent_of_truth * spread->low},
          {"high_percent", percent_of_truth * spread->high}};
}

Json summary_json(const ErrorSummary& summary) {
  return {{"windows", summary.windows},
          {"figures", summary.figures},
          {"holding", summary.holding},
          {"naive", spread_json(summary.naive)},
          {"corrected", spread_json(summary.corrected)}};
}

Json checked_window_json(const CheckedWindow& window) {
  Json object = replayed_window_json(window.replayed);
  object["true_j"] = window.truth.value();
  object["naive_error_percent"] = value_or_null(in_percent(window.naive_error()));
  object["energy_error_percent"] = value_or_null(in_percent(window.corrected_error()));
  const auto holds = window.holds_truth();
  object["holds_truth"] = holds ? Json(*holds) : Json(nullptr);
  return object;
}

}  // namespace

std::string gauge_text(const SensorProfile& profile) {
  const Kernel kernel = profile.kernel();
  std::string text = "the power of a moment";
  if (kernel.kind == ResponseKind::boxcar && kernel.window > Seconds(0.0)) {
    text = fmt::format("the mean of {}", time_text(kernel.window));
  }
  if (kernel.kind == ResponseKind::exponential) {
    text = fmt::format("an RC filter of {}", time_text(kernel.time_constant));
  }
  if (profile.update_period) {
    text += fmt::format(", each {}", time_text(profile.update_period->value));
  }
  return text;
}

Json truth_json(const Replay& replay, std::span<const CheckedWindow> windows) {
  Json rows = Json::array();
  for (const CheckedWindow& window : windows) rows.push_back(checked_window_json(window));
  return {{"profile", to_json(replay.profile)},
          {"windows", std::move(rows)},
          {"summary", summary_json(summary_of(windows))},
          {"notes", replay.notes}};
}

std::string truth_table(const Replay& replay, std::span<const CheckedWindow> windows, int width) {
  TextTable table({{.title = "#", .align = Align::right},
                   {.title = "true", .align = Align::right},
                   {.title = "naive", .align = Align::right, .worth = 2},
                   {.title = "error", .align = Align::right},
                   {.title = "corrected", .align = Align::right, .worth = 1},
                   {.title = "error", .align = Align::right},
                   {.title = "95 %", .align = Align::right},
                   {.title = "holds the truth"}});
  for (std::size_t i = 0; i < windows.size(); ++i) {
    const CheckedWindow& window = windows[i];
    const ReplayedWindow& replayed = window.replayed;
    std::optional<EnergyFigure> figure;
    if (replayed.estimate) figure = replayed.estimate->figure;
    table.add(
        {std::to_string(i + 1), si_number(window.truth.value(), "J"),
         replayed.naive ? si_number(replayed.naive->value(), "J") : std::string(unknown_number),
         signed_share(window.naive_error()), energy_text(figure),
         signed_share(window.corrected_error()),
         figure ? relative_interval(figure->energy.value(), figure->absolute)
                : std::string(unknown_number),
         holds_text(window.holds_truth())});
  }
  table.fit(width);
  const ErrorSummary summary = summary_of(windows);
  std::string text = table.text();
  text += wrapped_text(
      fmt::format("\nroot mean square error: naive {}, corrected {}; {} of {} intervals hold the "
                  "truth",
                  plain_share(rmse_of(summary.naive)), plain_share(rmse_of(summary.corrected)),
                  summary.holding, summary.figures),
      width);
  if (!replay.notes.empty()) text += '\n';
  for (const std::string& note : replay.notes) {
    text += wrapped_text("  " + printable(note), width, 4);
  }
  return text;
}

Json period_errors_json(std::span<const PeriodErrors> periods) {
  Json rows = Json::array();
  for (const PeriodErrors& each : periods) {
    Json row = summary_json(each.errors);
    row["period_s"] = each.period.count();
    rows.push_back(std::move(row));
  }
  return rows;
}

std::string period_errors_table(std::span<const PeriodErrors> periods, int width) {
  TextTable table({{.title = "period", .align = Align::right},
                   {.title = "naive RMSE", .align = Align::right},
                   {.title = "5 … 95 %", .align = Align::right, .worth = 1},
                   {.title = "corrected RMSE", .align = Align::right},
                   {.title = "5 … 95 %", .align = Align::right, .worth = 2},
                   {.title = "hold the truth", .align = Align::right}});
  for (const PeriodErrors& each : periods) {
    table.add({time_text(each.period), plain_share(rmse_of(each.errors.naive)),
               band_text(each.errors.naive), plain_share(rmse_of(each.errors.corrected)),
               band_text(each.errors.corrected),
               fmt::format("{} of {}", each.errors.holding, each.errors.figures)});
  }
  table.fit(width);
  return table.text();
}

}  // namespace wattfor
