#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "response/update_series.h"
#include "units/quantity.h"

namespace wattfor {

// A stretch of a log in which it tells nothing that can be used.
struct LogGap {
  Seconds from{0.0};
  Seconds to{0.0};
  std::string reason;
};

// What `nvidia-smi --query-gpu=timestamp,power.draw,… --format=csv[,nounits] -lms N` wrote about
// one GPU.
struct NvidiaSmiLog {
  std::string column;              // "power.draw.instant"
  std::string board;               // what the column `name` says; empty where the log has none
  std::optional<Watts> limit;      // the highest power limit, where the log has one
  std::vector<Update> polls;       // every reading that is one, in order of time
  std::vector<LogGap> gaps;        // in order of time
  std::vector<std::string> notes;  // what was odd about it, in words
};

// Which of a log's columns and GPUs is read.
struct LogChoice {
  // As the header names it, with or without its unit. Where absent, the first of
  // power.draw.instant, power.draw.average and power.draw that has a reading.
  std::optional<std::string> column = std::nullopt;
  // Its index, uuid, pci.bus_id (the domain may be left out) or name. Needed where there are
  // several.
  std::optional<std::string> gpu = std::nullopt;
};

// Times are what the log's clock showed, which is local and names no zone, as seconds since 1970:
// off from UTC by what recording/clock_offset.h finds. An hour that daylight saving takes or gives
// is undone, so that they go on as in the zone the log began in.
//
// What a log may hold: values with or without unit, fields that say nothing ([N/A], ERR!) and lines
// of plain text (the driver's last words), which are gaps; the header again, where the logger was
// started again; several GPUs. A last line without its end is cut and left out. Where the time goes
// back the clock was set: which of the lines that then claim the same time are right is unknown,
// and all of them are a gap.
//
// Throws Error{invalid_input} naming file:line, what was expected there, and the remedy.
NvidiaSmiLog read_nvidia_smi_log(std::string_view text, const std::string& file,
                                 const LogChoice& choice = {});

}  // namespace wattfor
