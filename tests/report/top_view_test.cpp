#include "report/top_view.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "report/sample_top.h"
#include "support/fake_device.h"

namespace wattfor::top_view_test {
namespace {

using test::at_second;
using test::FakeDevice;

ComponentEnergy energy_of(const std::string& name, double joules, const std::string& sensor) {
  ComponentEnergy component;
  component.name = name;
  component.basis = Basis::measured;
  component.gross = EnergyFigure{.energy = Joules(joules),
                                 .absolute = Interval{.low = 0.9 * joules, .high = 1.1 * joules},
                                 .comparison = std::nullopt};
  component.sensors = {sensor};
  return component;
}

EnergyReport report_of(double seconds, std::vector<ComponentEnergy> components) {
  EnergyReport report;
  report.duration = Seconds(seconds);
  report.components = std::move(components);
  report.total = total_of(report.components, Scope::everything);
  return report;
}

test::Script no_reading() {
  return [](Instant) -> Reading { return Joules(0.0); };
}

// A package with its cores, memory, and a GPU that has a gauge.
class TopRecorderTest : public ::testing::Test {
 protected:
  TopRecorderTest() {
    auto rapl = std::make_unique<FakeDevice>("RAPL", clock);
    rapl->add(test::counter_info("package", Domain::cpu_package), no_reading());
    rapl->add(test::counter_info("dram", Domain::dram), no_reading());
    SensorInfo cores = test::counter_info("cores", Domain::cpu_core);
    cores.in_total = false;
    cores.why_not_in_total = "the package holds it";
    rapl->add(std::move(cores), no_reading());
    auto gpu = std::make_unique<FakeDevice>("NVIDIA H100 (gpu 0)", clock);
    SensorInfo gauge = test::gauge_info("board", Domain::gpu);
    gauge.averaging_window = Seconds(0.025);
    gpu->add(std::move(gauge), no_reading());
    devices = test::devices_of(std::move(rapl), std::move(gpu));
  }

  static std::vector<ComponentEnergy> all(double joules) {
    ComponentEnergy cores = energy_of("cpu cores 0", joules / 2, "cores");
    cores.in_total = false;
    return {energy_of("cpu package 0", joules, "package"), std::move(cores),
            energy_of("dram 0", joules, "dram"), energy_of("gpu 0", joules, "board")};
  }

