#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "units/quantity.h"

namespace wattfor {

// "2023/07/14 10:12:46.483", with or without the fraction, as seconds since 1970 of the clock that
// wrote it, whatever its zone; nothing where it is no such time.
std::optional<Seconds> log_time(std::string_view text);

// The same text again, to the millisecond.
std::string log_time_text(Seconds time);

// Times as a log shows them, of a clock that its zone puts forward or back by an hour: the times
// that it would have shown in the zone it began in. A change is told by where it happens: from a
// full hour to a full hour, between one line and the next.
class LogClock {
 public:
  // In the order of the lines.
  Seconds continued(Seconds shown);
  // How often the zone changed.
  int changes() const { return changes_; }

 private:
  std::optional<Seconds> last_;  // as shown
  Seconds correction_{0.0};
  int changes_ = 0;
};

}  // namespace wattfor
