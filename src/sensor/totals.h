#pragma once

#include <memory>
#include <vector>

#include "sensor/sensor.h"

namespace wattfor {

// What discovery does once every probe has answered, so that a total holds every joule once.
//
// GPUs of several makers are numbered on: those of the first probe keep their numbers. What is of
// no known domain is numbered through, so that each stands for itself. Of several sensors for one
// domain and index (a package through perf events and through powercap) the first stays in the
// total. What lies inside another sensor in the total (the memory of a Grace socket) is left out; a
// module that holds a GPU is itself left out where that GPU is read, as figures of the GPU alone
// are asked for, and the CPU beside it has a modelled stand-in if need be. Whoever is left out says
// why.
void settle_totals(const std::vector<std::unique_ptr<Device>>& devices);

}  // namespace wattfor
