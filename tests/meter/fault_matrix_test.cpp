#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "meter/meter.h"
#include "support/fault_rig.h"
#include "support/probe_rigs.h"

// Every probe against everything that can go wrong with what it reads. Whatever happens, a figure
// holds the truth in its interval or is absent, and what was lost is recorded as a gap or a fault.
namespace wattfor::fault_matrix_test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using test::FaultRig;
using test::SourceFault;

// Between two samples, as the meter takes them.
constexpr auto step_of_counters = milliseconds(100);
constexpr auto step_of_gauges = milliseconds(25);

class FaultMatrixTest : public testing::TestWithParam<test::NamedRig> {
 protected:
  FaultMatrixTest() : truth_(clock_), rig_(GetParam().make()) {
    start_ = rig_->counter_range() ? Joules(0.5 * rig_->counter_range()->value()) : Joules(5'000);
  }

  // Begins the window whose figure is judged, one second after the first reading.
  void begin() {
    show();
    std::vector<std::unique_ptr<Device>> devices;
    devices.push_back(rig_->find());
    meter_ = std::make_unique<Meter>(std::move(devices), clock_, MeterOptions{});
    pass(seconds(1));
    window_ = meter_->begin();
    before_ = truth_.energy();
  }

  // Lets time go by with a sample each step.
  void pass(milliseconds duration) {
    const milliseconds step = is_counter() ? step_of_counters : step_of_gauges;
    for (milliseconds done{0}; done < duration; done += step) {
      clock_.advance(step);
      show();
      meter_->sample();
    }
  }

  // The window ends, and what its figure needs comes after.
  void end() {
    meter_->end(*window_);
    expected_ = truth_.energy() - before_;
    pass(seconds(3));
    const EnergyReport report = meter_->wait(*window_);
    ASSERT_FALSE(report.components.empty());
    component_ = report.components.front();
    for (const ComponentEnergy& component : report.components) {
      if (component.in_total) component_ = component;
    }
  }

  void show() {
    const Joules energy = counter_(start_ + truth_.energy());
    const auto range = rig_->counter_range();
    rig_->show(range ? Joules(std::fmod(energy.value(), range->value())) : energy,
               gauge_(truth_.power()));
  }

  // Counts from zero from now on.
  void reset_counter() {
    const Joules so_far = start_ + truth_.energy();
    counter_ = [so_far](Joules energy) { return energy - so_far; };
  }

  bool is_counter() const { return rig_->kind() == SensorKind::energy_counter; }

  bool knows_its_response() const {
    const auto& sensors = meter_->devices().front()->sensors();
    return std::ranges::all_of(
        sensors, [](const auto& sensor) { return profile_of(sensor->info()).is_complete(); });
  }

  void expect_no_wrong_number() const {
    if (!component_.gross) return;
    const Interval& interval = *component_.gross->absolute;
    EXPECT_LE(interval.low, expected_.value()) << said();
    EXPECT_GE(interval.high, expected_.value()) << said();
    EXPECT_LT(interval.high, 1e6) << "that is no figure: " << said();
  }
  void expect_recorded() const {
    EXPECT_FALSE(component_.gaps.empty() && component_.faults.empty()) << said();
  }
  void expect_exact() const {
    ASSERT_TRUE(component_.gross) << said();
    // Over which time a battery averages nobody says: what it shows may be of a second before.
    const double unknown = knows_its_response() ? 0.0 : 0.1;
    EXPECT_NEAR(component_.gross->energy.value(), expected_.value(),
                1.0 + (0.01 + unknown) * expected_.value());
    EXPECT_TRUE(component_.gaps.empty() && component_.faults.empty()) << said();
  }
  std::string said() const {
    std::string text = component_.name + ":";
    if (component_.gross) text += " " + std::to_string(component_.gross->energy.value()) + " J";
    for (const Gap& gap : component_.gaps) text += "\n  gap: " + gap.reason;
    for (const std::string& fault : component_.faults) text += "\n  fault: " + fault;
    return text + "\n  truth: " + std::to_string(expected_.value()) + " J";
  }

  // Two seconds of it in the middle of twelve.
  void suffer(SourceFault fault) {
    begin();
    pass(seconds(5));
    rig_->put(fault);
    pass(seconds(2));
    rig_->put(SourceFault::none);
    pass(seconds(5));
    end();
    expect_recorded();
    expect_no_wrong_number();
    EXPECT_TRUE(component_.gross) << "ten of twelve seconds were seen: " << said();
  }

  ManualClock clock_;
  test::Truth truth_;
  std::unique_ptr<FaultRig> rig_;
  std::unique_ptr<Meter> meter_;
  std::optional<WindowId> window_;
  Joules start_;
  Joules before_;
  Joules expected_;
  std::function<Joules(Joules)> counter_ = [](Joules energy) { return energy; };
  std::function<Watts(Watts)> gauge_ = [](Watts power) { return power; };
  ComponentEnergy component_;
};

// What not every source can suffer.
class GarbledTest : public FaultMatrixTest {};
class CounterTest : public FaultMatrixTest {};
class WrappingCounterTest : public FaultMatrixTest {};

TEST_P(FaultMatrixTest, WithoutAFaultTheFigureIsTheTruth) {
  begin();
  pass(seconds(12));
  end();
  expect_exact();
  expect_no_wrong_number();
}

TEST_P(FaultMatrixTest, AnErrorCodeIsAGap) { suffer(SourceFault::error_code); }

TEST_P(GarbledTest, GarbageIsAGapAndNoNumber) { suffer(SourceFault::garbage); }

TEST_P(GarbledTest, AnEmptyAnswerIsAGapAndNotZero) { suffer(SourceFault::empty); }

TEST_P(FaultMatrixTest, APermissionLostMidwayIsAGap) { suffer(SourceFault::permission_lost); }

TEST_P(FaultMatrixTest, APermissionLostForGoodIsNoFigureOfWhatWasNotSeen) {
  begin();
  pass(seconds(5));
  rig_->put(SourceFault::permission_lost);
  pass(seconds(20));
  end();
  EXPECT_FALSE(component_.gross) << said();
  EXPECT_EQ(component_.basis, Basis::missing);
  expect_recorded();
}

TEST_P(FaultMatrixTest, ADeviceThatVanishesAndReturnsLeavesAGap) { suffer(SourceFault::vanished); }

TEST_P(FaultMatrixTest, AReloadedDriverCountsAnewAndNothingIsReadIntoTheDifference) {
  begin();
  pass(seconds(5));
  rig_->put(SourceFault::vanished);
  pass(seconds(2));
  reset_counter();
  rig_->put(SourceFault::none);
  pass(seconds(5));
  end();
  expect_recorded();
  expect_no_wrong_number();
  EXPECT_TRUE(component_.gross) << said();
}

TEST_P(WrappingCounterTest, AWrapIsUnwrapped) {
  start_ = *rig_->counter_range() - Joules(500);
  begin();
  pass(seconds(12));
  end();
  expect_exact();
  expect_no_wrong_number();
}

TEST_P(WrappingCounterTest, SeveralPossibleWrapsAreRefusedAndNotGuessed) {
  begin();
  pass(seconds(5));
  // Three times round at the truth's mean of 100 W, which nobody saw.
  clock_.advance(seconds(static_cast<long>(3.0 * rig_->counter_range()->value() / 100.0)));
  pass(seconds(5));
  end();
  EXPECT_FALSE(component_.gross) << said();
  expect_recorded();
}

TEST_P(CounterTest, AResetCounterIsAFaultAndAGap) {
  begin();
  pass(seconds(5));
  reset_counter();
  pass(seconds(7));
  end();
  expect_recorded();
  expect_no_wrong_number();
}

TEST_P(FaultMatrixTest, AStuckValueIsNeverAFigureWithoutAFault) {
  begin();
  pass(seconds(40));
  const Joules counted = start_ + truth_.energy();
  const Watts said_last = truth_.power();
  counter_ = [counted](Joules) { return counted; };
  gauge_ = [said_last](Watts) { return said_last; };
  pass(seconds(150));
  end();
  expect_recorded();
  expect_no_wrong_number();
}

TEST_P(FaultMatrixTest, AJumpTo12MegawattsIsAFaultAndNoFigure) {
  begin();
  pass(seconds(5));
  // A gauge says so once; a counter goes on from there.
  counter_ = [](Joules energy) { return energy + Joules(1.2e6); };
  gauge_ = [](Watts) { return Watts(12e6); };
  pass(step_of_counters);
  gauge_ = [](Watts power) { return power; };
  pass(seconds(7));
  end();
  expect_recorded();
  expect_no_wrong_number();
  EXPECT_TRUE(component_.gross) << said();
}

TEST_P(FaultMatrixTest, AReadThatBlocksForSecondsCostsNoMoreThanAGap) {
  begin();
  pass(seconds(5));
  rig_->before_next_read([this] {
    clock_.advance(seconds(6));
    show();
  });
  pass(seconds(5));
  end();
  expect_no_wrong_number();
  EXPECT_TRUE(component_.gross) << said();
  if (!is_counter()) expect_recorded();  // a counter has gone on
}

TEST_P(FaultMatrixTest, AClockThatJumpsIsAGapForAGaugeAndACounterHasCounted) {
  begin();
  pass(seconds(40));
  clock_.advance(seconds(30));
  pass(seconds(40));
  end();
  expect_no_wrong_number();
  EXPECT_TRUE(component_.gross) << said();
  if (!is_counter()) expect_recorded();
}

TEST_P(FaultMatrixTest, AClockThatStandsAddsNothing) {
  begin();
  pass(seconds(5));
  for (int i = 0; i < 10; ++i) meter_->sample();
  pass(seconds(5));
  end();
  expect_exact();
}

TEST_P(FaultMatrixTest, ASleepIsAFaultAndACounterIsTakenAnewAfterIt) {
  begin();
  pass(seconds(5));
  clock_.suspend(std::chrono::hours(8));
  reset_counter();
  pass(seconds(5));
  end();
  expect_recorded();
  expect_no_wrong_number();
  EXPECT_TRUE(component_.gross) << said();
}

std::string name_of_rig(const testing::TestParamInfo<test::NamedRig>& rig) {
  return rig.param.name;
}

std::vector<test::NamedRig> rigs(bool test::NamedRig::* which) {
  std::vector<test::NamedRig> chosen = test::probe_rigs();
  std::erase_if(chosen, [&](const test::NamedRig& rig) { return !(rig.*which); });
  return chosen;
}

INSTANTIATE_TEST_SUITE_P(Probes, FaultMatrixTest, testing::ValuesIn(test::probe_rigs()),
                         name_of_rig);
INSTANTIATE_TEST_SUITE_P(Probes, GarbledTest,
                         testing::ValuesIn(rigs(&test::NamedRig::can_be_garbled)), name_of_rig);
INSTANTIATE_TEST_SUITE_P(Probes, CounterTest, testing::ValuesIn(rigs(&test::NamedRig::is_counter)),
                         name_of_rig);
INSTANTIATE_TEST_SUITE_P(Probes, WrappingCounterTest,
                         testing::ValuesIn(rigs(&test::NamedRig::wraps)), name_of_rig);

}  // namespace
}  // namespace wattfor::fault_matrix_test
