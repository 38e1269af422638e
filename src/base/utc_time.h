#pragma once

#include <optional>
#include <string>

namespace wattfor {

// The seconds since the beginning of 1970 (UTC) of a time as records have it, RFC 3339:
// "2026-01-31T12:00:00.000Z", "2026-01-31T14:00:00+02:00". Nothing for what is no time.
std::optional<double> utc_seconds(const std::string& time);

}  // namespace wattfor
