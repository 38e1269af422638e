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
// total. What lies inside another sensor in the total (the memory of a Grace socket) is left out.
//
// A module that holds a GPU is left out as soon as any GPU of the machine is read by itself, hidden
// or not, as figures of the GPU alone are asked for; the CPU beside it has a sensor of its own or a
// modelled stand-in. Else the modules count, those that NVML names by a GPU only where no other
// does, and then one of them: less than all is the safe side.
//
// A meter at the plug sees the whole machine, its parts and its power supply's losses: it is never
// added to anything. Where nothing else can be read, the first such meter is the total, as two may
// measure the same. Whoever is left out says why.
void settle_totals(const std::vector<std::unique_ptr<Device>>& devices);

// For a total of parts alone (of a sweep), in which a meter at the plug has no place.
void leave_out_the_wall(const std::vector<std::unique_ptr<Device>>& devices);

}  // namespace wattfor
