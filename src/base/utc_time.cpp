#include "base/utc_time.h"

#include <time.h>

#include <ctime>

namespace wattfor {

std::optional<double> utc_seconds(const std::string& time) {
  std::tm parts{};
  const char* rest = strptime(time.c_str(), "%Y-%m-%dT%H:%M:%S", &parts);
  if (rest == nullptr) return std::nullopt;
  double fraction = 0.0;
  if (*rest == '.') {
    double digit = 0.1;
    for (++rest; *rest >= '0' && *rest <= '9'; ++rest, digit /= 10.0) {
      fraction += digit * (*rest - '0');
    }
  }
  // "Z", or how far the clock is ahead of UTC.
  double ahead_s = 0.0;
  if (*rest == '+' || *rest == '-') {
    std::tm offset{};
    if (strptime(rest + 1, "%H:%M", &offset) == nullptr) return std::nullopt;
    ahead_s = (*rest == '+' ? 60.0 : -60.0) * (60 * offset.tm_hour + offset.tm_min);
  }
  return static_cast<double>(timegm(&parts)) + fraction - ahead_s;
}

}  // namespace wattfor
