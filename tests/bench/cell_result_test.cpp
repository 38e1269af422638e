#include "bench/cell_result.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <vector>

#include "support/text.h"

namespace wattfor::cell_result_test {
namespace {

using test::has_text;

constexpr Instant t0{std::chrono::seconds(1000)};

// A window of `seconds` with one component, its edges ±`edges` J and its gain ±`gain` J.
MeteredRun replicate(double joules, double seconds, std::int64_t batches, double edges,
                     double gain) {
  const double absolute = std::hypot(edges, gain);
  EnergyFigure figure{.energy = Joules(joules),
                      .absolute = Interval{joules - absolute, joules + absolute},
                      .comparison = Interval{joules - edges, joules + edges}};
  MeteredRun run;
  run.marks = {.started = t0,
               .count = {batches},
               .end = {t0 + std::chrono::duration_cast<Instant::duration>(Seconds(seconds))},
               .memory_bytes = {}};
  run.energy.duration = Seconds(seconds);
  ComponentEnergy package;
  package.name = "cpu package 0";
  package.kind = ComponentKind::cpu;
  package.basis = Basis::measured;
  package.gross = figure;
  package.sensors = {"fake"};
  run.energy.components = {package};
  run.energy.total = {.scope = "cpu", .basis = Basis::measured, .gross = figure, .net = {}};
  return run;
}

// Edges ±3 and ±4 J are independent: ±5 J. Gains ±6 and ±6 J are one error: ±12 J. Both: ±13 J.
TEST(CellResultTest, EdgesAddUpInSquaresAndGainsLinearly) {
  const std::vector<MeteredRun> runs{replicate(100, 1, 10, 3, 6), replicate(100, 3, 10, 4, 6)};
  const EnergyReport sum = sum_of_windows(runs);
  EXPECT_DOUBLE_EQ(sum.duration.count(), 4.0);
  EXPECT_DOUBLE_EQ(sum.total.gross->energy.value(), 200.0);
  EXPECT_NEAR(sum.total.gross->comparison->low, 195.0, 1e-9);
  EXPECT_NEAR(sum.total.gross->comparison->high, 205.0, 1e-9);
  EXPECT_NEAR(sum.total.gross->absolute->low, 187.0, 1e-9);
  EXPECT_NEAR(sum.total.gross->absolute->high, 213.0, 1e-9);
  ASSERT_EQ(sum.components.size(), 1u);
  EXPECT_DOUBLE_EQ(sum.components[0].average_power->value(), 50.0);
  EXPECT_EQ(sum.components[0].sensors, (std::vector<std::string>{"fake"}));
}

TEST(CellResultTest, SumKeepsTheWeakestBasisAndMovesGapsToTheirWindow) {
  std::vector<MeteredRun> runs{replicate(1, 2, 1, 0, 0), replicate(1, 2, 1, 0, 0)};
  runs[1].energy.components[0].basis = Basis::modelled;
  runs[1].energy.total.basis = Basis::modelled;
  runs[1].energy.components[0].gaps = {{Seconds(0.5), Seconds(0.25), "a failed read"}};
  const EnergyReport sum = sum_of_windows(runs);
  EXPECT_EQ(sum.total.basis, Basis::modelled);
  EXPECT_EQ(sum.components[0].basis, Basis::modelled);
  ASSERT_EQ(sum.components[0].gaps.size(), 1u);
  EXPECT_DOUBLE_EQ(sum.components[0].gaps[0].start.count(), 2.5);
}

// 10 batches of 5 images: 100, 102, 98 J are 2.00, 2.04, 1.96 J an image. s = 0.04,
// t(0.975, 2) = 4.302653, half-width 4.302653 · 0.04 / √3 = 0.099366; the edges, ±1 J on each,
// come to ±√3/150 = ±0.0115 J. Gain: ±15 J on 300 J, ±0.1 J an image.
TEST(CellResultTest, TheIntervalIsTheWiderOfSpreadAndEdges) {
  const std::vector<MeteredRun> runs{replicate(100, 1, 10, 1, 5), replicate(102, 1, 10, 1, 5),
                                     replicate(98, 2, 10, 1, 5)};
  const auto result = *result_of(runs, 5);
  const EnergyFigure& energy = result.energy_per_image;
  EXPECT_NEAR(energy.energy.value(), 2.0, 1e-12);
  EXPECT_NEAR(energy.comparison->low, 2.0 - 0.099366, 1e-6);
  EXPECT_NEAR(energy.comparison->high, 2.0 + 0.099366, 1e-6);
  EXPECT_NEAR(energy.absolute->high, 2.0 + std::hypot(0.099366, 0.1), 1e-6);
  EXPECT_DOUBLE_EQ(result.throughput_per_s, 150.0 / 4.0);
  EXPECT_NEAR(result.latency_ms, 4000.0 / 30.0, 1e-9);

  // Three that agree: the edges are what is left.
  const std::vector<MeteredRun> equal{replicate(100, 1, 10, 1, 5), replicate(100, 1, 10, 1, 5),
                                      replicate(100, 1, 10, 1, 5)};
  EXPECT_NEAR(result_of(equal, 5)->energy_per_image.comparison->high, 2.0 + std::sqrt(3.0) / 150.0,
              1e-9);
}

// A gauge that attends part of the time: replicates that agree may all be wrong alike.
TEST(CellResultTest, WithoutAComparisonOfTheWindowsTheSpreadIsNone) {
  std::vector<MeteredRun> runs{replicate(100, 1, 10, 1, 30), replicate(104, 1, 10, 1, 30)};
  for (auto& run : runs) run.energy.total.gross->comparison.reset();
  const auto result = *result_of(runs, 1);
  EXPECT_FALSE(result.energy_per_image.comparison.has_value());
  EXPECT_GT(result.energy_per_image.absolute->high, 10.2 + 3.0);
}

TEST(CellResultTest, OneReplicateHasItsEdgesOnly) {
  const std::vector<MeteredRun> runs{replicate(100, 1, 10, 2, 0)};
  const auto result = *result_of(runs, 1);
  EXPECT_DOUBLE_EQ(result.energy_per_image.energy.value(), 10.0);
  EXPECT_DOUBLE_EQ(result.energy_per_image.comparison->low, 9.8);
}

// 1 and 9 J an image: t(0.975, 1) = 12.7 makes ±50 J of it.
TEST(CellResultTest, GrossEnergyIsNeverBelowZero) {
  const std::vector<MeteredRun> runs{replicate(10, 1, 10, 0, 0), replicate(90, 1, 10, 0, 0)};
  const auto result = *result_of(runs, 1);
  EXPECT_DOUBLE_EQ(result.energy_per_image.comparison->low, 0.0);
  EXPECT_GT(result.energy_per_image.comparison->high, 50.0);
}

// Net ±2 J, of which ±1 J are a window's own edges: √3 J of idle are the same in both windows. Two
// windows: √2 J of edges and 2√3 J of idle, √14 J in 20 images.
TEST(CellResultTest, NetIsGrossLessIdleWhoseErrorAllWindowsShare) {
  std::vector<MeteredRun> runs{replicate(100, 1, 10, 1, 0), replicate(100, 1, 10, 1, 0)};
  for (auto& run : runs) {
    run.energy.total.net =
        EnergyFigure{.energy = Joules(60), .absolute = {}, .comparison = Interval{58, 62}};
  }
  const auto result = *result_of(runs, 1);
  EXPECT_DOUBLE_EQ(result.net_energy_per_image->energy.value(), 6.0);
  EXPECT_NEAR(result.net_energy_per_image->comparison->low, 6.0 - std::sqrt(14.0) / 20.0, 1e-9);
  EXPECT_DOUBLE_EQ(result.replicates[0].net_energy.value(), 60.0);
}

TEST(CellResultTest, UnknownEnergyIsAFailureAndNotAZero) {
  std::vector<MeteredRun> runs{replicate(100, 1, 10, 1, 0), replicate(100, 1, 10, 1, 0)};
  runs[1].energy.total.gross.reset();
  EXPECT_FALSE(result_of(runs, 1).has_value());
  const auto attempt = cell_of(runs, 1);
  ASSERT_TRUE(std::holds_alternative<WorkerFailure>(attempt));
  EXPECT_TRUE(has_text(std::get<WorkerFailure>(attempt).message, "no energy figure"));
}

TEST(CellResultTest, ADeviceThatDidNotAnswerInOneWindowIsNotTakenForAnother) {
  std::vector<MeteredRun> runs{replicate(1, 1, 1, 0, 0), replicate(1, 1, 1, 0, 0)};
  DeviceConditions first;
  first.device = "gpu 0";
  first.utilisation_percent = 90.0;
  DeviceConditions second;
  second.device = "gpu 1";
  second.utilisation_percent = 10.0;
  runs[0].energy.conditions = {first, second};
  runs[1].energy.conditions = {second};
  const auto sums = sum_of_windows(runs).conditions;
  ASSERT_EQ(sums.size(), 2U);
  EXPECT_EQ(sums[0].device, "gpu 0");
  EXPECT_DOUBLE_EQ(*sums[0].utilisation_percent, 90.0);
  EXPECT_DOUBLE_EQ(*sums[1].utilisation_percent, 10.0);
}

TEST(CellResultTest, CountsOfAnySizeAreCountedInFull) {
  const std::vector<MeteredRun> runs{replicate(100, 1, 1'000'000'000'000, 0, 0)};
  EXPECT_DOUBLE_EQ(*energy_per_image(std::span(runs).first(1), 2147483647),
                   100.0 / (1e12 * 2147483647.0));
}

TEST(CellResultTest, ConditionsAreMeansOverTimeAndExtremes) {
  std::vector<MeteredRun> runs{replicate(1, 1, 1, 0, 0), replicate(1, 3, 1, 0, 0)};
  runs[0].energy.conditions = {{.device = "gpu 0",
                                .utilisation_percent = 100.0,
                                .memory_bytes = 1e9,
                                .temperature_c = 60.0,
                                .clock_mhz = 1000.0,
                                .clock_minimum_mhz = 990.0,
                                .power_limit = Watts(300.0),
                                .throttle_reasons = {},
                                .throttled = {{"idle", Seconds(0.25)}}}};
  runs[1].energy.conditions = {{.device = "gpu 0",
                                .utilisation_percent = 60.0,
                                .memory_bytes = 2e9,
                                .temperature_c = 50.0,
                                .clock_mhz = 1400.0,
                                .clock_minimum_mhz = 980.0,
                                .power_limit = Watts(310.0),
                                .throttle_reasons = {"idle"},
                                .throttled = {{"idle", Seconds(0.5)}}}};
  const auto sum = sum_of_windows(runs).conditions.at(0);
  EXPECT_DOUBLE_EQ(*sum.utilisation_percent, 70.0);
  EXPECT_DOUBLE_EQ(*sum.memory_bytes, 2e9);
  EXPECT_DOUBLE_EQ(*sum.temperature_c, 60.0);
  EXPECT_DOUBLE_EQ(*sum.clock_mhz, 1300.0);
  EXPECT_DOUBLE_EQ(*sum.clock_minimum_mhz, 980.0);
  EXPECT_EQ(sum.power_limit, Watts(310.0));
  EXPECT_EQ(sum.throttle_reasons, (std::vector<std::string>{"idle"}));
  EXPECT_EQ(sum.throttled, (std::map<std::string, Seconds>{{"idle", Seconds(0.75)}}));
}

}  // namespace
}  // namespace wattfor::cell_result_test
