#include "base/clock.h"

#include <fmt/chrono.h>
#include <time.h>

namespace wattfor {

std::chrono::nanoseconds SystemClock::suspended() const {
  constexpr auto at_once = std::chrono::milliseconds(1);
  constexpr int attempts = 10;
  std::chrono::nanoseconds suspended{0};
  for (int i = 0; i < attempts; ++i) {
    const Instant before = now();
    timespec boot{};
    if (::clock_gettime(CLOCK_BOOTTIME, &boot) != 0) return std::chrono::nanoseconds(0);
    const auto since_boot =
        std::chrono::seconds(boot.tv_sec) + std::chrono::nanoseconds(boot.tv_nsec);
    suspended = since_boot - before.time_since_epoch();
    if (now() - before < at_once) break;
  }
  return suspended;
}

std::string utc_now() {
  const auto now = std::chrono::system_clock::now();
  const auto milliseconds =
      std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count() % 1000;
  return fmt::format("{:%FT%T}.{:03}Z", fmt::gmtime(std::chrono::system_clock::to_time_t(now)),
                     milliseconds);
}

}  // namespace wattfor
