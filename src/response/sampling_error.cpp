#include "response/sampling_error.h"

#include <cmath>
#include <numbers>

namespace wattfor {
namespace {

// A number of periods that is this near to a whole one.
constexpr double in_step = 1e-9;

// D_n(x): what is left of an oscillation after n readings, x of its periods apart.
double averaged(double x, std::size_t n) {
  if (std::abs(x - std::round(x)) < in_step) return 1.0;
  const double pi_x = std::numbers::pi * (x - std::floor(x));
  const auto count = static_cast<double>(n);
  return std::abs(std::sin(count * pi_x) / (count * std::sin(pi_x)));
}

// |c_m/c_0|·|H(mν)|·D_n(mνT) for each harmonic.
std::vector<double> moduli(std::span<const double> harmonics, Seconds load_period,
                           const Kernel& kernel, Seconds update_period, std::size_t updates) {
  std::vector<double> result;
  result.reserve(harmonics.size());
  for (std::size_t i = 0; i < harmonics.size(); ++i) {
    const double frequency_hz = static_cast<double>(i + 1) / load_period.count();
    result.push_back(harmonics[i] * gain_at(kernel, frequency_hz) *
                     averaged(frequency_hz * update_period.count(), updates));
  }
  return result;
}

}  // namespace

std::vector<double> square_harmonics(Watts high, Watts low, double duty, std::size_t count) {
  const double mean = (duty * high + (1.0 - duty) * low).value();
  std::vector<double> harmonics;
  harmonics.reserve(count);
  for (std::size_t m = 1; m <= count; ++m) {
    const double angle = std::numbers::pi * static_cast<double>(m);
    harmonics.push_back(std::abs((high - low).value() * std::sin(angle * duty) / angle / mean));
  }
  return harmonics;
}

double sampling_deviation(std::span<const double> harmonics, Seconds load_period,
                          const Kernel& kernel, Seconds update_period, std::size_t updates) {
  double variance = 0.0;
  for (const double modulus : moduli(harmonics, load_period, kernel, update_period, updates)) {
    variance += 2.0 * modulus * modulus;  // of m and −m
  }
  return std::sqrt(variance);
}

double greatest_sampling_error(std::span<const double> harmonics, Seconds load_period,
                               const Kernel& kernel, Seconds update_period, std::size_t updates) {
  double sum = 0.0;
  for (const double modulus : moduli(harmonics, load_period, kernel, update_period, updates)) {
    sum += 2.0 * modulus;
  }
  return sum;
}

}  // namespace wattfor
