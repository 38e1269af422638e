#include "recording/known_truth.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

namespace wattfor {
namespace {

constexpr double low_quantile = 0.05;
constexpr double high_quantile = 0.95;

std::optional<double> error_of(Joules energy, Joules truth) {
  if (truth <= Joules(0.0)) return std::nullopt;
  return energy / truth - 1.0;
}

// Between the two nearest of sorted values, linearly.
double quantile(std::span<const double> sorted, double share) {
  const double place = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (place - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

std::optional<ErrorSpread> spread_of(std::vector<double> errors) {
  if (errors.empty()) return std::nullopt;
  double squares = 0.0;
  for (const double error : errors) squares += error * error;
  std::ranges::sort(errors);
  return ErrorSpread{.rmse = std::sqrt(squares / static_cast<double>(errors.size())),
                     .low = quantile(errors, low_quantile),
                     .high = quantile(errors, high_quantile)};
}

}  // namespace

std::optional<double> CheckedWindow::naive_error() const {
  if (!replayed.naive) return std::nullopt;
  return error_of(*replayed.naive, truth);
}

std::optional<double> CheckedWindow::corrected_error() const {
  if (!replayed.estimate) return std::nullopt;
  return error_of(replayed.estimate->figure.energy, truth);
}

std::optional<bool> CheckedWindow::holds_truth() const {
  if (!replayed.estimate || !replayed.estimate->figure.absolute) return std::nullopt;
  const Interval& interval = *replayed.estimate->figure.absolute;
  return interval.low <= truth.value() && truth.value() <= interval.high;
}

std::vector<CheckedWindow> checked(const Replay& replay, std::span<const Joules> truths) {
  std::vector<CheckedWindow> windows;
  windows.reserve(replay.windows.size());
  for (std::size_t i = 0; i < replay.windows.size(); ++i) {
    windows.push_back({.replayed = replay.windows[i], .truth = truths[i]});
  }
  return windows;
}

ErrorSummary summary_of(std::span<const CheckedWindow> windows) {
  ErrorSummary summary{.windows = windows.size()};
  std::vector<double> naive;
  std::vector<double> corrected;
  for (const CheckedWindow& window : windows) {
    if (const auto error = window.naive_error()) naive.push_back(*error);
    if (const auto error = window.corrected_error()) corrected.push_back(*error);
    if (const auto holds = window.holds_truth()) {
      ++summary.figures;
      if (*holds) ++summary.holding;
    }
  }
  summary.naive = spread_of(std::move(naive));
  summary.corrected = spread_of(std::move(corrected));
  return summary;
}

std::string truth_text(std::span<const Mark> marks, std::span<const Joules> truths) {
  std::string text = "start_us,end_us,energy_j\n";
  for (std::size_t i = 0; i < marks.size(); ++i) {
    fmt::format_to(std::back_inserter(text), "{},{},{:.6f}\n", marks[i].start_us, marks[i].end_us,
                   truths[i].value());
  }
  return text;
}

}  // namespace wattfor
