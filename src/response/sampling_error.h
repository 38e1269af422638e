#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "response/kernel.h"
#include "units/quantity.h"

namespace wattfor {

// What looking only from time to time does to a periodic load, in closed form. A load of frequency
// ν and Fourier coefficients c_m, read n times every T through a kernel of response H, has a mean
// whose variance over the phase between load and updates is
//
//   var(Ê/E) = Σ_{m≠0} |c_m/c_0|²·|H(mν)|²·D_n²(mνT),   D_n(x) = |sin(πnx) / (n·sin πx)|.
//
// A load that keeps step with the updates (νT whole) has D = 1: no number of readings helps, and
// their spread does not show it.

// |c_m / c_0| of a square wave for m = 1 … `count`. `duty` is the share of a period at `high`.
std::vector<double> square_harmonics(Watts high, Watts low, double duty, std::size_t count);

// One standard deviation of Ê/E over all phases.
double sampling_deviation(std::span<const double> harmonics, Seconds load_period,
                          const Kernel& kernel, Seconds update_period, std::size_t updates);

// The most that Ê/E can be off at any phase: the sum of the harmonics' moduli.
double greatest_sampling_error(std::span<const double> harmonics, Seconds load_period,
                               const Kernel& kernel, Seconds update_period, std::size_t updates);

}  // namespace wattfor
