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
  return static_cast<double>(timegm(&parts)) + fraction;
}

}  // namespace wattfor
