#pragma once

#include <span>
#include <vector>

#include "response/identify.h"
#include "response/power_course.h"
#include "response/update_series.h"

namespace wattfor {

// What polls of a counter tell, which is known to be one: joules as numbers, across its restarts.
// Its period, where it publishes slower than it was polled (a CPU's counts about every millisecond,
// which no program sees), and then its delay, from the times at which a load ran (a course of 0 and
// 1); its quantum. Its kind is absent where it never moved, as it then counts nothing.
Identification identify_counter(std::span<const Update> polls, const PowerCourse& load);

// The mean power over whole periods of a counter: one for each two readings between which it
// counted, at the time of the later one. A reading that came late or twice moves none of them.
std::vector<Update> powers_of_counter(std::span<const Update> polls, Seconds period);

}  // namespace wattfor
