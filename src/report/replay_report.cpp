#include "report/replay_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "document/numbers.h"
#include "document/text_table.h"
#include "measurement/json.h"
#include "recording/log_time.h"
#include "report/json_values.h"

namespace wattfor {
namespace {

using Json = nlohmann::json;

constexpr Seconds hour{3600.0};

std::optional<EnergyFigure> figure_of(const ReplayedWindow& window) {
  if (!window.estimate) return std::nullopt;
  return window.estimate->figure;
}

// Without a figure its keys are there all the same, as null.
Json figure_json(const std::optional<EnergyFigure>& figure) {
  Json object = to_json(figure.value_or(EnergyFigure{}));
  if (!figure) {
    for (auto& value : object) value = nullptr;
  }
  return object;
}

Json gap_json(const Gap& gap) {
  return {
      {"start_s", gap.start.count()}, {"duration_s", gap.duration.count()}, {"reason", gap.reason}};
}

std::string interval_text(const std::optional<EnergyFigure>& figure,
                          std::optional<Interval> EnergyFigure::* interval) {
  if (!figure) return std::string(unknown_number);
  return relative_interval(figure->energy.value(), (*figure).*interval);
}

std::string gaps_text(const std::vector<Gap>& gaps) {
  if (gaps.empty()) return "";
  Seconds sum{0.0};
  for (const Gap& gap : gaps) sum += gap.duration;
  return duration_text(sum);
}

// A window without a figure says why, and one with gaps what they are.
std::vector<std::string> window_notes(const Replay& replay) {
  constexpr std::size_t shown_at_most = 10;
  std::vector<std::string> notes;
  for (std::size_t i = 0; i < replay.windows.size(); ++i) {
    const ReplayedWindow& window = replay.windows[i];
    if (!window.reason.empty()) notes.push_back(fmt::format("window {}: {}", i + 1, window.reason));
    for (const Gap& gap : window.gaps) {
      notes.push_back(fmt::format("window {}: a gap of {} at {}: {}", i + 1,
                                  duration_text(gap.duration), duration_text(gap.start),
                                  gap.reason));
    }
  }
  if (notes.size() > shown_at_most) {
    const std::size_t more = notes.size() - shown_at_most;
    notes.resize(shown_at_most);
    notes.push_back(fmt::format("{} more of these with --json", more));
  }
  return notes;
}

std::string title_of(const Replay& replay, const std::string& log, const std::string& column) {
  return fmt::format("{} of {}; sensor: {}; the log's clock is {:+g} h from UTC ({})", column, log,
                     replay.profile.origin, replay.clock.offset / hour, replay.clock.how);
}

}  // namespace

Json replayed_window_json(const ReplayedWindow& window) {
  Json object = figure_json(figure_of(window));
  object["start_us"] = window.mark.start_us;
  object["end_us"] = window.mark.end_us;
  object["duration_s"] = window.mark.duration().count();
  object["naive_j"] = value_or_null(window.naive);
  object["samples"] = window.samples;
  object["gaps"] = Json::array();
  for (const Gap& gap : window.gaps) object["gaps"].push_back(gap_json(gap));
  object["reason"] = text_or_null(window.reason);
  return object;
}

Json replay_json(const Replay& replay, const std::string& log, const std::string& column) {
  Json windows = Json::array();
  for (const ReplayedWindow& window : replay.windows)
    windows.push_back(replayed_window_json(window));
  return {{"log", log},
          {"column", column},
          {"profile", to_json(replay.profile)},
          {"utc_offset_h", replay.clock.offset / hour},
          {"utc_offset_from", replay.clock.how},
          {"windows", std::move(windows)},
          {"notes", replay.notes}};
}

std::string replay_table(const Replay& replay, const std::string& log, const std::string& column,
                         int width) {
  const bool gaps = std::ranges::any_of(
      replay.windows, [](const ReplayedWindow& window) { return !window.gaps.empty(); });
  std::vector<TextColumn> columns{{.title = "#", .align = Align::right},
                                  {.title = "start (UTC)", .worth = 2},
                                  {.title = "duration", .align = Align::right, .worth = 6},
                                  {.title = "naive", .align = Align::right, .worth = 5},
                                  {.title = "energy", .align = Align::right},
                                  {.title = "95 %", .align = Align::right},
                                  {.title = "comparison", .align = Align::right, .worth = 4},
                                  {.title = "lines", .align = Align::right, .worth = 1}};
  if (gaps) columns.push_back({.title = "gaps", .align = Align::right, .worth = 3});
  TextTable table(columns);
  for (std::size_t i = 0; i < replay.windows.size(); ++i) {
    const ReplayedWindow& window = replay.windows[i];
    const auto figure = figure_of(window);
    std::vector<std::string> cells{
        std::to_string(i + 1),
        log_time_text(window.mark.start()),
        duration_text(window.mark.duration()),
        window.naive ? si_number(window.naive->value(), "J") : std::string(unknown_number),
        energy_text(figure),
        interval_text(figure, &EnergyFigure::absolute),
        interval_text(figure, &EnergyFigure::comparison),
        std::to_string(window.samples)};
    if (gaps) cells.push_back(gaps_text(window.gaps));
    table.add(std::move(cells));
  }
  table.fit(width);
  std::string text = wrapped_text(printable(title_of(replay, log, column)), width) + table.text();
  auto notes = window_notes(replay);
  notes.insert(notes.begin(), replay.notes.begin(), replay.notes.end());
  if (!notes.empty()) text += '\n';
  for (const std::string& note : notes) text += wrapped_text("  " + printable(note), width, 4);
  return text;
}

}  // namespace wattfor
