#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "measurement/energy.h"
#include "recording/clock_offset.h"
#include "recording/marks.h"
#include "recording/nvidia_smi_log.h"
#include "response/error_budget.h"
#include "response/profile.h"
#include "units/quantity.h"

namespace wattfor {

struct ReplaySettings {
  // Where absent, the default of the board that the log names, or what the log itself tells.
  std::optional<SensorProfile> profile = std::nullopt;
  // The log's time less UTC; found where absent.
  std::optional<Seconds> utc_offset = std::nullopt;
  // How much time beside a window tells the power there, where it is outside every mark.
  Seconds idle_padding{1.0};
};

// A mark's energy, by the usual integral and by the corrected one.
struct ReplayedWindow {
  Mark mark;
  std::size_t samples = 0;                     // lines of the log inside it
  std::optional<Joules> naive = std::nullopt;  // where the log spans the window
  std::optional<EstimatedEnergy> estimate = std::nullopt;
  std::vector<Gap> gaps = {};
  std::string reason = {};  // why there is no estimate
};

struct Replay {
  SensorProfile profile;  // as it was used; its origin says where it is from
  ClockOffset clock;
  std::vector<ReplayedWindow> windows;  // in the order of the marks
  std::vector<std::string> notes;       // what a reader has to know, in words
};

// `file` is the log's name. Throws Error{invalid_input} for a profile of a counter, and where the
// log's time zone can't be found.
Replay replay(const NvidiaSmiLog& log, std::span<const Mark> marks, const ReplaySettings& settings,
              const std::string& file);

}  // namespace wattfor
