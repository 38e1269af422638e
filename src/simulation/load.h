#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "measurement/names.h"
#include "response/power_course.h"
#include "simulation/random.h"
#include "units/quantity.h"

namespace wattfor {

enum class Waveform {
  constant,
  square,
  ladder,
  pseudo_random,
  training,      // forward and backward pass, all-reduce, stall
  decoding,      // tokens of 20 to 60 ms
  thermal_ramp,  // from `low` towards `high` as the chip warms up
  throttling,    // `high` until it is noticed, then around `low`
};
template <>
inline constexpr std::array enumerators<Waveform>{
    Waveform::constant, Waveform::square,   Waveform::ladder,       Waveform::pseudo_random,
    Waveform::training, Waveform::decoding, Waveform::thermal_ramp, Waveform::throttling};

std::string_view name_of(Waveform waveform);

// What a simulated device draws while it works, and between.
struct Load {
  Waveform waveform = Waveform::constant;
  Watts idle{60.0};
  Watts high{300.0};
  Watts low{100.0};
  Seconds period{0.1};    // of a square wave, a training step, the hunting; of a step of the others
  double duty = 0.5;      // of a square wave
  double phase = 0.0;     // of a square wave, in periods
  int levels = 5;         // of a ladder
  Seconds settling{5.0};  // time constant of a ramp; until a load above its limit is noticed
  Seconds rise{0.0};      // of every change, exponential
  Watts noise{0.0};       // while it works, standard deviation …
  Seconds correlation{0.03};  // … and correlation time
};

// Work of `duration` from `start`, after `before` was drawn; without an idle end.
PowerCourse work(const Load& load, Seconds start, Seconds duration, Watts before, Random& random);

// A device's whole course: idle, work over [start, start + duration), idle.
PowerCourse course_of(const Load& load, Seconds start, Seconds duration, Random& random);

// The course of a device whose work begins and ends as it is told, drawn up to the present. What it
// keeps grows with the number of works, and not with their length, where the past is forgotten.
class LiveLoad {
 public:
  LiveLoad(Load load, std::uint64_t seed);

  // Draws up to `now`, the past stays as it was.
  void advance(Seconds now);
  // At `time`, or where the course has got to already.
  // At `share` of the way from idle to its powers.
  void begin_work(Seconds time, double share = 1.0);
  void end_work(Seconds time);

  // Before `time` only the mean power between beginnings and ends of work is still known, of which
  // there is no more than that: the energy between any two of those moments stays exact.
  void forget_before(Seconds time);

  const PowerCourse& course() const { return course_; }

 private:
  void plan();

  // Forgetting copies what is left: it is worth while only where that is the smaller part.
  static constexpr std::size_t least_to_forget = 4096;

  Load load_;
  Load going_on_;  // the same after a plan is over: warm, or throttled
  Random random_;
  PowerCourse course_;
  PowerCourse planned_;   // what comes next …
  std::size_t next_ = 0;  // … of which this piece, …
  Seconds begun_{0.0};    // … of which this much was drawn
  bool works_ = false;
  Watts latest_;
  std::vector<Seconds> turns_;  // when work began or ended
  std::size_t pieces_to_forget_ = least_to_forget;
};

}  // namespace wattfor
