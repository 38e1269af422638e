#include "analysis/batch_curves.h"

#include <gtest/gtest.h>

#include <vector>

namespace wattfor::batch_curves_test {
namespace {

// `energy_j` per image, ±10 %.
Measurement cell_of(int batch_size, double energy_j, double throughput_per_s) {
  Measurement record;
  record.energy.total.basis = Basis::measured;
  record.cell.emplace();
  record.cell->setup.id = "s";
  record.cell->model.name = "m";
  record.cell->model.input_size = 224;
  record.cell->batch_size = batch_size;
  record.result.emplace();
  record.result->energy_per_image.energy = Joules(energy_j);
  record.result->energy_per_image.comparison =
      Interval{.low = 0.9 * energy_j, .high = 1.1 * energy_j};
  record.result->throughput_per_s = throughput_per_s;
  record.result->latency_ms = 1e3 * batch_size / throughput_per_s;
  return record;
}

std::optional<BatchCurve> curve_of(const std::vector<Measurement>& records) {
  std::vector<const Measurement*> cells;
  cells.reserve(records.size());
  for (const Measurement& record : records) cells.push_back(&record);
  return batch_curve(cells);
}

TEST(BatchCurveTest, GoesBySizeWithThePowerThatEachTook) {
  const auto curve = curve_of({cell_of(8, 0.5, 200.0), cell_of(1, 2.0, 40.0)});
  ASSERT_TRUE(curve);
  EXPECT_EQ(curve->setup, "s");
  EXPECT_EQ(curve->model, (ModelKey{"m", 224}));
  ASSERT_EQ(curve->points.size(), 2U);
  EXPECT_EQ(curve->points[0].batch_size, 1);
  EXPECT_EQ(curve->points[0].mean_power, Watts(80.0));
  EXPECT_EQ(curve->points[1].mean_power, Watts(100.0));
  EXPECT_EQ(curve->points[1].latency_ms, 40.0);
  EXPECT_EQ(curve->points[1].energy_per_image.comparison->low, 0.45);
  EXPECT_FALSE(curve->points[0].energy_at_limit) << "the device is not known";
}

TEST(BatchCurveTest, SaysWhatTheSmallestBatchTakesOverTheBest) {
  const auto curve =
      curve_of({cell_of(1, 2.0, 40.0), cell_of(8, 0.5, 200.0), cell_of(16, 0.8, 100.0)});
  ASSERT_TRUE(curve);
  EXPECT_EQ(curve->best, 1U);
  EXPECT_DOUBLE_EQ(curve->smallest_over_best.factor, 4.0);
  ASSERT_TRUE(curve->smallest_over_best.interval);
  EXPECT_LT(curve->smallest_over_best.interval->low, 4.0);
  EXPECT_GT(curve->smallest_over_best.interval->high, 4.0);
  EXPECT_DOUBLE_EQ(energy_span(*curve), 4.0);
}

TEST(BatchCurveTest, WhereTheSmallestIsTheBestTheFactorIsOneAndNothingIsUnsure) {
  const auto curve = curve_of({cell_of(4, 0.5, 200.0), cell_of(8, 1.0, 100.0)});
  ASSERT_TRUE(curve);
  EXPECT_EQ(curve->best, 0U);
  EXPECT_EQ(curve->smallest_over_best.factor, 1.0);
  EXPECT_FALSE(curve->smallest_over_best.interval);
  EXPECT_DOUBLE_EQ(energy_span(*curve), 2.0);
}

TEST(BatchCurveTest, OfSeveralCellsOfOneSizeTheOneOfTheLeastEnergyCounts) {
  EXPECT_FALSE(curve_of({cell_of(8, 0.5, 200.0), cell_of(8, 0.4, 200.0)}));
  const auto curve =
      curve_of({cell_of(8, 0.5, 200.0), cell_of(8, 0.4, 200.0), cell_of(1, 1.0, 90.0)});
  ASSERT_TRUE(curve);
  EXPECT_EQ(curve->points[1].energy_per_image.energy, Joules(0.4));
  EXPECT_FALSE(curve_of({}));
}

// The inference study's A100 has a limit of 250 W: 1.25 J at 200 images a second.
TEST(BatchCurveTest, HasTheLineOfAKnownDevicesPowerLimit) {
  std::vector<Measurement> records{cell_of(1, 2.0, 40.0), cell_of(8, 0.5, 200.0)};
  for (Measurement& record : records) record.cell->setup.device = "NVIDIA A100 PCIe 40GB";
  const auto curve = curve_of(records);
  ASSERT_TRUE(curve);
  EXPECT_EQ(curve->points[0].energy_at_limit, Joules(6.25));
  EXPECT_EQ(curve->points[1].energy_at_limit, Joules(1.25));
}

// 300 W at 200 images a second; the record knows better than the table.
TEST(BatchCurveTest, HasTheLineOfTheLimitThatTheDeviceWasHeldTo) {
  std::vector<Measurement> records{cell_of(1, 2.0, 40.0), cell_of(8, 0.5, 200.0)};
  for (Measurement& record : records) {
    record.cell->setup.device = "NVIDIA A100 PCIe 40GB";
    record.energy.components.resize(2);
    record.energy.components[0].kind = ComponentKind::gpu;
    record.energy.components[1].kind = ComponentKind::cpu;
    record.energy.components[1].in_total = false;
    record.energy.conditions.resize(1);
    record.energy.conditions[0].power_limit = Watts(300.0);
  }
  const auto at_limit = [&] { return curve_of(records).value().points[1].energy_at_limit; };
  EXPECT_EQ(at_limit(), Joules(1.5));
  records[1].energy.components[1].in_total = true;
  EXPECT_EQ(at_limit(), std::nullopt) << "the processor's energy is in it, too";
  records[1].energy.components[1].in_total = false;
  records[1].energy.conditions.push_back(records[1].energy.conditions[0]);
  EXPECT_EQ(at_limit(), std::nullopt) << "which of the two it ran on is not known";
}

}  // namespace
}  // namespace wattfor::batch_curves_test
