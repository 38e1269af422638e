#include "recording/clock_offset.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

#include "base/error.h"
#include "support/refusal.h"

namespace wattfor::clock_offset_test {
namespace {

constexpr Seconds noon{1689336000.0};  // UTC
constexpr Seconds hour{3600.0};

// A poll each second from `from`, 300 W where `busy(seconds since noon)` and 60 W elsewhere, on a
// clock that is `offset` ahead.
template <class Busy>
std::vector<Update> log_of(int from, int to, Seconds offset, const Busy& busy) {
  std::vector<Update> polls;
  for (int second = from; second < to; ++second) {
    polls.push_back({noon + Seconds(second) + offset, Watts(busy(second) ? 300.0 : 60.0)});
  }
  return polls;
}

Mark mark(int from, int to) {
  const auto us = static_cast<std::int64_t>(noon.count()) * 1'000'000;
  return {.start_us = us + from * 1'000'000LL, .end_us = us + to * 1'000'000LL};
}

double hours_found(const std::vector<Update>& polls, const std::vector<Mark>& marks) {
  return offset_from_marks(polls, marks, "log.csv").offset / hour;
}

bool in_the_marks(int second) { return second >= 100 && second < 200; }

TEST(ClockOffsetTest, FindsTheOnlyZoneUnderWhichTheMarksLieInAShortLog) {
  for (const double hours : {-12.0, -4.0, -3.5, 0.0, 1.0, 5.75, 14.0}) {
    const auto polls = log_of(0, 300, hours * hour, in_the_marks);
    EXPECT_DOUBLE_EQ(hours, hours_found(polls, {mark(100, 200)}));
  }
}

TEST(ClockOffsetTest, FindsTheZoneByThePowerInALongLog) {
  const auto polls = log_of(-20000, 20000, 2.0 * hour, in_the_marks);
  const auto found = offset_from_marks(polls, std::vector<Mark>{mark(100, 200)}, "log.csv");
  EXPECT_DOUBLE_EQ(2.0, found.offset / hour);
  EXPECT_TRUE(test::has_text(found.how, "UTC+2:00"));
}

// Work with an idle minute half an hour before and after the marks: under those zones they go with
// the power the wrong way round.
TEST(ClockOffsetTest, MarksOnIdleAreNoFit) {
  const auto polls = log_of(-3000, 3000, hour, [](int second) {
    return (second < 1200 || second >= 1260) && (second < -2400 || second >= -2340);
  });
  test::expect_refusal(test::refusal_of([&] { hours_found(polls, {mark(-600, -540)}); }),
                       ErrorCode::invalid_input, "time zone can't be told");
}

TEST(ClockOffsetTest, AsksForTheZoneWhereSeveralFit) {
  // The same work each quarter of an hour.
  const auto polls = log_of(-20000, 20000, hour, [](int second) {
    return std::fmod(second + 90000, 900) >= 100 && std::fmod(second + 90000, 900) < 200;
  });
  test::expect_refusal(test::refusal_of([&] { hours_found(polls, {mark(100, 200)}); }),
                       ErrorCode::invalid_input, "--utc-offset");
  // No work at all.
  const auto idle = log_of(-20000, 20000, hour, [](int) { return false; });
  test::expect_refusal(test::refusal_of([&] { hours_found(idle, {mark(100, 200)}); }),
                       ErrorCode::invalid_input, "can't be told");
}

TEST(ClockOffsetTest, SaysWhereNoZoneBringsTheMarksIntoTheLog) {
  const auto polls = log_of(0, 300, hour, in_the_marks);
  test::expect_refusal(test::refusal_of([&] { hours_found(polls, {mark(400, 500)}); }),
                       ErrorCode::invalid_input, "log.csv: the marks lie outside the log");
}

ReferencePower reference(int from, int to) {
  std::vector<Update> readings;
  for (int i = from * 100; i < to * 100; ++i) {
    const Seconds time(i * 0.01);
    readings.push_back({noon + time, Watts(60.0 + 100.0 * std::abs(std::sin(time.count())))});
  }
  return ReferencePower(std::move(readings));
}

TEST(ClockOffsetTest, FindsTheZoneAndTheRestByAReference) {
  const auto truth = reference(0, 20);
  const Kernel kernel{.kind = ResponseKind::boxcar, .window = Seconds(0.1)};
  for (const double rest_s : {-0.0373, 0.0, 0.0125}) {
    const Seconds offset = -4.0 * hour + Seconds(rest_s);
    UpdateSeries series(Seconds(0.1));
    for (int i = 10; i < 190; ++i) {
      const Seconds time = noon + Seconds(i * 0.1);
      series.add(time + offset, truth.energy(time - kernel.window, time) / kernel.window);
    }
    const auto found = offset_from_reference(series.updates(), truth, "log.csv");
    EXPECT_DOUBLE_EQ(-4.0, found.offset / hour);
    EXPECT_NEAR(rest_s, remaining_offset(series, kernel, truth, found.offset).count(), 1e-3);
  }
}

TEST(ClockOffsetTest, SaysNothingOfTheRestWhereThePowerNeverChanges) {
  UpdateSeries series(Seconds(0.1));
  for (int i = 10; i < 190; ++i) series.add(noon + Seconds(i * 0.1), Watts(60.0));
  EXPECT_EQ(Seconds(0.0), remaining_offset(series, {}, reference(0, 20), Seconds(0.0)));
}

}  // namespace
}  // namespace wattfor::clock_offset_test
