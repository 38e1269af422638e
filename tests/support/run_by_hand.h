#pragma once

#include <chrono>

#include "base/clock.h"
#include "meter/meter.h"

namespace wattfor::test {

// Lets the clock run with a sample every 100 ms.
inline void run(Meter& meter, ManualClock& clock, std::chrono::milliseconds duration) {
  constexpr std::chrono::milliseconds step(100);
  for (std::chrono::milliseconds done{0}; done < duration; done += step) {
    clock.advance(step);
    meter.sample();
  }
}

}  // namespace wattfor::test
