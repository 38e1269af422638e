#pragma once

#include <optional>
#include <span>
#include <string>
#include <variant>

#include "units/quantity.h"

namespace wattfor {

// What a poll of a GPU's power was answered with: watts, or words such as "[N/A]".
struct LogLine {
  Seconds time{0.0};  // since 1970, of the clock that the log shows
  std::variant<Watts, std::string> said = Watts(0.0);
};

struct LogHeading {
  std::string column = "power.draw.instant";
  std::string board;  // in the column `name`
  std::optional<Watts> limit = std::nullopt;
};

// The log that `nvidia-smi --query-gpu=timestamp,name,COLUMN[,enforced.power.limit] --format=csv`
// would have written: times to the millisecond, watts to 0.01 W and none below 0, as no board says
// that. read_nvidia_smi_log() reads it.
std::string nvidia_smi_text(const LogHeading& heading, std::span<const LogLine> lines);

}  // namespace wattfor
