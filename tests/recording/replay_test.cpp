#include "recording/replay.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "base/error.h"
#include "response/default_profiles.h"
#include "simulation/sensor_stream.h"
#include "simulation/waveforms.h"
#include "support/refusal.h"

namespace wattfor::replay_test {
namespace {

using test::expect_refusal;
using test::has_text;
using test::refusal_of;

constexpr std::int64_t origin_us = 1'700'000'000'000'000;
constexpr Seconds origin{1.7e9};

Mark mark(double from, double to) {
  return {.start_us = origin_us + std::llround(from * 1e6),
          .end_us = origin_us + std::llround(to * 1e6)};
}

// Work from 5 to 7 s and from 12 to 13 s, idle at 60 W around it.
PowerCourse work() {
  PowerCourse course(Seconds(0.0), Watts(60.0));
  course.then(Watts(60.0), Seconds(5.0));
  add_square(course, Seconds(2.0), Watts(380.0), Watts(150.0), Seconds(0.09), 0.7);
  course.then(Watts(60.0), Seconds(5.0));
  add_square(course, Seconds(1.0), Watts(300.0), Watts(250.0), Seconds(0.03));
  course.finally(Watts(60.0));
  return course;
}

// What nvidia-smi would have logged of it in 20 s, on a clock `hours` ahead of UTC.
NvidiaSmiLog log_of(const PowerCourse& course, const Kernel& kernel, double hours,
                    Seconds interval = Seconds(0.015)) {
  Random random(3);
  SensorModel sensor;
  sensor.kernel = kernel;
  sensor.update_period = Seconds(0.1);
  sensor.phase = Seconds(0.033);
  sensor.noise = Watts(0.5);
  sensor.quantum = 0.01;
  const auto published = publications(course, sensor, Seconds(-1.0), Seconds(20.0), random);
  NvidiaSmiLog log;
  log.column = "power.draw.instant";
  for (const Publication& seen :
       polled(published, Seconds(0.0), Seconds(20.0), interval, Seconds(0.001), random)) {
    log.polls.push_back({origin + seen.time + Seconds(3600.0 * hours), Watts(seen.value)});
  }
  return log;
}

constexpr Kernel whole{.kind = ResponseKind::boxcar, .window = Seconds(0.1)};
constexpr Kernel second{.kind = ResponseKind::boxcar, .window = Seconds(1.0)};

SensorProfile named(const char* name) { return to_profile(*default_profile(name), ""); }

Replay replayed(const NvidiaSmiLog& log, const std::vector<Mark>& marks,
                const ReplaySettings& settings) {
  return replay(log, marks, settings, "log.csv");
}

double error(const ReplayedWindow& window, const PowerCourse& course, double from, double to) {
  const double truth = course.energy(Seconds(from), Seconds(to)).value();
  return window.estimate->figure.energy.value() / truth - 1.0;
}

TEST(ReplayTest, CorrectsWhatTheNaiveIntegralMisses) {
  const PowerCourse course = work();
  const std::vector<Mark> marks{mark(5, 7), mark(12, 13)};
  const struct {
    Kernel kernel;
    const char* profile = "";
    double naive_error = 0.0;
  } sensors[] = {{whole, "rtx-ampere-instant", -0.02}, {second, "rtx-ampere-average", -0.15}};
  for (const auto& sensor : sensors) {
    const Replay found =
        replayed(log_of(course, sensor.kernel, 5.5), marks, {.profile = named(sensor.profile)});
    EXPECT_DOUBLE_EQ(5.5 * 3600.0, found.clock.offset.count());
    ASSERT_EQ(2U, found.windows.size());
    EXPECT_NEAR(0.0, error(found.windows[0], course, 5, 7), 0.01) << sensor.profile;
    EXPECT_NEAR(0.0, error(found.windows[1], course, 12, 13), 0.01) << sensor.profile;
    const double truth = course.energy(Seconds(5.0), Seconds(7.0)).value();
    EXPECT_LT(found.windows[0].naive->value() / truth - 1.0, sensor.naive_error);
    EXPECT_NEAR(133.0, static_cast<double>(found.windows[0].samples), 2.0);
    EXPECT_TRUE(found.windows[0].gaps.empty());
    EXPECT_TRUE(found.windows[0].reason.empty());
  }
}

TEST(ReplayTest, SaysWhyAWindowOutsideTheLogHasNoFigure) {
  const auto found = replayed(log_of(work(), whole, 0), {mark(5, 7), mark(-9, -8), mark(30, 31)},
                              {.profile = named("rtx-ampere-instant"), .utc_offset = Seconds(0)});
  EXPECT_TRUE(found.windows[0].estimate);
  EXPECT_FALSE(found.windows[1].estimate);
  EXPECT_FALSE(found.windows[1].naive);
  EXPECT_TRUE(has_text(found.windows[1].reason, "it ends 8 s before the log begins"));
  EXPECT_TRUE(has_text(found.windows[2].reason, "it begins 10 s after the log ends"));
  EXPECT_TRUE(has_text(found.notes.back(), "2 of 3 windows have no figure"));
}

TEST(ReplayTest, SaysWhyAWindowOfNoLengthOrMostlyUnseenHasNoFigure) {
  const auto found = replayed(log_of(work(), whole, 0), {mark(5, 5), mark(19, 25), mark(18, 20.4)},
                              {.profile = named("rtx-ampere-instant"), .utc_offset = Seconds(0)});
  EXPECT_TRUE(has_text(found.windows[0].reason, "no length"));
  EXPECT_FALSE(found.windows[1].estimate);
  EXPECT_TRUE(has_text(found.windows[1].reason, "less than half"));
  EXPECT_TRUE(found.windows[2].estimate);
  EXPECT_FALSE(found.windows[2].naive);
  ASSERT_EQ(1U, found.windows[2].gaps.size());
  EXPECT_EQ("after the log ends", found.windows[2].gaps[0].reason);
  EXPECT_GT(found.windows[2].estimate->budget.gaps, Joules(10.0));
}

TEST(ReplayTest, ListsAGapWithItsReasonAndWidensTheInterval) {
  NvidiaSmiLog log = log_of(work(), whole, 0);
  const Seconds from = origin + Seconds(5.8);
  const Seconds to = origin + Seconds(6.3);
  std::erase_if(log.polls, [&](const Update& poll) { return poll.time > from && poll.time < to; });
  log.gaps.push_back({from, to, "[GPU is lost]"});
  const ReplaySettings settings{.profile = named("rtx-ampere-instant"), .utc_offset = Seconds(0)};
  const auto found = replayed(log, {mark(5, 7)}, settings).windows.at(0);
  ASSERT_EQ(1U, found.gaps.size());
  EXPECT_EQ("[GPU is lost]", found.gaps[0].reason);
  EXPECT_NEAR(0.8, found.gaps[0].start.count(), 0.02);
  EXPECT_NEAR(0.5, found.gaps[0].duration.count(), 0.02);
  EXPECT_GT(found.estimate->budget.gaps, Joules(100.0));
  const double truth = work().energy(Seconds(5.0), Seconds(7.0)).value();
  EXPECT_LT(found.estimate->figure.comparison->low, truth);
  EXPECT_GT(found.estimate->figure.comparison->high, truth);
}

TEST(ReplayTest, IsWiderForWindowsThatAdjoinEachOther) {
  const NvidiaSmiLog log = log_of(work(), second, 0);
  const ReplaySettings settings{.profile = named("rtx-ampere-average"), .utc_offset = Seconds(0)};
  const auto alone = replayed(log, {mark(5, 6)}, settings);
  const auto beside = replayed(log, {mark(5, 6), mark(6, 7)}, settings);
  EXPECT_GT(beside.windows[0].estimate->budget.levels,
            2.0 * replayed(log, {mark(5, 7)}, settings).windows[0].estimate->budget.levels);
  EXPECT_TRUE(has_text(beside.notes.back(), "2 of 2 windows adjoin another one"));
  const double truth = work().energy(Seconds(5.0), Seconds(6.0)).value();
  EXPECT_LT(beside.windows[0].estimate->figure.comparison->low, truth);
  EXPECT_GT(beside.windows[0].estimate->figure.comparison->high, truth);
  EXPECT_TRUE(alone.windows[0].estimate);
}

TEST(ReplayTest, TakesTheDefaultOfTheBoardThatTheLogNames) {
  NvidiaSmiLog log = log_of(work(), whole, 0);
  log.board = "NVIDIA GeForce RTX 3090";
  EXPECT_TRUE(has_text(replayed(log, {mark(5, 7)}, {}).profile.origin, "rtx-ampere-instant"));
  log.column = "power.draw";
  EXPECT_TRUE(has_text(replayed(log, {mark(5, 7)}, {}).profile.origin, "rtx-ampere-average"));
}

TEST(ReplayTest, HoldsTheTruthWhateverTheSensorWhereNothingIsKnownOfIt) {
  const PowerCourse course = work();
  const double truth = course.energy(Seconds(5.0), Seconds(7.0)).value();
  for (const double window : {0.0, 0.025, 0.1, 0.4, 1.0}) {
    const auto kind = window > 0.0 ? ResponseKind::boxcar : ResponseKind::instantaneous;
    const Kernel kernel{.kind = kind, .window = Seconds(window)};
    const auto found = replayed(log_of(course, kernel, 0), {mark(5, 7)}, {});
    EXPECT_EQ("unknown", found.profile.origin);
    EXPECT_NEAR(0.1, found.profile.update_period->value.count(), 0.001);
    EXPECT_TRUE(has_text(found.notes.at(0), "taken as unknown"));
    const EnergyFigure& figure = found.windows.at(0).estimate->figure;
    EXPECT_LT(figure.comparison->low, truth) << window;
    EXPECT_GT(figure.comparison->high, truth) << window;
  }
}

TEST(ReplayTest, SaysThatALogIsTooSlowToTellTheUpdates) {
  const auto found = replayed(log_of(work(), second, 0, Seconds(1.0)), {mark(5, 7)},
                              {.profile = named("rtx-ampere-average"), .utc_offset = Seconds(0)});
  EXPECT_TRUE(has_text(found.notes.at(0), "a line each 1e+03 ms"));
  const EnergyFigure& figure = found.windows.at(0).estimate->figure;
  const double truth = work().energy(Seconds(5.0), Seconds(7.0)).value();
  EXPECT_LT(figure.comparison->low, truth);
  EXPECT_GT(figure.comparison->high, truth);
}

TEST(ReplayTest, SaysThatAProfileIsOfAnotherSensor) {
  const auto found = replayed(log_of(work(), whole, 0), {mark(5, 7)},
                              {.profile = named("m40"), .utc_offset = Seconds(0)});
  EXPECT_TRUE(has_text(found.notes.at(0), "the profile says 31 ms"));
  SensorProfile counter;
  counter.kind = ResponseKind::counter;
  expect_refusal(
      refusal_of([&] { replayed(log_of(work(), whole, 0), {mark(5, 7)}, {.profile = counter}); }),
      ErrorCode::invalid_input, "a counter of joules");
}

}  // namespace
}  // namespace wattfor::replay_test
