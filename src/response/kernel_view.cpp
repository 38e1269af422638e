#include "response/kernel_view.h"

#include <cmath>

namespace wattfor {
namespace {

// Two filters in a row divide by the difference of their time constants.
constexpr double least_difference = 1e-3;

Seconds apart_from(Seconds rise, Seconds time_constant) {
  const bool too_close = std::abs(rise / time_constant - 1.0) < least_difference;
  return too_close ? (1.0 - least_difference) * time_constant : rise;
}

bool has_window(const Kernel& kernel) {
  return kernel.kind == ResponseKind::boxcar && kernel.window > Seconds(0.0);
}
bool has_time_constant(const Kernel& kernel) {
  return kernel.kind == ResponseKind::exponential && kernel.time_constant > Seconds(0.0);
}

}  // namespace

KernelView::KernelView(const PowerCourse& course, const Kernel& kernel, Seconds rise)
    : kernel_(kernel),
      rise_(has_time_constant(kernel) ? apart_from(rise, kernel.time_constant) : rise),
      newest_(course, rise_),
      other_(course, has_time_constant(kernel) ? kernel.time_constant : rise_) {}

Watts KernelView::at(Seconds time) {
  const Seconds looked = time - kernel_.delay;
  if (has_window(kernel_)) {
    return (newest_.at(looked).energy - other_.at(looked - kernel_.window).energy) / kernel_.window;
  }
  if (has_time_constant(kernel_)) {
    const Watts slow = other_.at(looked).power;
    if (rise_ <= Seconds(0.0)) return slow;
    const double share = rise_ / (kernel_.time_constant - rise_);
    return slow + share * (slow - newest_.at(looked).power);
  }
  return newest_.at(looked).power;
}

}  // namespace wattfor
