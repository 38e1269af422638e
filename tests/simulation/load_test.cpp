#include "simulation/load.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

#include "simulation/sensor_stream.h"

namespace wattfor::load_test {
namespace {

// Pieces of 1 ms.
Load noisy() {
  return {.waveform = Waveform::training, .rise = Seconds(0.003), .noise = Watts(10.0)};
}

struct Work {
  Seconds begin, end;
};
constexpr std::array works{Work{Seconds(1.0), Seconds(70.5)}, Work{Seconds(72.0), Seconds(72.3)},
                           Work{Seconds(80.0), Seconds(130.0)}};

// Draws the works step by step and lets `each_step` look at the course then.
template <class EachStep>
void draw(LiveLoad& load, EachStep each_step) {
  Seconds now{0.0};
  const auto go_to = [&](Seconds time) {
    for (; now < time; now += Seconds(0.25)) {
      load.advance(now);
      each_step(now);
    }
  };
  for (const Work& work : works) {
    go_to(work.begin);
    load.begin_work(work.begin);
    go_to(work.end);
    load.end_work(work.end);
  }
  go_to(Seconds(131.0));
}

TEST(LiveLoadTest, WhatIsForgottenCostsNoMemoryAndNoEnergyOfAnyWork) {
  LiveLoad whole(noisy(), 5);
  LiveLoad short_of_memory(noisy(), 5);
  std::size_t most = 0;
  draw(whole, [](Seconds) {});
  draw(short_of_memory, [&](Seconds now) {
    short_of_memory.forget_before(now - Seconds(1.0));
    most = std::max(most, short_of_memory.course().powers().size());
  });
  EXPECT_GT(whole.course().powers().size(), 100'000U);
  EXPECT_LT(most, 5'000U);
  const auto expect_the_same = [&](Seconds from, Seconds to) {
    EXPECT_NEAR(short_of_memory.course().energy(from, to).value(),
                whole.course().energy(from, to).value(), 1e-7)
        << from.count() << " to " << to.count();
  };
  for (const Work& work : works) expect_the_same(work.begin, work.end);
  expect_the_same(Seconds(0.0), Seconds(131.0));
  expect_the_same(works[0].begin, works[2].end);
  expect_the_same(Seconds(130.37), Seconds(130.71));  // of the last second every moment is known
}

TEST(LiveLoadTest, NoSensorSeesThatThePastIsForgotten) {
  for (const ResponseKind kind : {ResponseKind::boxcar, ResponseKind::exponential,
                                  ResponseKind::counter, ResponseKind::instantaneous}) {
    const SensorModel sensor{.kernel = {.kind = kind,
                                        .window = Seconds(1.0),
                                        .time_constant = Seconds(0.2),
                                        .delay = Seconds(0.05)},
                             .update_period = Seconds(0.1),
                             .period_jitter = Seconds(0.002)};
    LiveLoad whole(noisy(), 5);
    LiveLoad short_of_memory(noisy(), 5);
    SensorStream of_whole(sensor, 7, Seconds(0.0));
    SensorStream of_short(sensor, 7, Seconds(0.0));
    std::vector<double> expected;
    draw(whole, [&](Seconds now) {
      while (const auto seen = of_whole.next(whole.course(), now)) expected.push_back(seen->value);
    });
    std::size_t next = 0;
    draw(short_of_memory, [&](Seconds now) {
      while (const auto seen = of_short.next(short_of_memory.course(), now)) {
        ASSERT_LT(next, expected.size());
        EXPECT_NEAR(seen->value, expected[next++], 1e-7);
      }
      short_of_memory.forget_before(of_short.sees_from());
    });
    EXPECT_EQ(next, expected.size());
    EXPECT_LT(short_of_memory.course().powers().size(), 10'000U);
  }
}

}  // namespace
}  // namespace wattfor::load_test
