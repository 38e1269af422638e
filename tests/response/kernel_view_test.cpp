#include "response/kernel_view.h"

#include <gtest/gtest.h>

#include <cmath>

namespace wattfor::kernel_view_test {
namespace {

// 100 W, from 0 s on 300 W.
PowerCourse step() {
  PowerCourse course(Seconds(0.0), Watts(100.0));
  course.then(Watts(300.0), Seconds(10.0));
  course.finally(Watts(300.0));
  return course;
}

TEST(KernelViewTest, ShowsAStepAsTheKernelsStepResponse) {
  const PowerCourse course = step();
  for (const Kernel& kernel :
       {Kernel{.kind = ResponseKind::instantaneous, .delay = Seconds(0.01)},
        Kernel{.kind = ResponseKind::boxcar, .window = Seconds(0.2), .delay = Seconds(0.01)},
        Kernel{.kind = ResponseKind::exponential,
               .time_constant = Seconds(0.2),
               .delay = Seconds(0.01)}}) {
    KernelView view(course, kernel);
    for (const double age : {-0.1, 0.0, 0.005, 0.015, 0.1, 0.2, 0.5, 2.0}) {
      EXPECT_NEAR(100.0 + 200.0 * step_response(kernel, Seconds(age)),
                  view.at(Seconds(age)).value(), 1e-9)
          << name_of(kernel.kind) << ' ' << age;
    }
  }
}

TEST(KernelViewTest, DrawsTheStepOutWhereTheLoadRisesSlowly) {
  const PowerCourse course = step();
  KernelView view(course, {.kind = ResponseKind::instantaneous}, Seconds(0.005));
  EXPECT_NEAR(300.0 - 200.0 * std::exp(-2.0), view.at(Seconds(0.010)).value(), 1e-9);
}

// Of two filters in a row, in closed form.
TEST(KernelViewTest, FiltersARiseOnceMoreThroughAnExponential) {
  const PowerCourse course = step();
  const double tau = 0.05;
  const double rise = 0.005;
  KernelView view(course, {.kind = ResponseKind::exponential, .time_constant = Seconds(tau)},
                  Seconds(rise));
  const double t = 0.03;
  const double left = (tau * std::exp(-t / tau) - rise * std::exp(-t / rise)) / (tau - rise);
  EXPECT_NEAR(300.0 - 200.0 * left, view.at(Seconds(t)).value(), 1e-9);
}

TEST(KernelViewTest, TakesARiseAsLongAsTheTimeConstant) {
  const PowerCourse course = step();
  const double tau = 0.05;
  KernelView view(course, {.kind = ResponseKind::exponential, .time_constant = Seconds(tau)},
                  Seconds(tau));
  // 1 − (1 + t/τ)·e^(−t/τ)
  EXPECT_NEAR(300.0 - 200.0 * 2.0 * std::exp(-1.0), view.at(Seconds(tau)).value(), 0.1);
}

TEST(KernelViewTest, MeansARisingLoadOverItsWindow) {
  const PowerCourse course = step();
  KernelView view(course, {.kind = ResponseKind::boxcar, .window = Seconds(0.1)}, Seconds(0.005));
  // The mean of 1 − e^(−t/ρ) over [0, W].
  const double share = 1.0 - 0.05 * (1.0 - std::exp(-20.0));
  EXPECT_NEAR(100.0 + 200.0 * share, view.at(Seconds(0.1)).value(), 1e-9);
}

}  // namespace
}  // namespace wattfor::kernel_view_test
