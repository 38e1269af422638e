#include "response/identify_counter.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "simulation/random.h"
#include "support/text.h"

namespace wattfor::identify_counter_test {
namespace {

PowerCourse no_load() { return {Seconds(0.0), Watts(0.0)}; }

// Readings of a counter at 100 W in steps of 61 µJ, published every `period`, polled about every
// 2 ms for 20 s.
std::vector<Update> polls(Seconds period) {
  Random random(1);
  std::vector<Update> all;
  for (Seconds time(0.0); time < Seconds(20.0); time += Seconds(0.002 + 1e-4 * random.uniform())) {
    const Seconds published = std::floor(time / period) * period;
    constexpr double quantum = 61e-6;
    all.push_back({time, Watts(quantum * std::floor(100.0 * published.count() / quantum))});
  }
  return all;
}

TEST(IdentifyCounterTest, OneThatIsFasterThanItsPollsHasNoPeriod) {
  for (const double period : {0.0001, 0.00098, 0.001, 0.002}) {
    const Identification found = identify_counter(polls(Seconds(period)), no_load());
    EXPECT_EQ(found.kind, ResponseKind::counter);
    EXPECT_FALSE(found.profile.update_period) << period;
    EXPECT_FALSE(found.profile.attention);
    EXPECT_NEAR(*found.profile.quantum, 61e-6, 1e-9);
    ASSERT_EQ(found.notes.size(), 1U);
    EXPECT_TRUE(test::has_text(found.notes[0], "faster than the polls"));
  }
}

TEST(IdentifyCounterTest, ASlowerOneHasIts) {
  for (const double period : {0.01, 0.02, 0.1003}) {
    const Identification found = identify_counter(polls(Seconds(period)), no_load());
    EXPECT_EQ(found.kind, ResponseKind::counter);
    ASSERT_TRUE(found.profile.update_period) << period << found.notes[0];
    EXPECT_NEAR(found.profile.update_period->value.count(), period, 2e-3 * period);
    EXPECT_FALSE(found.profile.delay);  // nothing stepped
  }
}

TEST(IdentifyCounterTest, OneThatStandsStillIsNone) {
  const std::vector<Update> still(1000, {Seconds(0.0), Watts(5.0)});
  const Identification found = identify_counter(still, no_load());
  EXPECT_FALSE(found.kind);
  EXPECT_TRUE(test::has_text(found.notes.at(0), "counts nothing"));
  EXPECT_FALSE(identify_counter({}, no_load()).kind);
}

TEST(IdentifyCounterTest, ItsPowerIsOfWholePeriods) {
  for (const Update& power : powers_of_counter(polls(Seconds(0.1)), Seconds(0.1))) {
    EXPECT_NEAR(100.0, power.power.value(), 0.01);
  }
}

}  // namespace
}  // namespace wattfor::identify_counter_test
