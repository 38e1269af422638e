#include "recording/log_updates.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "simulation/random.h"

namespace wattfor::log_updates_test {
namespace {

// Polls each 15 ms of a sensor whose k-th update, of `value(k)`, is published at `time(k)`.
template <class Time, class Value>
std::vector<Update> polls_of(Seconds end, Seconds interval, const Time& time, const Value& value) {
  std::vector<Update> polls;
  int k = 0;
  for (Seconds now = time(0) + Seconds(0.001); now < end; now += interval) {
    while (time(k + 1) <= now) ++k;
    polls.push_back({now, Watts(value(k))});
  }
  return polls;
}

double noisy(int k) { return 100.0 + std::fmod(k * 0.37, 1.0); }

TEST(LogUpdatesTest, FollowsASensorWhoseClockWanders) {
  // Its period grows by 10 % of a poll's interval each minute: after an hour no one lattice fits.
  const auto time = [](int k) { return Seconds(0.1 * k + 1e-8 * k * k); };
  const auto polls = polls_of(Seconds(3600.0), Seconds(0.015), time, noisy);
  EXPECT_FALSE(fit_lattice(changes_of(polls)));
  const LogUpdates found = updates_of_log(polls, std::nullopt);
  ASSERT_TRUE(found.lattice);
  EXPECT_NEAR(0.1, found.series.period().count(), 0.001);
  EXPECT_FALSE(found.one_a_poll);
  const auto updates = found.series.updates();
  EXPECT_NEAR(35870.0, static_cast<double>(updates.size()), 5.0);
  EXPECT_EQ(0.0, found.series.unseen(0, updates.size()).count());
}

TEST(LogUpdatesTest, GoesOnAfterAPauseOfTheLog) {
  const auto time = [](int k) { return Seconds(0.1 * k); };
  auto polls = polls_of(Seconds(60.0), Seconds(0.015), time, noisy);
  std::erase_if(polls, [](const Update& poll) {
    return poll.time > Seconds(20.0) && poll.time < Seconds(25.0);
  });
  const LogUpdates found = updates_of_log(polls, std::nullopt);
  const auto updates = found.series.updates();
  EXPECT_NEAR(4.9, found.series.unseen(0, updates.size()).count(), 0.3);
  EXPECT_NEAR(551.0, static_cast<double>(updates.size()), 3.0);
}

// What changed over a pause did so at no known time: a beat bent by it is wrong by tens of ms.
TEST(LogUpdatesTest, APauseDoesNotBendTheBeatBesideIt) {
  const auto time = [](int k) { return Seconds(0.1 * k); };
  for (const double pause : {5.0, 10.0, 60.0}) {
    for (int begin = 2; begin < 8; ++begin) {
      auto polls = polls_of(Seconds(100.0), Seconds(0.007), time, noisy);
      std::erase_if(polls, [&](const Update& poll) {
        return poll.time > Seconds(begin) && poll.time < Seconds(begin + pause + 0.037);
      });
      const LogUpdates found = updates_of_log(polls, std::nullopt);
      for (const Update& update : found.series.updates()) {
        const double beats = update.time / Seconds(0.1);
        ASSERT_NEAR(0.0, beats - std::round(beats), 0.08) << pause << " " << begin;
      }
    }
  }
}

TEST(LogUpdatesTest, KeepsTheBeatWhereThePowerHardlyChanges) {
  const auto time = [](int k) { return Seconds(0.1 * k); };
  const auto polls = polls_of(Seconds(300.0), Seconds(0.015), time,
                              [](int k) { return k > 1000 && k < 2000 ? 100.0 : noisy(k); });
  const LogUpdates found = updates_of_log(polls, Seconds(0.1));
  EXPECT_NEAR(2998.0, static_cast<double>(found.series.updates().size()), 4.0);
  EXPECT_EQ(0.0, found.series.unseen(0, found.series.updates().size()).count());
}

TEST(LogUpdatesTest, TakesTheUsualPeriodWhereNothingChangesAtAll) {
  std::vector<Update> polls;
  for (int i = 0; i < 1000; ++i) polls.push_back({Seconds(0.015 * i), Watts(60.0)});
  const LogUpdates found = updates_of_log(polls, Seconds(0.1));
  EXPECT_FALSE(found.lattice);
  EXPECT_NEAR(149.0, static_cast<double>(found.series.updates().size()), 2.0);
}

TEST(LogUpdatesTest, TakesEachLineForAnUpdateWhereTheLogIsSlow) {
  std::vector<Update> polls;
  for (int i = 0; i < 100; ++i) polls.push_back({Seconds(1.0 * i), Watts(noisy(i))});
  for (const auto period : {std::optional<Seconds>(), std::optional(Seconds(0.1))}) {
    const LogUpdates found = updates_of_log(polls, period);
    EXPECT_TRUE(found.one_a_poll);
    EXPECT_EQ(Seconds(1.0), found.series.period());
    EXPECT_EQ(100U, found.series.updates().size());
  }
}

TEST(LogUpdatesTest, SurvivesALogOfAlmostNothing) {
  const std::vector<Update> one{{Seconds(1.0), Watts(60.0)}};
  EXPECT_LE(updates_of_log(one, Seconds(0.1)).series.updates().size(), 1U);
  const std::vector<Update> same{{Seconds(1.0), Watts(60.0)}, {Seconds(1.0), Watts(61.0)}};
  EXPECT_LE(updates_of_log(same, std::nullopt).series.updates().size(), 2U);
}

}  // namespace
}  // namespace wattfor::log_updates_test
