#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "response/identify.h"
#include "simulated_calibration.h"
#include "simulation/waveforms.h"

// What a recording can't tell is left out, with the reason.
namespace wattfor::identify_limits_test {
namespace {

constexpr Seconds poll{0.002};

SensorModel gauge(Seconds window) {
  return {.kernel = {.kind = ResponseKind::boxcar, .window = window, .delay = Seconds(0.003)},
          .update_period = Seconds(0.1),
          .phase = Seconds(0.03),
          .period_jitter = Seconds(0.0005),
          .gain = 0.95,
          .offset = Watts(-1.0),
          .noise = Watts(0.5),
          .quantum = 0.01};
}

bool notes_say(const Identification& found, const std::string& words) {
  return std::ranges::any_of(
      found.notes, [&](const std::string& note) { return note.find(words) != std::string::npos; });
}

std::string notes_of(const Identification& found) {
  return fmt::format("{}", fmt::join(found.notes, "\n"));
}

void expect_nothing_but_the_period(const Identification& found, const std::string& reason) {
  EXPECT_FALSE(found.kind);
  EXPECT_TRUE(found.profile.update_period);
  EXPECT_FALSE(found.profile.window);
  EXPECT_FALSE(found.profile.time_constant);
  EXPECT_FALSE(found.profile.delay);
  EXPECT_FALSE(found.profile.gain);
  EXPECT_FALSE(found.profile.attention);
  EXPECT_TRUE(notes_say(found, reason)) << notes_of(found);
}

TEST(IdentifyLimitsTest, ALoadOfTheUpdatesPeriodTellsNothing) {
  Random random(1);
  PowerCourse power(Seconds(0.5), Watts(60.0));
  PowerCourse marks(Seconds(0.5), Watts(0.0));
  add_square(power, Seconds(20.0), Watts(300.0), Watts(60.0), Seconds(0.1));
  add_square(marks, Seconds(20.0), Watts(1.0), Watts(0.0), Seconds(0.1));
  const auto polls = polls_of(power, gauge(Seconds(0.025)), poll, random);
  expect_nothing_but_the_period(identify_from_load(polls, marks), "keeps step with the updates");
  expect_nothing_but_the_period(identify_from_reference(polls, power),
                                "keeps step with the updates");
}

TEST(IdentifyLimitsTest, AReferenceOfAnotherDeviceTellsNothing) {
  Random random(2);
  const auto load = stepped_load(20, Seconds(0.3), Seconds(0.7), Seconds(0.0), random);
  const auto other = stepped_load(20, Seconds(0.3), Seconds(0.7), Seconds(0.0), random);
  const auto polls = polls_of(load.power, gauge(Seconds(0.025)), poll, random);
  expect_nothing_but_the_period(identify_from_reference(polls, other.power), "do not follow");
}

TEST(IdentifyLimitsTest, AReferenceOfTwiceThePowerIsRefused) {
  Random random(3);
  const auto load = stepped_load(20, Seconds(0.3), Seconds(0.7), Seconds(0.0), random);
  auto sensor = gauge(Seconds(0.025));
  sensor.gain = 0.5;
  const auto found =
      identify_from_reference(polls_of(load.power, sensor, poll, random), load.power);
  EXPECT_FALSE(found.profile.gain);
  EXPECT_FALSE(found.profile.offset);
  EXPECT_TRUE(notes_say(found, "gain: ") || notes_say(found, "do not follow")) << notes_of(found);
}

TEST(IdentifyLimitsTest, ASingleStepTellsGainAndOffsetAndNoShortWindow) {
  Random random(4);
  PowerCourse power(Seconds(1.0), Watts(60.0));
  power.then(Watts(300.0), Seconds(6.0));
  power.then(Watts(60.0), Seconds(3.0));
  const auto polls = polls_of(power, gauge(Seconds(0.025)), poll, random);
  const auto found = identify_from_reference(polls, power);
  EXPECT_FALSE(found.kind) << notes_of(found);
  EXPECT_TRUE(notes_say(found, "too few to")) << notes_of(found);
  ASSERT_TRUE(found.profile.gain);
  EXPECT_NEAR(0.95, found.profile.gain->value, 0.005);
  EXPECT_NEAR(-1.0, found.profile.offset->value.value(), 1.0);
}

TEST(IdentifyLimitsTest, AReferenceThatDoesNotOverlapTellsNothing) {
  Random random(5);
  const auto load = stepped_load(20, Seconds(0.3), Seconds(0.7), Seconds(0.0), random);
  PowerCourse later(Seconds(500.0), Watts(60.0));
  add_square(later, Seconds(10.0), Watts(300.0), Watts(60.0), Seconds(1.0));
  const auto polls = polls_of(load.power, gauge(Seconds(0.025)), poll, random);
  expect_nothing_but_the_period(identify_from_reference(polls, later), "12 are the least");
}

TEST(IdentifyLimitsTest, PollsNoFasterThanTheUpdatesTellNoPeriod) {
  Random random(6);
  const auto load = stepped_load(20, Seconds(0.3), Seconds(0.7), Seconds(0.0), random);
  const auto polls = polls_of(load.power, gauge(Seconds(0.025)), Seconds(0.13), random);
  const auto found = identify_from_load(polls, load.marks);
  EXPECT_FALSE(found.kind);
  EXPECT_FALSE(found.profile.update_period);
  EXPECT_TRUE(notes_say(found, "poll it faster")) << notes_of(found);
}

TEST(IdentifyLimitsTest, ReadingsThatNeverChangeTellNothing) {
  std::vector<Update> polls;
  for (const std::size_t count : {0u, 1u, 2u, 1000u}) {
    while (polls.size() < count) {
      polls.push_back({static_cast<double>(polls.size()) * poll, Watts(60.0)});
    }
    const auto found = identify_from_readings(polls);
    EXPECT_FALSE(found.kind);
    EXPECT_FALSE(found.profile.update_period);
    EXPECT_TRUE(notes_say(found, "too seldom")) << notes_of(found);
  }
}

TEST(IdentifyLimitsTest, ALoadWithoutAStepTellsNothing) {
  Random random(7);
  PowerCourse power(Seconds(0.5), Watts(60.0));
  power.then(Watts(60.0), Seconds(20.0));
  const auto polls = polls_of(power, gauge(Seconds(0.025)), poll, random);
  expect_nothing_but_the_period(identify_from_load(polls, PowerCourse(Seconds(0.5), Watts(0.0))),
                                "never changes its power");
  expect_nothing_but_the_period(identify_from_reference(polls, power), "never changes its power");
  expect_nothing_but_the_period(identify_from_readings(polls), "show no step");
}

TEST(IdentifyLimitsTest, ACounterIsKnownByReadingsThatOnlyRise) {
  Random random(8);
  const auto load = stepped_load(20, Seconds(0.3), Seconds(0.7), Seconds(0.0), random);
  const SensorModel sensor{.kernel = {.kind = ResponseKind::counter},
                           .update_period = Seconds(0.02),
                           .quantum = 0.001,
                           .counter_range = Joules(1500.0)};
  const auto polls = polls_of(load.power, sensor, poll, random);
  for (const auto& found : {identify_from_readings(polls), identify_from_load(polls, load.marks),
                            identify_from_reference(polls, load.power)}) {
    EXPECT_EQ(ResponseKind::counter, found.kind);
    EXPECT_NEAR(0.02, found.profile.update_period->value.count(), 2e-5);
    EXPECT_NEAR(0.001, found.profile.quantum.value_or(0.0), 1e-6);
    EXPECT_FALSE(found.profile.attention);
  }
}

TEST(IdentifyLimitsTest, ReadingsAloneTellAResponseOfSeveralUpdates) {
  Random random(9);
  const auto load = stepped_load(8, Seconds(2.0), Seconds(3.0), Seconds(0.0), random);
  const auto boxcar =
      identify_from_readings(polls_of(load.power, gauge(Seconds(1.0)), poll, random));
  ASSERT_EQ(ResponseKind::boxcar, boxcar.kind) << notes_of(boxcar);
  EXPECT_NEAR(1.0, boxcar.profile.window->value.count(), 0.03);
  EXPECT_FALSE(boxcar.profile.delay);
  EXPECT_FALSE(boxcar.profile.gain);

  auto sensor = gauge(Seconds(0.0));
  sensor.kernel = {.kind = ResponseKind::exponential, .time_constant = Seconds(0.4)};
  const auto exponential = identify_from_readings(polls_of(load.power, sensor, poll, random));
  ASSERT_EQ(ResponseKind::exponential, exponential.kind) << notes_of(exponential);
  EXPECT_NEAR(0.4, exponential.profile.time_constant->value.count(), 0.03);
}

TEST(IdentifyLimitsTest, ReadingsAloneTellNoResponseWithinAnUpdate) {
  Random random(10);
  const auto load = stepped_load(8, Seconds(2.0), Seconds(3.0), Seconds(0.0), random);
  for (const Seconds window : {Seconds(0.025), Seconds(0.1)}) {
    const Identification found =
        identify_from_readings(polls_of(load.power, gauge(window), poll, random));
    expect_nothing_but_the_period(found, "within an update or two");
    // The window that the notes bound is one that was tried.
    for (const std::string& note : found.notes) {
      EXPECT_EQ(note.find("e+"), std::string::npos) << note;
    }
  }
}

}  // namespace
}  // namespace wattfor::identify_limits_test
