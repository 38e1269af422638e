#include "response/padded_energy.h"

#include <gtest/gtest.h>

#include "simulation/sensor_stream.h"
#include "simulation/waveforms.h"

namespace wattfor::padded_energy_test {
namespace {

// Irregular work between two idle powers.
PowerCourse work(Seconds from, Seconds duration) {
  Random random(11);
  PowerCourse course(from, Watts(60.0));
  add_pseudo_random(course, duration, Watts(100.0), Watts(400.0), Seconds(0.037), random);
  course.finally(Watts(90.0));
  return course;
}

UpdateSeries stream(const PowerCourse& course, const Kernel& kernel, Seconds phase) {
  Random random(1);
  UpdateSeries series(Seconds(0.1));
  for (const Publication& each :
       publications(course, {.kernel = kernel, .update_period = Seconds(0.1), .phase = phase},
                    Seconds(-4.0), Seconds(14.0), random)) {
    series.add(each.time, Watts(each.value));
  }
  return series;
}

TEST(PaddedEnergyTest, IsExactWhereTheWindowIsWholePeriodsWhateverThePhase) {
  const PowerCourse course = work(Seconds(0.0), Seconds(2.345));
  const double truth = course.energy(Seconds(0.0), Seconds(2.345)).value();
  for (const double window : {0.1, 0.2, 1.0}) {
    for (const double phase : {0.0, 0.013, 0.05, 0.099}) {
      const Kernel kernel{
          .kind = ResponseKind::boxcar, .window = Seconds(window), .delay = Seconds(0.007)};
      const PaddedEnergy found = padded_energy(stream(course, kernel, Seconds(phase)), kernel,
                                               Seconds(0.0), Seconds(2.345), Seconds(1.0));
      EXPECT_NEAR(found.energy.value(), truth, 1e-6) << window << " " << phase;
      EXPECT_NEAR(found.seen.count(), 2.345, 1e-9);
      EXPECT_NEAR(found.before.power.value(), 60.0, 1e-9);
      EXPECT_NEAR(found.after.power.value(), 90.0, 1e-9);
    }
  }
}

TEST(PaddedEnergyTest, TheNaiveIntegralOfASlowSensorMissesWhatShowsAfterTheEnd) {
  const PowerCourse course = work(Seconds(0.0), Seconds(1.0));
  const Kernel kernel{.kind = ResponseKind::boxcar, .window = Seconds(1.0)};
  const UpdateSeries series = stream(course, kernel, Seconds(0.03));
  const double truth = course.energy(Seconds(0.0), Seconds(1.0)).value();
  EXPECT_LT(naive_energy(series.updates(), Seconds(0.0), Seconds(1.0)).value(), 0.7 * truth);
  EXPECT_NEAR(
      padded_energy(series, kernel, Seconds(0.0), Seconds(1.0), Seconds(1.0)).energy.value(), truth,
      1e-6);
}

TEST(PaddedEnergyTest, OtherWorkBesideTheWindowIsNotInAnRcFiltersEnergy) {
  // 300 W up to 0.15 s before the window and from 0.15 s after it on: five time constants would
  // have to be idle if the filter's past were not known.
  PowerCourse course(Seconds(-2.0), Watts(60.0));
  course.then(Watts(300.0), Seconds(1.85));
  course.then(Watts(60.0), Seconds(0.15));
  course.then(Watts(200.0), Seconds(1.0));
  course.then(Watts(60.0), Seconds(0.15));
  course.then(Watts(300.0), Seconds(0.6));
  course.finally(Watts(60.0));
  const Kernel kernel{.kind = ResponseKind::exponential, .time_constant = Seconds(0.2)};
  for (const double phase : {0.0, 0.02, 0.04, 0.06, 0.08}) {
    const PaddedEnergy found =
        padded_energy(stream(course, kernel, Seconds(phase)), kernel, Seconds(0.0), Seconds(1.0),
                      Padding(Seconds(1.0), Seconds(0.4)));
    // What is left is the power between the edges and the updates next to them, up to 0.1 s of it.
    EXPECT_NEAR(found.energy.value(), 200.0, 24.0) << phase;
  }
}

TEST(PaddedEnergyTest, AWindowInsideASteadyLoadIsItsPowerTimesItsLength) {
  PowerCourse steady(Seconds(-10.0), Watts(60.0));
  steady.then(Watts(250.0), Seconds(30.0));
  for (const ResponseKind kind : {ResponseKind::boxcar, ResponseKind::exponential}) {
    const Kernel kernel{.kind = kind, .window = Seconds(0.1), .time_constant = Seconds(0.2)};
    const PaddedEnergy found = padded_energy(stream(steady, kernel, Seconds(0.02)), kernel,
                                             Seconds(1.0), Seconds(1.77), Seconds(1.0));
    // An RC filter's kernel is seen at some moments only: what it misses, or sees twice, is known.
    EXPECT_NEAR((found.energy / found.seen).value(), 250.0, 1e-3);
    EXPECT_NEAR(found.seen.count(), 0.77, kind == ResponseKind::boxcar ? 1e-9 : 0.02);
  }
}

TEST(PaddedEnergyTest, APartTimeGaugeSeesMoreOrLessThanTheWindowByChance) {
  const PowerCourse course = work(Seconds(0.0), Seconds(0.55));
  const Kernel kernel{.kind = ResponseKind::boxcar, .window = Seconds(0.025)};
  const auto seen = [&](double phase) {
    return padded_energy(stream(course, kernel, Seconds(phase)), kernel, Seconds(0.0),
                         Seconds(0.55), Seconds(1.0))
        .seen.count();
  };
  EXPECT_NEAR(seen(0.03), 0.6, 1e-9);
  EXPECT_NEAR(seen(0.09), 0.5, 1e-9);
}

TEST(PaddedEnergyTest, AWindowThatTouchesTheEndsOfTheRecordSaysThatItHasNoLevel) {
  const PowerCourse course = work(Seconds(-20.0), Seconds(60.0));
  const Kernel kernel{.kind = ResponseKind::boxcar, .window = Seconds(0.1)};
  const UpdateSeries series = stream(course, kernel, Seconds(0.0));
  const Seconds first = series.updates().front().time;
  const Seconds last = series.updates().back().time;
  const PaddedEnergy found =
      padded_energy(series, kernel, first - Seconds(0.05), last + Seconds(0.05), Seconds(1.0));
  EXPECT_EQ(found.before.updates, 0U);
  EXPECT_EQ(found.after.updates, 0U);
}

TEST(PaddedEnergyTest, AGapInTheWindowIsToldAsUnseen) {
  UpdateSeries series(Seconds(0.1));
  for (int k = 0; k < 100; ++k) {
    if (k < 40 || k >= 60) series.add(0.1 * k * Seconds(1.0), Watts(200.0));
  }
  const Kernel kernel{.kind = ResponseKind::boxcar, .window = Seconds(0.1)};
  const PaddedEnergy found =
      padded_energy(series, kernel, Seconds(2.0), Seconds(8.0), Seconds(1.0));
  EXPECT_NEAR(found.unseen.count(), 2.0, 1e-9);
  EXPECT_NEAR(found.energy.value(), 1200.0, 1e-6);
}

TEST(PaddedEnergyTest, OfNoUpdatesThereIsNothing) {
  const UpdateSeries none(Seconds(0.1));
  const PaddedEnergy found = padded_energy(none, {}, Seconds(0.0), Seconds(1.0), Seconds(1.0));
  EXPECT_EQ(found.updates, 0U);
  EXPECT_EQ(found.seen.count(), 0.0);
}

}  // namespace
}  // namespace wattfor::padded_energy_test
