#include "process/metered_window.h"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <optional>

#include "process/process_meter.h"
#include "support/simulated_board.h"

namespace wattfor::metered_window_test {
namespace {

using std::chrono::milliseconds;

class MeteredWindowTest : public testing::Test {
 protected:
  test::SimulatedBoard board_;
  std::shared_ptr<ProcessMeter> meter_ =
      std::make_shared<ProcessMeter>(board_.file(), Seconds(0.01));
};

void expect_truth(MeteredWindow& window) {
  const EnergyReport report = window.settle();
  const auto truth = window.truth();
  ASSERT_TRUE(truth && report.total.gross && report.total.gross->absolute);
  EXPECT_LE(report.total.gross->absolute->low, truth->value());
  EXPECT_GE(report.total.gross->absolute->high, truth->value());
  EXPECT_GT(truth->value(), 0.0);
}

TEST_F(MeteredWindowTest, NestedAndOverlappingOnesHoldTheTruth) {
  MeteredWindow outer(meter_);
  test::work(milliseconds(40));
  MeteredWindow inner(meter_);
  MeteredWindow across(meter_);
  test::work(milliseconds(70));
  inner.end();
  outer.end();
  test::work(milliseconds(40));
  across.end();
  for (MeteredWindow* window : {&outer, &inner, &across}) expect_truth(*window);
}

TEST_F(MeteredWindowTest, ASecondEndChangesNothing) {
  MeteredWindow window(meter_);
  window.end();
  const Seconds duration = window.duration();
  window.end();
  EXPECT_EQ(duration, window.duration());
}

TEST_F(MeteredWindowTest, AnOpenOneHasNoFinalFigure) {
  MeteredWindow window(meter_);
  EXPECT_EQ(std::nullopt, window.final_report());
  EXPECT_EQ(std::nullopt, window.truth());
  EXPECT_FALSE(window.has_ended());
}

TEST_F(MeteredWindowTest, ItOutlivesWhoMadeTheMeter) {
  MeteredWindow window(meter_);
  meter_.reset();
  test::work(milliseconds(40));
  window.end();
  expect_truth(window);
}

}  // namespace
}  // namespace wattfor::metered_window_test
