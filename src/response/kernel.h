#pragma once

#include <array>
#include <string_view>

#include "measurement/names.h"
#include "units/quantity.h"

namespace wattfor {

// What a sensor makes of the power that flows: `value(t) = ∫ h(u)·p(t − u) du` with ∫ h = 1, so
// that no kernel changes energy, only when and how often it is looked at. The kinds are those found
// on GPU boards (arXiv 2312.02741, "Part-time Power Measurements").
enum class ResponseKind {
  counter,        // joules: counts without looking away, may be published late
  instantaneous,  // the power of one moment
  boxcar,         // the mean of the latest `window`
  exponential,    // follows as an RC filter does, with `time_constant`
};
template <>
inline constexpr std::array enumerators<ResponseKind>{
    ResponseKind::counter, ResponseKind::instantaneous, ResponseKind::boxcar,
    ResponseKind::exponential};

std::string_view name_of(ResponseKind kind);

// A kernel h, published `delay` after the moment it ends at.
struct Kernel {
  ResponseKind kind = ResponseKind::instantaneous;
  Seconds window{0.0};         // of a boxcar
  Seconds time_constant{0.0};  // of an exponential
  Seconds delay{0.0};

  bool operator==(const Kernel&) const = default;
};

// The share of the kernel that lies within the latest `age`: the response, `age` after it, to a
// step of power from 0 to 1. Rises from 0 to 1; 0 before the delay is over. A counter responds as a
// moment does.
double step_response(const Kernel& kernel, Seconds age);

// W of a boxcar, τ of an exponential, else 0.
Seconds width_of(const Kernel& kernel);

// The age beyond which nothing of the kernel is left: W + d, of an exponential d + 12 τ, where
// 6·10⁻⁶ are.
Seconds reach_of(const Kernel& kernel);

// |H(f)|: how much of a load's oscillation at `frequency_hz` shows in the readings, 1 at 0 Hz.
double gain_at(const Kernel& kernel, double frequency_hz);

// How much of the truth the readings of a load that keeps step with the updates leave open: its
// mean power is (1 − this) × what they say + this × some other power that it may draw. Of a boxcar
// of n whole periods and a share f of one, (1 − f) / (n + 1): 1 − W/T where it is shorter than an
// update. Of an exponential, 1 − (1 − e^(−T/τ))·τ/T; of a moment everything. 0 of a counter, and
// where W is whole periods (to 2 %).
double inattention(const Kernel& kernel, Seconds update_period);

}  // namespace wattfor
