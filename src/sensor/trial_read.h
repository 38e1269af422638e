#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "sensor/sensor.h"

namespace wattfor {

// What a sensor says when its probe reads it for the first time.
struct Trial {
  Reading reading;
  // Of its files, those that this user may not open. Without one it was a driver that refused.
  std::vector<std::filesystem::path> forbidden;

  // Null where it answers.
  const ReadFailure* failure() const;
};

// Reads a sensor that lives on `files`, once more where it was busy. A counter that stands at zero
// on a machine that runs does not count: it is left out of the total.
Trial try_sensor(Sensor& sensor, const std::vector<std::filesystem::path>& files);

// What is said of `what` that is silent for this reason, with the command that lets this user read
// the files that are forbidden.
Obstacle silent(std::string what, const std::string& reason,
                const std::vector<std::filesystem::path>& forbidden = {});

}  // namespace wattfor
