#pragma once

#include <cstdint>
#include <random>

namespace wattfor {

// Random numbers that are the same on every machine for a seed: the standard's engine is defined to
// the bit, its distributions are not.
class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}

  double uniform();  // [0, 1)
  double uniform(double low, double high) { return low + (high - low) * uniform(); }
  double normal();  // mean 0, standard deviation 1
  std::uint64_t seed() { return engine_(); }

 private:
  std::mt19937_64 engine_;
};

}  // namespace wattfor
