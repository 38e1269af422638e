#include "sensor/external_meter.h"

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "sensor/csv_meter.h"
#include "sensor/meters.h"
#include "support/probed.h"
#include "support/text.h"

namespace wattfor::external_meter_test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using test::has_text;
using test::sensor;

class ScriptedSource final : public MeterSource {
 public:
  explicit ScriptedSource(std::function<MeterReply()> script) : script_(std::move(script)) {}
  MeterReply ask() override { return script_(); }

 private:
  std::function<MeterReply()> script_;
};

class ExternalMeterTest : public testing::Test {
 protected:
  ProbeResult find() {
    return find_external_meter(std::make_unique<ScriptedSource>([this] {
                                 ++asked_;
                                 return reply_;
                               }),
                               {.id = "plug",
                                .name = "a plug",
                                .source = "http://plug",
                                .shortest_pause = Seconds(1.0),
                                .pause_if_refused = Seconds(60.0)},
                               clock_);
  }
  static MeterFailure failing(FailureKind kind) { return {{kind, "why"}, "what to do"}; }

  std::shared_ptr<ManualClock> clock_ = std::make_shared<ManualClock>();
  MeterReply reply_ = MeterAnswer{.power = Watts(100), .energy = Joules(5000)};
  int asked_ = 0;
};

TEST_F(ExternalMeterTest, IsOfTheWholeMachineAndItsCounterComesFirst) {
  const ProbeResult found = find();
  const auto& sensors = found.devices.at(0)->sensors();
  ASSERT_EQ(sensors.size(), 2U);
  EXPECT_EQ(sensors[0]->info().id, "plug:energy");
  EXPECT_EQ(sensors[0]->info().kind, SensorKind::energy_counter);
  EXPECT_EQ(sensors[1]->info().id, "plug:power");
  for (const auto& each : sensors) {
    EXPECT_EQ(component_name(each->info()), "wall 0");
    EXPECT_TRUE(holds(each->info(), Domain::dram));
  }
}

TEST_F(ExternalMeterTest, HasTheQuantitiesThatItsFirstAnswerHas) {
  reply_ = MeterAnswer{.power = Watts(100), .energy = std::nullopt};
  const ProbeResult found = find();
  EXPECT_EQ(found.devices.at(0)->sensors().size(), 1U);
  EXPECT_NE(sensor(found, "plug:power"), nullptr);
}

TEST_F(ExternalMeterTest, IsAskedOnceASecondHoweverOftenItIsRead) {
  const ProbeResult found = find();
  for (int i = 0; i < 35; ++i) {
    for (const auto& each : found.devices.at(0)->sensors()) each->read();
    clock_->advance(milliseconds(100));
  }
  EXPECT_EQ(asked_, 4) << "at 0, 1, 2 and 3 s";
}

TEST_F(ExternalMeterTest, RepeatsItsLastAnswerMeanwhileAndThenTellsTheNext) {
  const ProbeResult found = find();
  Sensor* power = sensor(found, "plug:power");
  reply_ = MeterAnswer{.power = Watts(200), .energy = Joules(6000)};
  clock_->advance(milliseconds(900));
  EXPECT_EQ(std::get<Watts>(power->read()), Watts(100));
  clock_->advance(milliseconds(100));
  EXPECT_EQ(std::get<Watts>(power->read()), Watts(200));
}

TEST_F(ExternalMeterTest, AFailureIsAFailureUntilTheNextAnswerAndNeverTheLastValue) {
  const ProbeResult found = find();
  Sensor* power = sensor(found, "plug:power");
  reply_ = failing(FailureKind::try_again);
  clock_->advance(seconds(1));
  EXPECT_EQ(std::get<ReadFailure>(power->read()).reason, "why");
  reply_ = MeterAnswer{.power = Watts(200), .energy = Joules(6000)};
  clock_->advance(seconds(1));
  EXPECT_EQ(std::get<Watts>(power->read()), Watts(200));
}

TEST_F(ExternalMeterTest, OneThatRefusesTheUserIsLeftAloneForAMinute) {
  const ProbeResult found = find();
  Sensor* power = sensor(found, "plug:power");
  reply_ = failing(FailureKind::forbidden);
  asked_ = 0;
  for (int i = 0; i < 61; ++i) {
    clock_->advance(seconds(1));
    power->read();
  }
  EXPECT_EQ(asked_, 2) << "a wrong password again and again locks its user out";
}

TEST_F(ExternalMeterTest, AnAnswerThatLacksAQuantityItHadIsAFailure) {
  const ProbeResult found = find();
  reply_ = MeterAnswer{.power = Watts(100), .energy = std::nullopt};
  clock_->advance(seconds(1));
  const Reading reading = sensor(found, "plug:energy")->read();
  EXPECT_TRUE(has_text(std::get<ReadFailure>(reading).reason, "no energy any more"));
}

TEST_F(ExternalMeterTest, OneThatDoesNotAnswerIsAnObstacleThatWasAskedFor) {
  reply_ = failing(FailureKind::try_again);
  const ProbeResult found = find();
  EXPECT_TRUE(found.devices.empty());
  const Obstacle& obstacle = found.obstacles.at(0);
  EXPECT_EQ(obstacle.what, "plug");
  EXPECT_EQ(obstacle.reason, "why");
  EXPECT_EQ(obstacle.remedy, "what to do");
  EXPECT_TRUE(obstacle.asked_for);
}

TEST(MetersTest, EachMeterIsAComponentOfItsOwn) {
  const test::TempTree tree;
  const auto now = std::to_string(wall_clock_us());
  tree.write("a.csv", "time_us,power_w,energy_j\n" + now + ",100,5\n");
  tree.write("b.csv", "time_us,power_w\n" + now + ",50\n");
  const ProbeResult found = find_meters(
      meter_specs({"csv:" + (tree / "a.csv").string(), "csv:" + (tree / "none.csv").string(),
                   "csv:" + (tree / "b.csv").string()}),
      {});
  ASSERT_EQ(found.devices.size(), 2U);
  EXPECT_EQ(component_name(found.devices[0]->sensors()[1]->info()), "wall 0");
  EXPECT_EQ(component_name(found.devices[1]->sensors()[0]->info()), "wall 1");
  EXPECT_EQ(found.obstacles.size(), 1U);
}

}  // namespace
}  // namespace wattfor::external_meter_test
