#include "process/process_meter.h"

#include <gtest/gtest.h>

#include <optional>
#include <stdexcept>

#include "base/error.h"
#include "support/refusal.h"
#include "support/simulated_board.h"

namespace wattfor::process_meter_test {
namespace {

class ProcessMeterTest : public testing::Test {
 protected:
  test::SimulatedBoard board_{test::SimulatedBoard::resting};
  ProcessMeter meter_{board_.file(), Seconds(0.01)};
};

TEST_F(ProcessMeterTest, NetEnergyIsWithoutThePowerAtRest) {
  meter_.measure_idle(Seconds(0.1), [] {});
  const ProcessMeter::Edge edge = meter_.begin();
  test::work(std::chrono::milliseconds(100));
  meter_.end(edge.window);
  const EnergyReport report = meter_.meter().wait(edge.window);
  const auto at_rest = report.components.at(0).idle_power;
  ASSERT_TRUE(at_rest && report.total.gross && report.total.net);
  EXPECT_NEAR(at_rest->value(), 60.0, 20.0);
  EXPECT_NEAR(report.total.gross->energy.value() - at_rest->value() * report.duration.count(),
              report.total.net->energy.value(), 1e-9);
  meter_.release(edge.window, false);
}

// Windows have numbers one after another.
TEST_F(ProcessMeterTest, AnInterruptedMeasurementAtRestLeavesNoWindowBehind) {
  const ProcessMeter::Edge before = meter_.begin();
  EXPECT_THROW(meter_.measure_idle(Seconds(60), [] { throw std::runtime_error("Ctrl-C"); }),
               std::runtime_error);
  const WindowId at_rest{.value = before.window.value + 1};
  test::expect_refusal(test::refusal_of([&] { meter_.meter().so_far(at_rest); }), ErrorCode::usage,
                       "window");
  meter_.release(before.window, true);
}

TEST_F(ProcessMeterTest, AFileThatDescribesNoDeviceIsRefusedByItsName) {
  board_.tree().write("none.json", "{}");
  const std::string file = board_.tree() / "none.json";
  test::expect_refusal(test::refusal_of([&] { ProcessMeter(file, Seconds(0.1)); }),
                       ErrorCode::invalid_input, "none.json");
  test::expect_refusal(test::refusal_of([&] { ProcessMeter(file + "x", Seconds(0.1)); }),
                       ErrorCode::not_found, "none.jsonx");
}

}  // namespace
}  // namespace wattfor::process_meter_test
