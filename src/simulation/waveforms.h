#pragma once

#include <span>

#include "response/power_course.h"
#include "simulation/random.h"
#include "units/quantity.h"

namespace wattfor {

// Courses of power that deep-learning work and the loads of calibration draw. Each appends
// `duration` of it to a course that has been begun, cutting its last piece short.

void add_square(PowerCourse& course, Seconds duration, Watts high, Watts low, Seconds period,
                double duty = 0.5, double phase = 0.0);

// Equal steps from `low` to `high`, both among them, one after another.
void add_ladder(PowerCourse& course, Seconds duration, Watts low, Watts high, int levels);

// A new level, evenly distributed, every `step`.
void add_pseudo_random(PowerCourse& course, Seconds duration, Watts low, Watts high, Seconds step,
                       Random& random);

// Forward pass, backward pass, all-reduce and a stall in which the next batch is waited for: 30,
// 45, 15 and 10 % of `step`, at 80, 100, 45 and 10 % of the way from `low` to `high`.
void add_training_steps(PowerCourse& course, Seconds duration, Watts low, Watts high, Seconds step);

// A language model's decoding: for each token a burst at `high` for 60 % of its time, then `low`;
// tokens take 20 to 60 ms, each its own.
void add_token_decoding(PowerCourse& course, Seconds duration, Watts high, Watts low,
                        Random& random);

// A steady load whose power rises with the chip's temperature (leakage): from `cold` towards `warm`
// with `time_constant`, in 1 ms pieces.
void add_thermal_ramp(PowerCourse& course, Seconds duration, Watts cold, Watts warm,
                      Seconds time_constant);

// A load above its limit: at `high` until the controller notices, then at `limit` with the clock
// hunting ±5 % around it at `hunting_period`.
void add_throttling(PowerCourse& course, Seconds duration, Watts high, Watts limit,
                    Seconds until_noticed, Seconds hunting_period);

// The same course with every change drawn out exponentially (`rise`, the power supply's and the
// clock's), in pieces of `piece`, up to its end; 0 leaves edges sharp.
PowerCourse risen(const PowerCourse& course, Seconds rise, Seconds piece = Seconds(0.001));
// The same, and as long after it as it takes to come down.
PowerCourse with_rise(const PowerCourse& course, Seconds rise, Seconds piece = Seconds(0.001));

// The same course with noise while it works: an Ornstein-Uhlenbeck process of standard deviation
// `deviation` and correlation time `correlation`, in pieces of `piece`. Never below 0 W.
PowerCourse with_noise(const PowerCourse& course, Watts deviation, Seconds correlation,
                       Random& random, Seconds piece = Seconds(0.001));

}  // namespace wattfor
