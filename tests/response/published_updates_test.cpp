#include "response/published_updates.h"

#include <gtest/gtest.h>

#include <cmath>
#include <optional>

namespace wattfor::published_updates_test {
namespace {

constexpr Seconds period{0.1012};  // of a sensor whose nominal one is 100 ms
constexpr Seconds poll{0.025};

// Reads each 25 ms a gauge that says 100 and 101 W by turns, or 100 W where it is steady.
void read(PublishedUpdates& updates, double from, double to, bool steady = false) {
  for (int i = 0; from + poll.count() * i < to; ++i) {
    const double time = from + poll.count() * i;
    const auto k = static_cast<long>(time / period.count());
    updates.add(Seconds(time), Watts(steady ? 100.0 : 100.0 + static_cast<double>(k % 2)));
  }
}

TEST(PublishedUpdatesTest, TheBeatIsTheSensorsOwnAndNotTheNominalOne) {
  PublishedUpdates updates(Seconds(0.1), poll);
  read(updates, 0.0, 60.0);
  const auto told = updates.told();
  EXPECT_NEAR(told.series.period().count(), period.count(), 1e-5);
  EXPECT_NEAR(static_cast<double>(told.series.count(0, told.series.updates().size())),
              60.0 / period.count(), 3.0);
  EXPECT_DOUBLE_EQ(told.series.unseen(0, told.series.updates().size()).count(), 0.0);
  EXPECT_LT(told.phase_error, Seconds(0.002));
}

TEST(PublishedUpdatesTest, ABeatOfLongAgoIsLessWellKnown) {
  PublishedUpdates updates(Seconds(0.1), poll);
  read(updates, 0.0, 60.0);
  const Seconds soon = updates.told().phase_error;
  read(updates, 60.0, 7200.0, true);
  EXPECT_GT(updates.told().phase_error, 3.0 * soon);
}

TEST(PublishedUpdatesTest, WithoutAChangeAnyPhaseIsPossible) {
  PublishedUpdates updates(Seconds(0.1), poll);
  read(updates, 0.0, 10.0, true);
  EXPECT_NEAR(updates.told().phase_error.count(), 0.1 / std::sqrt(12.0), 1e-3);
  EXPECT_NEAR(static_cast<double>(updates.told().series.updates().size()), 100.0, 2.0);
}

TEST(PublishedUpdatesTest, PollsStandForUpdatesWhereTheyAreNoFaster) {
  PublishedUpdates updates(Seconds(0.1), Seconds(0.1));
  EXPECT_TRUE(updates.one_a_poll());
  EXPECT_FALSE(updates.beat());
  PublishedUpdates unknown(std::nullopt, poll);
  EXPECT_TRUE(unknown.one_a_poll());
  // One between two regular ones, as at the edge of a window, is left out.
  for (const double time : {0.0, 0.025, 0.03, 0.05, 0.075}) {
    unknown.add(Seconds(time), Watts(100.0));
  }
  EXPECT_EQ(unknown.told().series.updates().size(), 4U);
}

}  // namespace
}  // namespace wattfor::published_updates_test
