#include "response/update_times.h"

#include <gtest/gtest.h>

#include <cmath>

#include "response/padded_energy.h"
#include "simulation/sensor_stream.h"
#include "simulation/waveforms.h"

namespace wattfor::update_times_test {
namespace {

// What a program sees that asks every `interval` about noisy work of `duration` from 1 s on.
std::vector<Update> polls_of_work(Seconds period, Seconds interval, Seconds duration,
                                  std::uint64_t seed) {
  Random random(seed);
  PowerCourse course(Seconds(1.0), Watts(60.0));
  add_square(course, duration, Watts(300.0), Watts(200.0), Seconds(0.02));
  const auto published = publications(course,
                                      {.kernel = {.kind = ResponseKind::boxcar, .window = period},
                                       .update_period = period,
                                       .phase = Seconds(random.uniform(0.0, 0.1)),
                                       .period_jitter = Seconds(0.0005),
                                       .noise = Watts(0.5),
                                       .quantum = 0.01},
                                      Seconds(0.0), duration + Seconds(2.0), random);
  std::vector<Update> polls;
  for (const Publication& each : polled(published, Seconds(0.2), duration + Seconds(1.8), interval,
                                        Seconds(0.0005), random)) {
    polls.push_back({each.time, Watts(each.value)});
  }
  return polls;
}

TEST(UpdateTimesTest, ThePeriodIsKnownToATenThousandthFromTenSeconds) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const auto lattice = fit_lattice(
        changes_of(polls_of_work(Seconds(0.1003), Seconds(0.005), Seconds(10.0), seed)));
    ASSERT_TRUE(lattice.has_value());
    EXPECT_NEAR(lattice->period.count(), 0.1003, 3e-5);
    EXPECT_NEAR(lattice->period.count(), 0.1003, 5.0 * lattice->period_error.count());
  }
}

TEST(UpdateTimesTest, AValueThatIsPublishedAgainLeavesOutABeatOnly) {
  std::vector<Update> polls;
  for (int i = 0; i < 2000; ++i) {
    const int update = i / 10;  // every 50 ms, each third one as the one before
    const int value = update - (update % 3 == 2 ? 1 : 0);
    polls.push_back({i * Seconds(0.005), Watts(100.0 + value % 7)});
  }
  const auto lattice = fit_lattice(changes_of(polls));
  ASSERT_TRUE(lattice.has_value());
  EXPECT_NEAR(lattice->period.count(), 0.05, 1e-6);
}

TEST(UpdateTimesTest, ChangesWithoutABeatAreNoLattice) {
  Random random(3);
  std::vector<Update> polls;
  Seconds time{0.0};
  for (int i = 0; i < 400; ++i) {
    time += Seconds(random.uniform(0.001, 0.3));
    polls.push_back({time, Watts(random.uniform(100.0, 300.0))});
  }
  EXPECT_FALSE(fit_lattice(changes_of(polls)).has_value());
  EXPECT_FALSE(fit_lattice({}).has_value());
}

TEST(UpdateTimesTest, AFewChangesFitABeatByChanceOnceInAHundredTimesOnly) {
  for (const int changes : {8, 12, 20, 50}) {
    Random random(static_cast<std::uint64_t>(changes));
    int accepted = 0;
    for (int i = 0; i < 400; ++i) {
      std::vector<Change> scattered;
      Seconds time{0.0};
      for (int k = 0; k < changes; ++k) {
        time -= std::log1p(-random.uniform()) * Seconds(0.1);
        scattered.push_back({.after = time, .at = time, .power = Watts(k)});
      }
      if (fit_lattice(scattered)) ++accepted;
    }
    EXPECT_LE(accepted, 16) << changes;
  }
}

TEST(UpdateTimesTest, TheUpdatesHoldTheEnergyThatThePollsRepeat) {
  const auto polls = polls_of_work(Seconds(0.1), Seconds(0.007), Seconds(6.0), 4);
  const auto lattice = fit_lattice(changes_of(polls));
  ASSERT_TRUE(lattice.has_value());
  const UpdateSeries series = updates_of(polls, *lattice);
  EXPECT_NEAR(static_cast<double>(series.updates().size()), 76.0, 2.0);
  const Kernel kernel{.kind = ResponseKind::boxcar, .window = Seconds(0.1)};
  EXPECT_NEAR(
      padded_energy(series, kernel, Seconds(1.0), Seconds(7.0), Seconds(0.5)).energy.value(),
      250.0 * 6.0, 3.0);
}

TEST(UpdateTimesTest, WhereTheLogStoodThereIsAGapAndNotTheOldValue) {
  auto polls = polls_of_work(Seconds(0.1), Seconds(0.007), Seconds(6.0), 4);
  const auto lattice = fit_lattice(changes_of(polls));
  ASSERT_TRUE(lattice.has_value());
  std::erase_if(polls, [](const Update& poll) {
    return poll.time > Seconds(3.0) && poll.time < Seconds(4.0);
  });
  const UpdateSeries series = updates_of(polls, *lattice);
  EXPECT_NEAR(series.unseen(0, series.updates().size()).count(), 1.0, 0.15);
}

TEST(UpdateTimesTest, PollsThatAreSlowerThanTheUpdatesAreTakenAsTheyAre) {
  std::vector<Update> polls;
  for (int i = 0; i < 50; ++i) polls.push_back({i * Seconds(1.0), Watts(100.0 + i)});
  const UpdateSeries series = updates_of(polls, {.period = Seconds(0.1), .phase = Seconds(0.0)});
  EXPECT_EQ(series.period(), Seconds(1.0));
  EXPECT_EQ(series.updates().size(), 50U);
}

}  // namespace
}  // namespace wattfor::update_times_test
