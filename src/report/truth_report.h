#pragma once

#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>

#include "recording/known_truth.h"
#include "response/profile.h"

namespace wattfor {

// What a gauge shows, in a few words: "the mean of 25 ms, each 100 ms".
std::string gauge_text(const SensorProfile& profile);

// What a replay made of a log whose windows' true energies are known: the keys of replay_json()'s
// windows with `true_j`, the errors in percent of it and `holds_truth`, and a summary of all.
nlohmann::json truth_json(const Replay& replay, std::span<const CheckedWindow> windows);
// The same for a person, at most `width` wide: a line a window, the summary, the notes.
std::string truth_table(const Replay& replay, std::span<const CheckedWindow> windows, int width);

// The same over periods of the load: a summary a period.
nlohmann::json period_errors_json(std::span<const PeriodErrors> periods);
std::string period_errors_table(std::span<const PeriodErrors> periods, int width);

}  // namespace wattfor
