#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "recording/replay.h"

namespace wattfor {

// One window, as replay_json() has it.
nlohmann::json replayed_window_json(const ReplayedWindow& window);

// `log` and `column` as they are named in the answer.
nlohmann::json replay_json(const Replay& replay, const std::string& log, const std::string& column);

// A line a window and the notes below, at most `width` wide.
std::string replay_table(const Replay& replay, const std::string& log, const std::string& column,
                         int width);

}  // namespace wattfor
