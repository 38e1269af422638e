#include "bench/batch_schedule.h"

#include <gtest/gtest.h>

#include <functional>
#include <vector>

namespace wattfor::batch_schedule_test {
namespace {

// Every size that a schedule names, answered by `answer`.
std::vector<int> named(BatchSchedule& schedule, const std::function<BatchAnswer(int)>& answer) {
  std::vector<int> sizes;
  while (const auto size = schedule.next()) {
    sizes.push_back(*size);
    schedule.answer(*size, answer(*size));
  }
  return sizes;
}

std::function<BatchAnswer(int)> memory_for(int largest) {
  return [largest](int batch) -> BatchAnswer {
    if (batch > largest) return OutOfMemory{};
    return Joules(1.0);
  };
}

std::vector<int> sizes_of(const std::vector<SkippedBatch>& skipped) {
  std::vector<int> sizes;
  for (const auto& entry : skipped) sizes.push_back(entry.batch);
  return sizes;
}

TEST(BatchScheduleTest, PowersOfTwoEndAtTheLargest) {
  EXPECT_EQ(powers_of_two(1), (std::vector{1}));
  EXPECT_EQ(powers_of_two(10), (std::vector{1, 2, 4, 8}));
  EXPECT_EQ(powers_of_two(16), (std::vector{1, 2, 4, 8, 16}));
  EXPECT_EQ(powers_of_two(2147483647).size(), 31u);
}

TEST(ListScheduleTest, NamesEverySizeOnceInAscendingOrder) {
  ListSchedule schedule({8, 1, 8, 3});
  EXPECT_EQ(schedule.most_remaining(), 3);
  EXPECT_EQ(named(schedule, memory_for(100)), (std::vector{1, 3, 8}));
  EXPECT_TRUE(schedule.skipped().empty());
}

TEST(ListScheduleTest, GoesOnAfterAFailureAndEndsOutOfMemory) {
  ListSchedule schedule({1, 2, 4, 8, 16});
  const auto sizes = named(schedule, [](int batch) -> BatchAnswer {
    if (batch == 2) return CellFailed{};
    if (batch >= 4) return OutOfMemory{};
    return Joules(1.0);
  });
  EXPECT_EQ(sizes, (std::vector{1, 2, 4}));
  EXPECT_EQ(sizes_of(schedule.skipped()), (std::vector{8, 16}));
  EXPECT_EQ(schedule.skipped()[0].reason, "batch 4 ran out of memory");
}

TEST(DoublingScheduleTest, DoublesUpToTheCapAndRefinesNothingThere) {
  DoublingSchedule schedule(100);
  EXPECT_EQ(schedule.most_remaining(), 7);
  EXPECT_EQ(named(schedule, memory_for(1000)), (std::vector{1, 2, 4, 8, 16, 32, 64}));
  EXPECT_TRUE(schedule.skipped().empty());
  EXPECT_EQ(schedule.most_remaining(), 0);
}

// 128 fits and 256 does not: halved down to 128/8 = 16.
TEST(DoublingScheduleTest, RefinesBetweenTheLastThatFitsAndTheFirstThatDoesNot) {
  DoublingSchedule schedule(1024);
  EXPECT_EQ(named(schedule, memory_for(210)),
            (std::vector{1, 2, 4, 8, 16, 32, 64, 128, 256, 192, 224, 208}));
  EXPECT_EQ(sizes_of(schedule.skipped()), (std::vector{512, 1024}));

  DoublingSchedule small(1024);
  EXPECT_EQ(named(small, memory_for(3)), (std::vector{1, 2, 4, 3}));
}

TEST(DoublingScheduleTest, ASizeThatFailedIsNotAskedForAgain) {
  DoublingSchedule schedule(1024);
  const auto sizes = named(schedule, [](int batch) -> BatchAnswer {
    if (batch == 4) return CellFailed{};
    if (batch >= 5) return OutOfMemory{};
    return Joules(1.0);
  });
  EXPECT_EQ(sizes, (std::vector{1, 2, 4, 8, 5, 3}));
}

TEST(FixedBatchTest, NamesItsOneSizeAndSaysWhyNotTheOthers) {
  FixedBatch schedule(6, {1, 2, 4, 6, 8});
  EXPECT_EQ(named(schedule, memory_for(100)), (std::vector{6}));
  EXPECT_EQ(sizes_of(schedule.skipped()), (std::vector{1, 2, 4, 8}));
  EXPECT_EQ(schedule.skipped()[0].reason, "the model has a fixed batch of 6");
}

TEST(DoublingScheduleTest, NothingFitsAndNothingIsRefined) {
  DoublingSchedule schedule(8);
  EXPECT_EQ(named(schedule, memory_for(0)), (std::vector{1}));
  EXPECT_EQ(sizes_of(schedule.skipped()), (std::vector{2, 4, 8}));
}

TEST(DoublingScheduleTest, AnotherFailureCostsItsOwnSizeOnly) {
  DoublingSchedule schedule(16);
  const auto sizes = named(schedule, [](int batch) -> BatchAnswer {
    if (batch == 2 || batch == 12) return CellFailed{};
    if (batch > 12) return OutOfMemory{};
    return Joules(1.0);
  });
  EXPECT_EQ(sizes, (std::vector{1, 2, 4, 8, 16, 12}));
}

}  // namespace
}  // namespace wattfor::batch_schedule_test
