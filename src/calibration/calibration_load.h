#pragma once

#include <string>

namespace wattfor {

// Something that draws power, or does not, as it is told: what a sensor is calibrated with. Off at
// first, and when it goes.
class CalibrationLoad {
 public:
  virtual ~CalibrationLoad() = default;
  // "2 processors computing", "132 of 132 multiprocessors of NVIDIA H200".
  virtual std::string description() const = 0;
  // Returns once it has been told; what is running takes some microseconds to follow. Throws
  // Error{io} where the device refuses.
  virtual void switch_on() = 0;
  virtual void switch_off() = 0;
};

}  // namespace wattfor
