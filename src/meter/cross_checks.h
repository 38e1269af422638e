#pragma once

#include <optional>
#include <span>
#include <string>

#include "measurement/energy.h"
#include "sensor/sensor.h"
#include "units/quantity.h"

// A window's figures held against each other, and against what the hardware promises. Where they
// can't all be right, which one is wrong no reading tells: the answer is the words of a fault, and
// no figure is changed. What is compared are absolute intervals, gain and offset with them, so that
// a board that is as far off as boards are is none.
namespace wattfor {

// What one sensor says of a window.
struct SensorFigure {
  const SensorInfo* sensor = nullptr;
  EnergyFigure gross;
};

// Of two sensors of one thing whose intervals do not meet, and by more than two that are sound part
// by chance once in 2,000 windows.
std::optional<std::string> contradiction(const SensorFigure& used, const SensorFigure& other);

// Of a device that drew more over the window than its enforced limit lets it: for up to a second
// anything it can, before it is regulated, and the limit from then on.
std::optional<std::string> above_enforced_limit(const SensorFigure& used, Seconds duration);

// A component of a window and the sensor that its figure is of.
struct CheckedComponent {
  const SensorInfo* sensor = nullptr;
  ComponentEnergy* component = nullptr;
};

// Adds a fault to a component that has others inside it and says less than those together: meters
// at the plug, batteries, what psys sees (the packages and their memory). Held against what is in
// the total; modelled components contradict nobody, and what has gaps is left out. Several of one
// kind are taken together: each may see one of a machine's two power supplies.
//
// A gauge that takes the mean over some time tells of the window's begin as of the time before it:
// as much of the window as that is not held against it, a minute where nobody knows for how long it
// looks back, as of management controllers and batteries.
void check_wholes(std::span<const CheckedComponent> components, Seconds duration);

}  // namespace wattfor
