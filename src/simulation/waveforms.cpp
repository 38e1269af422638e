#include "simulation/waveforms.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace wattfor {
namespace {

// What rounding leaves of a piece is no piece.
constexpr Seconds nothing{1e-12};

struct Piece {
  Watts power;
  Seconds duration;
};

// Appends what `next` answers until `duration` is over.
template <class Next>
void add_pieces(PowerCourse& course, Seconds duration, Next next) {
  const Seconds end = course.end() + duration;
  while (course.end() < end - nothing) {
    const Piece piece = next();
    course.then(piece.power, std::min(piece.duration, end - course.end()));
  }
}

Watts between(Watts low, Watts high, double share) { return low + share * (high - low); }

// Every `piece` of the course in turn, whose means `change` alters.
template <class Change>
PowerCourse in_pieces(const PowerCourse& course, Seconds piece, Change change) {
  PowerCourse changed(course.start(), course.before());
  while (changed.end() < course.end() - nothing) {
    const Seconds from = changed.end();
    const Seconds length = std::min(piece, course.end() - from);
    changed.then(change(course.energy(from, from + length) / length, length), length);
  }
  changed.finally(course.after());
  return changed;
}

}  // namespace

void add_square(PowerCourse& course, Seconds duration, Watts high, Watts low, Seconds period,
                double duty, double phase) {
  double at = phase - std::floor(phase);
  add_pieces(course, duration, [&] {
    const bool on = at < duty - nothing / period;
    const Piece piece{on ? high : low, (on ? duty - at : 1.0 - at) * period};
    at = on ? duty : 0.0;
    return piece;
  });
}

void add_ladder(PowerCourse& course, Seconds duration, Watts low, Watts high, int levels) {
  int level = 0;
  add_pieces(course, duration, [&] {
    const double share = levels > 1 ? static_cast<double>(level++) / (levels - 1) : 1.0;
    return Piece{between(low, high, share), duration / levels};
  });
}

void add_pseudo_random(PowerCourse& course, Seconds duration, Watts low, Watts high, Seconds step,
                       Random& random) {
  add_pieces(course, duration, [&] { return Piece{between(low, high, random.uniform()), step}; });
}

void add_training_steps(PowerCourse& course, Seconds duration, Watts low, Watts high,
                        Seconds step) {
  struct Phase {
    double time;
    double power;
  };
  constexpr std::array phases{Phase{0.30, 0.80}, Phase{0.45, 1.00}, Phase{0.15, 0.45},
                              Phase{0.10, 0.10}};
  std::size_t next = 0;
  add_pieces(course, duration, [&] {
    const Phase& phase = phases[next++ % phases.size()];
    return Piece{between(low, high, phase.power), phase.time * step};
  });
}

void add_token_decoding(PowerCourse& course, Seconds duration, Watts high, Watts low,
                        Random& random) {
  constexpr double burst = 0.6;
  constexpr double shortest_token_s = 0.020;
  constexpr double longest_token_s = 0.060;
  Seconds token{0.0};
  bool in_burst = false;
  add_pieces(course, duration, [&] {
    in_burst = !in_burst;
    if (in_burst) token = Seconds(random.uniform(shortest_token_s, longest_token_s));
    return in_burst ? Piece{high, burst * token} : Piece{low, (1.0 - burst) * token};
  });
}

void add_thermal_ramp(PowerCourse& course, Seconds duration, Watts cold, Watts warm,
                      Seconds time_constant) {
  constexpr Seconds piece{0.001};
  const Seconds start = course.end();
  add_pieces(course, duration, [&] {
    const double risen = -std::expm1(-(course.end() - start) / time_constant);
    return Piece{between(cold, warm, risen), piece};
  });
}

void add_throttling(PowerCourse& course, Seconds duration, Watts high, Watts limit,
                    Seconds until_noticed, Seconds hunting_period) {
  constexpr double hunting = 0.05;
  const Seconds unnoticed = std::min(duration, until_noticed);
  course.then(high, unnoticed);
  add_square(course, duration - unnoticed, (1.0 + hunting) * limit, (1.0 - hunting) * limit,
             hunting_period);
}

PowerCourse risen(const PowerCourse& course, Seconds rise, Seconds piece) {
  if (rise <= Seconds(0.0)) return course;
  Watts power = course.before();
  return in_pieces(course, piece, [&](Watts wanted, Seconds length) {
    power += -std::expm1(-length / rise) * (wanted - power);
    return power;
  });
}

PowerCourse with_rise(const PowerCourse& course, Seconds rise, Seconds piece) {
  constexpr double rises_to_nothing = 8.0;
  PowerCourse longer = course;
  longer.then(course.after(), rises_to_nothing * rise);
  return risen(longer, rise, piece);
}

PowerCourse with_noise(const PowerCourse& course, Watts deviation, Seconds correlation,
                       Random& random, Seconds piece) {
  Watts noise{0.0};
  return in_pieces(course, piece, [&](Watts power, Seconds length) {
    const double kept = std::exp(-length / correlation);
    noise = kept * noise + std::sqrt(1.0 - kept * kept) * random.normal() * deviation;
    return std::max(power + noise, Watts(0.0));
  });
}

}  // namespace wattfor
