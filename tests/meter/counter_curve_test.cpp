#include "meter/counter_curve.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <optional>
#include <random>
#include <vector>

#include "sensor/sensor.h"
#include "support/curve_energy.h"
#include "support/fake_device.h"

namespace wattfor::counter_curve_test {
namespace {

using std::chrono::milliseconds;
using test::edge_uncertainty;

constexpr Seconds interval{0.1};
const Instant start{std::chrono::seconds(1000)};

Instant at(double seconds) { return start + std::chrono::nanoseconds(std::llround(seconds * 1e9)); }

SensorInfo counter() { return test::counter_info("rapl:package-0", Domain::cpu_package); }

const ReadFailure busy{FailureKind::try_again, "device is busy"};

// Feeds a counter of `power`, from `from` to `to` every 100 ms, that starts at `value`.
void feed(CounterCurve& curve, double from, double to, double power, double value) {
  const int steps = static_cast<int>(std::lround((to - from) / 0.1));
  for (int i = 0; i <= steps; ++i) {
    curve.add({at(from + 0.1 * i), Joules(value + power * 0.1 * i)});
  }
}

TEST(CounterCurveTest, ACounterGivesItsDifference) {
  CounterCurve curve(counter(), interval);
  curve.add({at(0.0), Joules(1000)});
  curve.add({at(1.0), Joules(1050)});
  curve.add({at(2.0), Joules(1150)});
  const CurveEnergy energy = curve.energy(at(0.0), at(2.0));
  EXPECT_DOUBLE_EQ(energy.energy->value(), 150.0);
  EXPECT_DOUBLE_EQ(energy.peak->value(), 100.0);
  EXPECT_TRUE(energy.gaps.empty());
  EXPECT_TRUE(energy.faults.empty());
}

TEST(CounterCurveTest, EdgesBetweenReadingsAreInterpolated) {
  CounterCurve curve(counter(), interval);
  curve.add({at(0.0), Joules(0)});
  curve.add({at(1.0), Joules(50)});
  curve.add({at(2.0), Joules(150)});
  // Half of the first second at 50 W, a quarter of the other at 100 W.
  EXPECT_NEAR(curve.energy(at(0.5), at(1.25)).energy->value(), 25.0 + 25.0, 1e-9);
}

TEST(CounterCurveTest, AnEdgeFarFromAReadingIsUncertainByTheChangeOfPower) {
  CounterCurve curve(counter(), interval);
  feed(curve, 0.0, 1.0, 10.0, 0.0);
  feed(curve, 1.1, 2.0, 110.0, 21.0);
  const double steady = edge_uncertainty(curve.energy(at(0.35), at(0.65)));
  const double stepped = edge_uncertainty(curve.energy(at(0.35), at(1.05)));
  EXPECT_NEAR(steady, 0.0, 1e-9);
  // The edge lies 50 ms from the nearest reading, and the power about it rises by 100 W.
  EXPECT_NEAR(stepped, 0.05 * 100.0, 1e-6);
}

// One window of `length` over a step 10 → 100 → 10 W, seen by a counter that is read every 100 ms,
// 5 ms after each edge and once more when that settles it. The window's figure is taken as soon as
// it is settled.
struct StepTrial {
  double length = 1.0;
  double grid = 0.0;      // phase of the regular readings, 0 … 0.1 s
  double written = 0.0;   // phase of the counter's updates, 0 … its period
  double period = 0.001;  // between two of its updates

  double true_energy(double time) const {
    return 10.0 * time + 90.0 * std::clamp(time - begin, 0.0, length);
  }
  CurveEnergy measured() const {
    SensorInfo info = counter();
    info.update_period = Seconds(period);
    CounterCurve curve(info, interval);
    const double end = begin + length;
    const double settled = curve.settling().count() + 0.006;
    std::vector<double> times = {begin + 0.005, begin + settled, end + 0.005, end + settled};
    for (int i = 0; i < 200; ++i) times.push_back(grid + 0.1 * i);
    std::ranges::sort(times);
    for (const double time : times) {
      const double seen = written + period * std::floor((time - written) / period);
      curve.add({at(time), Joules(1000.0 + true_energy(seen))});
      if (curve.settled(at(end), at(time))) break;
    }
    return curve.energy(at(begin), at(end));
  }

