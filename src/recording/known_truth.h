#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "recording/replay.h"
#include "units/quantity.h"

namespace wattfor {

// A window whose true energy is known, and what a log told of it. Errors are relative to the truth,
// nothing where there is no figure or nothing flowed.
struct CheckedWindow {
  ReplayedWindow replayed;
  Joules truth;

  std::optional<double> naive_error() const;
  std::optional<double> corrected_error() const;
  // Whether the absolute interval does; nothing where there is none.
  std::optional<bool> holds_truth() const;
};

// Each window of a replay with its true energy: as many, in the same order.
std::vector<CheckedWindow> checked(const Replay& replay, std::span<const Joules> truths);

// How far relative errors scatter.
struct ErrorSpread {
  double rmse = 0.0;  // root mean square
  double low = 0.0;   // the 5 % quantile …
  double high = 0.0;  // … and the 95 % one
};

struct ErrorSummary {
  std::size_t windows = 0;
  std::size_t figures = 0;  // windows with a corrected energy …
  std::size_t holding = 0;  // … and those whose interval holds the truth
  std::optional<ErrorSpread> naive = std::nullopt;
  std::optional<ErrorSpread> corrected = std::nullopt;
};

ErrorSummary summary_of(std::span<const CheckedWindow> windows);

// The same work at one of several periods of its load.
struct PeriodErrors {
  Seconds period{0.0};
  ErrorSummary errors;
};

// A CSV with the columns `start_us,end_us,energy_j`, a row a window.
std::string truth_text(std::span<const Mark> marks, std::span<const Joules> truths);

}  // namespace wattfor