  ManualClock clock;
  std::vector<std::unique_ptr<Device>> devices;
};

TEST_F(TopRecorderTest, TellsPowerOfTheIntervalAndEnergySinceTheStart) {
  TopRecorder recorder("atlas", devices, 1);
  recorder.add(at_second(602), report_of(2.0, all(100.0)), report_of(10.0, all(700.0)));
  const TopView& view = recorder.view();
  const LiveFigure& package = view.components.at(0).figure;
  EXPECT_DOUBLE_EQ(50.0, package.power->value());
  EXPECT_DOUBLE_EQ(45.0, package.power_interval->low);
  EXPECT_DOUBLE_EQ(55.0, package.power_interval->high);
  EXPECT_DOUBLE_EQ(700.0, package.energy->energy.value());
  EXPECT_DOUBLE_EQ(150.0, view.total.power->value());  // the cores are inside the package
  EXPECT_DOUBLE_EQ(2100.0, view.total.energy->energy.value());
  EXPECT_EQ(Seconds(10.0), view.elapsed);
  EXPECT_EQ("the package holds it", view.components.at(1).why_not_in_total);
  EXPECT_EQ(Seconds(0.025), view.components.at(3).averaging_window);
}

TEST_F(TopRecorderTest, PutsWhatLiesInsideAPackageBelowIt) {
  TopRecorder recorder("atlas", devices, 0);
  std::vector<ComponentEnergy> mixed = all(1.0);
  std::swap(mixed[1], mixed[3]);
  recorder.add(at_second(601), report_of(1.0, mixed), report_of(1.0, mixed));
  std::vector<std::string> names;
  for (const auto& component : recorder.view().components) names.push_back(component.name);
  EXPECT_EQ((std::vector<std::string>{"cpu package 0", "cpu cores 0", "dram 0", "gpu 0"}), names);
}

TEST_F(TopRecorderTest, ListsTheComponentsBeforeAnyHasAFigure) {
  const TopRecorder recorder("atlas", devices, 0);
  std::vector<std::string> names;
  for (const auto& component : recorder.view().components) {
    names.push_back(component.name);
    EXPECT_FALSE(component.figure.power);
  }
  EXPECT_EQ((std::vector<std::string>{"cpu package 0", "cpu cores 0", "dram 0", "gpu 0"}), names);
}

TEST_F(TopRecorderTest, LosesNothingOfWhatASensorToldBeforeItFailedForGood) {
  TopRecorder recorder("atlas", devices, 0);
  recorder.add(at_second(601), report_of(1.0, all(50.0)), report_of(1.0, all(50.0)));
  std::vector<ComponentEnergy> failing = all(50.0);
  failing[3].gross.reset();
  failing[3].basis = Basis::missing;
  failing[3].gaps = {{.start = Seconds(0.0), .duration = Seconds(1.0), .reason = "lost"}};
  // The meter assumes something at first, and gives up later.
  recorder.add(at_second(602), report_of(1.0, failing), report_of(2.0, all(100.0)));
  std::vector<ComponentEnergy> given_up = all(150.0);
  given_up[3].gross.reset();
  given_up[3].basis = Basis::missing;
  recorder.add(at_second(603), report_of(1.0, failing), report_of(3.0, given_up));
  const TopView& view = recorder.view();
  EXPECT_DOUBLE_EQ(50.0, view.components.at(3).figure.energy->energy.value());
  EXPECT_TRUE(view.components.at(3).energy_stands);
  EXPECT_DOUBLE_EQ(350.0, view.total.energy->energy.value());
  EXPECT_NE(std::string::npos, view.energy_scope.find("gpu 0 missing since 1.00 s"));

  recorder.restart();
  recorder.add(at_second(604), report_of(1.0, failing), report_of(1.0, given_up));
  EXPECT_FALSE(recorder.view().components.at(3).figure.energy);
  EXPECT_DOUBLE_EQ(300.0, recorder.view().total.energy->energy.value());
}

TEST_F(TopRecorderTest, ShowsNoEnergyBeforeAnythingWasSeen) {
  TopRecorder recorder("atlas", devices, 0);
  recorder.add(at_second(601), report_of(1.0, all(50.0)), report_of(0.0, all(0.0)));
  EXPECT_FALSE(recorder.view().components.at(0).figure.energy);
  EXPECT_FALSE(recorder.view().total.energy);
}

TEST_F(TopRecorderTest, SaysOfACounterThatAnswersAndStandsStillThatItHasNotMoved) {
  TopRecorder recorder("atlas", devices, 0);
  std::vector<ComponentEnergy> silent = all(50.0);
  for (ComponentEnergy& component : silent) component.gross.reset();
  recorder.add(at_second(601), report_of(1.0, silent), report_of(1.0, silent));
  EXPECT_EQ("the counter has not moved", recorder.view().components.at(0).silence);
  EXPECT_EQ("its sensor has not answered", recorder.view().components.at(3).silence);
}

TEST_F(TopRecorderTest, CallsWhatHasNoKindByItsName) {
  TopRecorder recorder("jetson", devices, 0);
  std::vector<ComponentEnergy> module = {energy_of("module 0", 5.0, "module")};
  module[0].kind = ComponentKind::other;
  recorder.add(at_second(601), report_of(1.0, module), report_of(1.0, module));
  EXPECT_EQ("module", recorder.view().scope);
  EXPECT_EQ("module", recorder.view().energy_scope);
}

TEST_F(TopRecorderTest, ShowsAFailedSensorAsMissingWithTheReasonAndKeepsItsEnergy) {
  TopRecorder recorder("atlas", devices, 0);
  recorder.add(at_second(601), report_of(1.0, all(50.0)), report_of(1.0, all(50.0)));
  std::vector<ComponentEnergy> failing = all(50.0);
  failing[3].gross.reset();
  failing[3].basis = Basis::missing;
  failing[3].gaps = {{.start = Seconds(0.0), .duration = Seconds(1.0), .reason = "lost"}};
  recorder.add(at_second(602), report_of(1.0, failing), report_of(2.0, all(75.0)));
  const TopComponent& gpu = recorder.view().components.at(3);
  EXPECT_EQ(Basis::missing, gpu.figure.basis);
  EXPECT_FALSE(gpu.figure.power);
  EXPECT_FALSE(gpu.figure.history.back().power);
  EXPECT_EQ("lost", gpu.silence);
  EXPECT_EQ(at_second(601), gpu.last_seen);
  EXPECT_EQ(Basis::measured, gpu.figure.energy_basis);
  EXPECT_DOUBLE_EQ(50.0, gpu.figure.energy->energy.value());
}

TEST_F(TopRecorderTest, RemembersOneMinuteOfPower) {
  TopRecorder recorder("atlas", devices, 0);
  for (int second = 1; second <= 100; ++second) {
    recorder.add(at_second(second), report_of(1.0, all(second)), report_of(second, all(second)));
  }
  const auto& history = recorder.view().components.at(0).figure.history;
  ASSERT_EQ(60U, history.size());
  EXPECT_EQ(at_second(41), history.front().end);
  EXPECT_DOUBLE_EQ(100.0, history.back().power->value());
}

TEST_F(TopRecorderTest, CallsTheHighestIntervalThePeakOfTheTotal) {
  TopRecorder recorder("atlas", devices, 0);
  for (const double joules : {10.0, 40.0, 20.0}) {
    recorder.add(at_second(601), report_of(1.0, all(joules)), report_of(1.0, all(joules)));
  }
  EXPECT_DOUBLE_EQ(120.0, recorder.view().total.peak->value());
  recorder.restart();
  EXPECT_FALSE(recorder.view().total.peak);
  EXPECT_FALSE(recorder.view().total.energy);
}

TEST_F(TopRecorderTest, JoinsWhatADriverSaysWithItsComponent) {
  TopRecorder recorder("atlas", devices, 0);
  EnergyReport report = report_of(1.0, all(1.0));
  DeviceConditions conditions;
  conditions.device = "NVIDIA H100 (gpu 0)";
  conditions.utilisation_percent = 97.0;
  report.conditions = {conditions};
  recorder.add(at_second(601), report, report);
  ASSERT_EQ(1U, recorder.view().devices.size());
  EXPECT_EQ("gpu 0", recorder.view().devices[0].component);
  EXPECT_EQ((std::vector<std::string>{"cpu package 0", "gpu 0"}), recorder.device_words());
}

TEST_F(TopRecorderTest, ShowsADeviceThatHasNoPowerSensor) {
  devices.push_back(std::make_unique<FakeDevice>("NVIDIA T4 (gpu 1)", clock));
  TopRecorder recorder("atlas", devices, 0);
  recorder.add(at_second(601), report_of(1.0, all(1.0)), report_of(1.0, all(1.0)));
  ASSERT_EQ(1U, recorder.view().devices.size());
  EXPECT_EQ("NVIDIA T4 (gpu 1)", recorder.view().devices[0].name);
  EXPECT_EQ("", recorder.view().devices[0].component);
}

TEST(TopJsonTest, HasStableKeysWithTheirUnits) {
  const auto json = top_json(test::sample_top(), "2026-01-31T12:00:00.000Z");
  EXPECT_EQ("2026-01-31T12:00:00.000Z", json.at("time"));
  EXPECT_EQ(1.0, json.at("interval_s"));
  EXPECT_EQ(64.0, json.at("elapsed_s"));
  EXPECT_EQ("modelled", json.at("total").at("basis"));
  EXPECT_EQ("cpu + dram + gpu", json.at("total").at("scope"));
  const auto& gpu = json.at("components").at(3);
  EXPECT_EQ("gpu 0", gpu.at("name"));
  EXPECT_EQ("measured", gpu.at("basis"));
  EXPECT_EQ(310.0, gpu.at("power_w"));
  EXPECT_NEAR(279.0, gpu.at("power_low_w").get<double>(), 1e-9);
  EXPECT_EQ(12'500.0, gpu.at("energy_j"));
  EXPECT_NEAR(12'000.0, gpu.at("energy_low_j").get<double>(), 1e-9);
  EXPECT_EQ(true, gpu.at("in_total"));
  EXPECT_EQ(false, json.at("components").at(1).at("in_total"));
  EXPECT_EQ(97.0, json.at("devices").at(0).at("utilisation_percent"));
  EXPECT_EQ("gpu 0", json.at("processes").at(0).at("devices").at(0).at("device"));
  EXPECT_EQ(2.5, json.at("processes").at(0).at("cores"));
  EXPECT_EQ(2, json.at("obstacles"));
}

TEST(TopJsonTest, SaysNullAndNotZeroOfWhatIsUnknown) {
  TopView view = test::sample_top();
  view.components = {test::component("gpu 0", LiveFigure{})};
  view.components[0].silence = "lost";
  const auto gpu = top_json(view, "")["components"][0];
  EXPECT_EQ("missing", gpu["basis"]);
  EXPECT_TRUE(gpu["power_w"].is_null());
  EXPECT_TRUE(gpu["energy_j"].is_null());
  EXPECT_EQ("lost", gpu["no_power_because"]);
}

}  // namespace
}  // namespace wattfor::top_view_test