  static constexpr double begin = 2.0;
};

TEST(CounterCurveTest, AStepAtBothEdgesIsCoveredByTheInterval) {
  std::mt19937_64 random(7);
  std::uniform_real_distribution<double> phase(0.0, 1.0);
  for (const double length : {0.1, 0.35, 1.0, 5.0}) {
    const double truth = 100.0 * length;
    constexpr int trials = 400;
    int covered = 0;
    double bias = 0.0;
    double half_width = 0.0;
    for (int i = 0; i < trials; ++i) {
      const StepTrial trial{
          .length = length, .grid = 0.1 * phase(random), .written = 0.001 * phase(random)};
      const CurveEnergy found = trial.measured();
      const double error = found.energy->value() - truth;
      covered += std::abs(error) <= edge_uncertainty(found) ? 1 : 0;
      bias += error / trials;
      half_width += edge_uncertainty(found) / trials;
    }
    EXPECT_GE(covered, 0.90 * trials) << length << " s";
    EXPECT_NEAR(bias, 0.0, 0.15) << length << " s";
    // 5 ms at 90 W at each edge and the age of an update; never better known than that.
    EXPECT_LT(half_width, 1.2) << length << " s";
  }
}

TEST(CounterCurveTest, AStepWithinAFewUpdatesOfASlowCounterIsCoveredByTheInterval) {
  // What is inside such a window is not what the readings around it show.
  std::mt19937_64 random(11);
  std::uniform_real_distribution<double> phase(0.0, 1.0);
  constexpr double period = 0.02;
  for (const double length : {0.01, 0.02, 0.038, 0.06, 0.1, 0.15, 0.3, 1.0}) {
    const double truth = 100.0 * length;
    constexpr int trials = 400;
    int covered = 0;
    for (int i = 0; i < trials; ++i) {
      const StepTrial trial{.length = length,
                            .grid = 0.1 * phase(random),
                            .written = period * phase(random),
                            .period = period};
      const CurveEnergy found = trial.measured();
      covered += std::abs(found.energy->value() - truth) <= edge_uncertainty(found) ? 1 : 0;
    }
    EXPECT_GE(covered, 0.95 * trials) << length << " s";
  }
}

TEST(CounterCurveTest, ADipBetweenTwoReadingsMakesNoWindowNegativeOrSure) {
  CounterCurve curve(counter(), interval);
  feed(curve, 0.0, 1.0, 100.0, 0.0);
  feed(curve, 1.1, 2.0, 100.0, 102.0);
  // Of the 2 J between 1.0 and 1.1 s all or nothing may lie in these 20 ms.
  const CurveEnergy energy = curve.energy(at(1.04), at(1.06));
  EXPECT_GE(energy.energy->value(), 0.0);
  EXPECT_GE(energy.energy->value() + edge_uncertainty(energy), 2.0);
  EXPECT_LE(energy.energy->value() - edge_uncertainty(energy), 0.0);
}

TEST(CounterCurveTest, AnEdgeIsSettledSoonAfterItWhereUpdatesAreQuick) {
  SensorInfo info = counter();
  info.update_period = Seconds(0.001);
  CounterCurve curve(info, Seconds(10.0));
  EXPECT_LE(curve.settling(), Seconds(0.02));
  curve.add({at(0.0), Joules(0)});
  curve.add({at(10.005), Joules(100)});
  EXPECT_FALSE(curve.settled(at(10.0), at(10.005)));
  curve.add({at(10.025), Joules(101)});
  EXPECT_TRUE(curve.settled(at(10.0), at(10.025)));
}

TEST(CounterCurveTest, OfAnEdgeInAHoleOnlyIsKnownThatAllMayLieOnEitherSide) {
  // Reads fail from 10 to 70 s; power steps from 10 to 100 W at 60 s.
  const auto energy_at = [](double time) {
    return 10.0 * time + 90.0 * std::max(time - 60.0, 0.0);
  };
  SensorInfo info = counter();
  for (const bool limited : {false, true}) {
    if (limited) info.power_limit = Watts(100.0 / 1.2);
    CounterCurve curve(info, interval);
    for (int i = 0; i <= 1000; ++i) {
      const double time = 0.1 * i;
      if (time > 10.0 && time < 70.0) {
        curve.add({at(time), busy});
      } else {
        curve.add({at(time), Joules(energy_at(time))});
      }
    }
    const CurveEnergy found = curve.energy(at(40.0), at(95.0));
    const double truth = energy_at(95.0) - energy_at(40.0);
    EXPECT_GE(edge_uncertainty(found), std::abs(found.energy->value() - truth));
    // 1500 J are known of the hole, half of which is what is taken.
    EXPECT_NEAR(edge_uncertainty(found), 750.0, 0.1);
    // An edge outside is as sharp as ever.
    EXPECT_NEAR(edge_uncertainty(curve.energy(at(5.0), at(95.0))), 0.0, 1e-6);
    // 2 s before the hole ends no more than 2 s at the limit can be left.
    const double cap = edge_uncertainty(curve.energy(at(68.0), at(95.0)));
    EXPECT_NEAR(cap, limited ? 150.0 : 1450.0, 1.0);
  }
}

TEST(CounterCurveTest, AWindowShorterThanTheUpdateIsNeitherZeroNorExact) {
  // Zeus: windows shorter than the counter's update read 0 J.
  SensorInfo slow = counter();
  slow.update_period = Seconds(0.1);
  CounterCurve curve(slow, Seconds(0.01));
  for (int i = 0; i <= 100; ++i) {
    curve.add({at(0.01 * i), Joules(40.0 * std::floor(i / 10.0) * 0.1 * 10.0)});
  }
  // 400 W in updates of 40 J; a window of 20 ms between two of them.
  const CurveEnergy energy = curve.energy(at(0.52), at(0.54));
  ASSERT_TRUE(energy.energy);
  EXPECT_NEAR(energy.energy->value(), 8.0, 1e-6);
  EXPECT_GT(edge_uncertainty(energy), 1.0);
}

TEST(CounterCurveTest, AWindowOfMicrosecondsIsNotRounded) {
  // EnergiBridge: time in whole milliseconds.
  CounterCurve curve(counter(), Seconds(1e-4));
  for (int i = 0; i <= 100; ++i) curve.add({at(1e-4 * i), Joules(200.0 * 1e-4 * i)});
  EXPECT_NEAR(curve.energy(at(0.0021), at(0.0024)).energy->value(), 200.0 * 0.0003, 1e-9);
}

TEST(CounterCurveTest, ACounterReadAsSlowlyAsItIsWrittenIsUncertainByAnUpdate) {
  SensorInfo slow = counter();
  slow.update_period = Seconds(0.1);
  CounterCurve curve(slow, interval);
  feed(curve, 0.0, 10.0, 400.0, 0.0);
  // Half an update of 100 ms at 400 W at each edge.
  EXPECT_NEAR(edge_uncertainty(curve.energy(at(0.0), at(10.0))), 40.0, 0.1);
}

TEST(CounterCurveTest, ASlowCallIsUncertainByItsLength) {
  CounterCurve curve(counter(), interval);
  for (int i = 0; i <= 10; ++i) {
    curve.add({.time = at(i), .reading = Joules(100.0 * i), .call = Seconds(0.02)});
  }
  // Each edge lies anywhere within 20 ms at 100 W.
  EXPECT_NEAR(edge_uncertainty(curve.energy(at(0.0), at(10.0))), 2.0, 1e-6);
}

TEST(CounterCurveTest, AWrapIsUnwrapped) {
  SensorInfo info = counter();
  info.counter_range = Joules(262'144);
  CounterCurve curve(info, interval);
  curve.add({at(0.0), Joules(262'100)});
  curve.add({at(0.1), Joules(262'110)});
  curve.add({at(0.2), Joules(6)});
  const CurveEnergy energy = curve.energy(at(0.0), at(0.2));
  EXPECT_DOUBLE_EQ(energy.energy->value(), 50.0);
  EXPECT_TRUE(energy.faults.empty());
}

TEST(CounterCurveTest, OneFailedReadIsNeitherZeroNorAWrapAfterwards) {
  // CodeCarbon: the failed read counts as 0, the next one as a wrap: +162 kJ.
  SensorInfo info = counter();
  info.counter_range = Joules(262'144);
  CounterCurve curve(info, interval);
  curve.add({at(0.0), Joules(100'000)});
  curve.add({at(1.0), Joules(100'050)});
  curve.add({at(2.0), busy});
  curve.add({at(3.0), Joules(100'150)});
  const CurveEnergy energy = curve.energy(at(0.0), at(3.0));
  EXPECT_DOUBLE_EQ(energy.energy->value(), 150.0);
  ASSERT_EQ(energy.gaps.size(), 1U);
  EXPECT_DOUBLE_EQ(energy.gaps[0].start.count(), 1.0);
  EXPECT_DOUBLE_EQ(energy.gaps[0].duration.count(), 2.0);
  EXPECT_EQ(energy.gaps[0].reason, "device is busy");
  EXPECT_NEAR(edge_uncertainty(energy), 0.0, 1e-9);
}

TEST(CounterCurveTest, AResetIsAFaultAndAGapOfKnownWidth) {
  // Alumet: a driver reload yields 1.8e19 mJ.
  SensorInfo info = counter();
  info.power_limit = Watts(200);
  CounterCurve curve(info, interval);
  feed(curve, 0.0, 1.0, 50.0, 1e6);
  feed(curve, 1.1, 2.0, 50.0, 3.0);
  const CurveEnergy energy = curve.energy(at(0.0), at(2.0));
  // The 0.1 s of the reset are filled with the 50 W before it; anything up to 200 W may have
  // flowed.
  EXPECT_NEAR(energy.energy->value(), 100.0, 1e-6);
  EXPECT_NEAR(edge_uncertainty(energy), 0.1 * 150.0, 1e-6);
  ASSERT_EQ(energy.gaps.size(), 1U);
  EXPECT_NEAR(energy.gaps[0].start.count(), 1.0, 1e-9);
  EXPECT_NEAR(energy.gaps[0].duration.count(), 0.1, 1e-9);
  EXPECT_EQ(energy.faults.size(), 1U);
}

TEST(CounterCurveTest, ACounterThatStandsStillIsStuckAndNotZero) {
  CounterCurve curve(counter(), interval);
  for (int i = 0; i <= 30; ++i) curve.add({at(0.1 * i), Joules(0)});
  const CurveEnergy energy = curve.energy(at(0.0), at(3.0));
  EXPECT_FALSE(energy.energy);
  ASSERT_EQ(energy.faults.size(), 1U);
  EXPECT_NE(energy.faults[0].find("has not moved for 3.0 s"), std::string::npos)
      << energy.faults[0];
}

TEST(CounterCurveTest, ACounterOutsideTheTotalMayStandStill) {
  // The graphics unit's zone while its power is cut.
  SensorInfo uncore = counter();
  uncore.in_total = false;
  CounterCurve curve(uncore, interval);
  feed(curve, 0.0, 2.0, 5.0, 0.0);
  for (int i = 21; i <= 100; ++i) curve.add({at(0.1 * i), Joules(10)});
  EXPECT_TRUE(curve.settled(at(9.95), at(10.0)));
  EXPECT_EQ(curve.known_until(), at(10.0));
  const CurveEnergy energy = curve.energy(at(0.0), at(10.0));
  EXPECT_FALSE(energy.energy);
  EXPECT_TRUE(energy.faults.empty());
  EXPECT_TRUE(energy.gaps.empty());
}

TEST(CounterCurveTest, ACounterThatStopsBeforeTheEndIsStuck) {
  CounterCurve curve(counter(), interval);
  feed(curve, 0.0, 8.0, 50.0, 0.0);
  for (int i = 81; i <= 100; ++i) curve.add({at(0.1 * i), Joules(400)});
  EXPECT_FALSE(curve.energy(at(0.0), at(10.0)).energy);
  // What ended before it stopped is untouched.
  EXPECT_NEAR(curve.energy(at(0.0), at(8.0)).energy->value(), 400.0, 1e-6);
}

TEST(CounterCurveTest, ACounterThatLostItsStandstillHasAGapThere) {
  // amdgpu's accumulator may stop for a while and go on where it was.
  CounterCurve curve(counter(), interval);
  feed(curve, 0.0, 5.0, 100.0, 0.0);
  for (int i = 51; i < 70; ++i) curve.add({at(0.1 * i), Joules(500)});
  feed(curve, 7.0, 10.0, 100.0, 510.0);
  const CurveEnergy energy = curve.energy(at(0.0), at(10.0));
  EXPECT_NEAR(energy.energy->value(), 1000.0, 1e-6);  // 2 s at the 100 W before
  EXPECT_GE(edge_uncertainty(energy), 200.0);
  EXPECT_EQ(energy.gaps.size(), 1U);
  ASSERT_EQ(energy.faults.size(), 1U);
  EXPECT_NE(energy.faults[0].find("stood still for 2.0 s"), std::string::npos) << energy.faults[0];
}

TEST(CounterCurveTest, ACounterThatCatchesUpAfterAStandstillHasMissedNothing) {
  CounterCurve curve(counter(), interval);
  feed(curve, 0.0, 5.0, 100.0, 0.0);
  for (int i = 51; i < 70; ++i) curve.add({at(0.1 * i), Joules(500)});
  feed(curve, 7.0, 10.0, 100.0, 700.0);
  const CurveEnergy energy = curve.energy(at(0.0), at(10.0));
  EXPECT_NEAR(energy.energy->value(), 1000.0, 1e-6);
  EXPECT_TRUE(energy.gaps.empty());
  EXPECT_TRUE(energy.faults.empty());
}

TEST(CounterCurveTest, AFailedReadAndAFaultAfterItAreOneGap) {
  CounterCurve curve(counter(), interval);
  feed(curve, 0.0, 5.0, 100.0, 1000.0);
  curve.add({at(5.1), busy});
  feed(curve, 10.0, 15.0, 100.0, 0.0);
  const CurveEnergy energy = curve.energy(at(0.0), at(15.0));
  ASSERT_EQ(energy.gaps.size(), 1U);
  EXPECT_NEAR(energy.gaps[0].duration.count(), 5.0, 1e-9);
  EXPECT_NE(energy.gaps[0].reason.find("device is busy; "), std::string::npos);
  EXPECT_NE(energy.gaps[0].reason.find("went back"), std::string::npos);
}

TEST(CounterCurveTest, AFigureDoesNotDependOnWhenItIsAskedFor) {
  CounterCurve curve(counter(), interval);
  feed(curve, 0.0, 9.9, 50.0, 0.0);
  curve.add({at(10.0), Joules(495)});
  const CurveEnergy soon = curve.energy(at(2.0), at(9.95));
  for (int i = 101; i <= 200; ++i) curve.add({at(0.1 * i), Joules(495)});
  const CurveEnergy late = curve.energy(at(2.0), at(9.95));
  ASSERT_TRUE(late.energy);
  EXPECT_DOUBLE_EQ(late.energy->value(), soon.energy->value());
  EXPECT_TRUE(late.faults.empty());
  EXPECT_FALSE(curve.energy(at(2.0), at(15.0)).energy);
}

TEST(CounterCurveTest, AnEqualReadingMeansNotYet) {
  SensorInfo slow = counter();
  slow.update_period = Seconds(0.1);
  CounterCurve curve(slow, Seconds(0.05));
  curve.add({at(0.00), Joules(0)});
  curve.add({at(0.05), Joules(0)});
  curve.add({at(0.10), Joules(10)});
  curve.add({at(0.15), Joules(10)});
  EXPECT_EQ(curve.points(), 2U);
  EXPECT_FALSE(curve.settled(at(0.12), at(0.15)));
  curve.add({at(0.20), Joules(20)});
  curve.add({at(0.30), Joules(30)});
  EXPECT_FALSE(curve.settled(at(0.12), at(0.30))) << "an update after it says little of the power";
  curve.add({at(0.40), Joules(40)});
  EXPECT_TRUE(curve.settled(at(0.12), at(0.40)));
  EXPECT_NEAR(curve.energy(at(0.0), at(0.15)).energy->value(), 15.0, 1e-9);
}

TEST(CounterCurveTest, ItIsSettledWhenTheLagIsOver) {
  CounterCurve curve(counter(), interval);  // no update period: 3 intervals
  curve.add({at(0.0), Joules(0)});
  EXPECT_FALSE(curve.settled(at(1.0), at(1.25)));
  EXPECT_TRUE(curve.settled(at(1.0), at(1.35)));
}

TEST(CounterCurveTest, WithoutAnyGoodReadingThereIsNoFigureAndAReason) {
  CounterCurve curve(counter(), interval);
  curve.add({at(0.0), ReadFailure{FailureKind::broken, "energy_uj: found \"garbage\""}});
  const CurveEnergy energy = curve.energy(at(0.0), at(1.0));
  EXPECT_FALSE(energy.energy);
  ASSERT_EQ(energy.gaps.size(), 1U);
  EXPECT_EQ(energy.gaps[0].reason, "energy_uj: found \"garbage\"");
}

TEST(CounterCurveTest, ReadingsCloseTogetherDoNotPassForPower) {
  SensorInfo info = counter();
  info.update_period = Seconds(0.001);
  CounterCurve curve(info, interval);
  feed(curve, 0.0, 1.0, 50.0, 0.0);
  // A prompt sample 0.1 ms later falls behind an update of 1 ms: 500 W on paper.
  curve.add({at(1.0001), Joules(50.05)});
  feed(curve, 1.1, 2.0, 50.0, 55.0);
  EXPECT_LT(curve.energy(at(0.0), at(2.0)).peak->value(), 51.0);
}

TEST(CounterCurveTest, AMillionSamplesNeedNoMoreMemoryThanAThousand) {
  CounterCurve curve(counter(), interval);
  const std::vector<Instant> open_since = {at(0.25)};
  std::size_t most = 0;
  for (int i = 0; i <= 1'000'000; ++i) {
    curve.add({at(0.1 * i), Joules(5.0 * i)});
    if (i % 256 == 0) curve.compact(at(0.1 * i - 12.0), open_since);
    most = std::max(most, curve.points());
  }
  EXPECT_LT(most, 500U);
  EXPECT_NEAR(curve.energy(at(0.25), at(100'000.0)).energy->value(), 5e6 - 12.5, 1e-3);
}

TEST(CounterCurveTest, ManyFaultsAreListedInBoundedMemory) {
  CounterCurve curve(counter(), interval);
  for (int i = 0; i < 10'000; ++i) {
    curve.add({at(0.1 * i), Joules(i % 2 == 0 ? 1e9 : 1.0)});
  }
  EXPECT_LE(curve.energy(at(0.0), at(1000.0)).faults.size(), 100U);
}

}  // namespace
}  // namespace wattfor::counter_curve_test
