#include "simulation/random.h"

#include <cmath>
#include <numbers>

namespace wattfor {

double Random::uniform() {
  constexpr int mantissa_bits = 53;
  return std::ldexp(static_cast<double>(engine_() >> (64 - mantissa_bits)), -mantissa_bits);
}

// Box and Muller's method; the second number of the pair is not kept, so that the stream does not
// depend on who asked before.
double Random::normal() {
  const double radius = std::sqrt(-2.0 * std::log1p(-uniform()));
  return radius * std::cos(2.0 * std::numbers::pi * uniform());
}

}  // namespace wattfor
