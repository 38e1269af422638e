#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/clock.h"
#include "sensor/external_meter.h"
#include "sensor/sensor.h"

namespace wattfor {

// Which column of a file holds what, from 0.
struct LogColumns {
  std::size_t time_us = 0;
  std::optional<std::size_t> power_w;
  std::optional<std::size_t> energy_j;
  std::size_t count = 0;
};

// A row of a meter's log.
struct LoggedReading {
  std::int64_t time_us = 0;  // since 1970
  MeterAnswer answer;
};

// What is wrong with a line, for a message that names file and line.
struct LogFault {
  std::string reason;
};

// Of a line without its end. Commas part the columns, nothing is quoted, a number has a decimal
// point whatever the locale; columns of other names are passed over.
std::variant<LogColumns, LogFault> parse_csv_header(std::string_view line);
std::variant<LoggedReading, LogFault> parse_csv_row(std::string_view line,
                                                    const LogColumns& columns);

// Microseconds since 1970.
using WallClock = std::function<std::int64_t()>;
std::int64_t wall_clock_us();

// A growing file that a meter's own program writes: a line of column names, time_us and power_w or
// energy_j or both, then a row a reading. The newest complete row is the reading, for as long as it
// is younger than three of its own periods (two seconds at least): after that the file tells
// nothing new. A row that is none is a failure until a newer one is good. A file that was cut or
// replaced is read anew. power_w is taken as the mean since the row before.
ProbeResult find_csv_meter(
    const std::filesystem::path& file, const WallClock& wall_clock = wall_clock_us,
    const std::shared_ptr<const Clock>& clock = std::make_shared<SystemClock>());

}  // namespace wattfor
