#pragma once

#include <deque>
#include <optional>

#include "base/clock.h"
#include "measurement/energy.h"
#include "meter/meter.h"

namespace wattfor {

// The figures of one interval that is over.
struct IntervalReport {
  Instant end;
  EnergyReport energy;
};

// Windows of a meter one after another, without a gap between them, and one over all of them: for
// whoever watches power as it flows. The meter must outlive it.
class IntervalWindows {
 public:
  // Begins the first interval.
  IntervalWindows(Meter& meter, const Clock& clock);
  IntervalWindows(const IntervalWindows&) = delete;
  IntervalWindows& operator=(const IntervalWindows&) = delete;
  ~IntervalWindows();

  // Ends the running interval and begins another.
  void next();
  // The next interval whose figures are final, in order. One that is not final a second after its
  // end is given as far as its sensors have come: a battery that speaks twice a minute must not
  // hold a GPU's figures back.
  std::optional<IntervalReport> finished();
  // Whether an interval that is over has not been given yet.
  bool waiting() const { return !over_.empty(); }

  // The energy since the begin, or since restart(), up to the moment that every sensor of what is
  // in the total has reached.
  EnergyReport since_start() const { return meter_.so_far(all_); }
  void restart();

 private:
  struct Over {
    WindowId window;
    Instant end;
  };

  Meter& meter_;
  const Clock& clock_;
  WindowId all_;
  WindowId running_;
  std::deque<Over> over_;
};

}  // namespace wattfor
