#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "meter/conditions.h"
#include "meter/energy_curve.h"
#include "sensor/sensor.h"

namespace wattfor {

// What a meter keeps of one device. A plain record: the meter's lock guards it, and no call of the
// device is made under that lock.
struct Sampler {
  Sampler(Device& of, std::size_t number, Seconds interval) : device(of), index(number) {
    for (const auto& sensor : device.sensors()) {
      curves.push_back(curve_of(sensor->info(), interval));
      intervals.push_back(reading_interval(sensor->info(), interval));
    }
    asked_again.resize(curves.size());
    due.resize(curves.size());
  }

  Device& device;
  std::size_t index;                                    // among the meter's devices
  std::vector<std::unique_ptr<EnergyCurve>> curves;     // one a sensor
  std::vector<Seconds> intervals;                       // between two readings of each sensor …
  std::vector<Instant> due;                             // … and when it is read next
  std::deque<TimedState> states;                        // of the meter's history
  std::optional<std::vector<DeviceProcess>> processes;  // when it was asked for them last
  std::vector<Instant> asked_again;       // of each sensor that is gone, when it is asked next
  std::chrono::nanoseconds suspended{0};  // of the machine, as known at the last turn
  int turns = 0;                          // since the curves were compacted

  std::thread thread;
  std::condition_variable wake;
  bool prompt = false;            // a window's edge asks for a sample …
  std::optional<Instant> second;  // … and for one more, when the power beyond the edge shows
  bool in_turn = false;           // somebody reads the device …
  bool in_call = false;           // … and is inside one of its functions
  bool exited = false;            // its thread has left
  bool abandoned = false;         // stop() did not wait for its thread

  bool processes_wanted = false;  // asked for, and not answered yet
  bool keeps_silent = false;      // did not answer that in time
};

}  // namespace wattfor
