#include "meter/surroundings.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "support/fake_device.h"
#include "support/temp_tree.h"

namespace wattfor::surroundings_test {
namespace {

// A GPU on which the programs compute that a test names.
class UsedGpu final : public Device {
 public:
  UsedGpu() {
    sensors_.push_back(
        std::make_unique<test::FakeSensor>(test::counter_info("fake:gpu", Domain::gpu, 1), clock_,
                                           [](Instant) -> Reading { return Joules(1.0); }));
  }
  std::string name() const override { return "Fake (gpu 1)"; }
  const std::vector<std::unique_ptr<Sensor>>& sensors() const override { return sensors_; }
  std::optional<std::vector<DeviceProcess>> processes() override {
    if (while_asked) while_asked();
    return programs;
  }

  std::optional<std::vector<DeviceProcess>> programs;
  std::function<void()> while_asked;

 private:
  ManualClock clock_;
  std::vector<std::unique_ptr<Sensor>> sensors_;
};

// A machine with four processors whose kernel shows what a test writes; wattfor is process 10.
struct SurroundingsTest : ::testing::Test {
  SurroundingsTest() {
    machine_time(0, 0);
    program(1, "init", 0, 5);
    program(10, "wattfor", 1, 2);
    tree.write("proc/self/stat", stat_of(10, "wattfor", 1, 2, 0, 0));
  }

  static std::string stat_of(int pid, const std::string& name, int parent, int ticks, int waited,
                             int started) {
    return fmt::format("{} ({}) S {} 1 1 0 -1 0 0 0 0 0 {} 0 {} 0 20 0 1 0 {} 0 0\n", pid, name,
                       parent, ticks, waited, started);
  }
  void program(int pid, const std::string& name, int parent, int ticks, int waited = 0,
               int started = 0) const {
    tree.write(fmt::format("proc/{}/stat", pid),
               stat_of(pid, name, parent, ticks, waited, started));
  }
  void machine_time(int programs, int idle) const {
    tree.write("proc/stat", fmt::format("cpu  {} 0 0 {} 0 0 0 0 0 0\n", 1000 + programs, idle));
  }
  UsedGpu& gpu() { return static_cast<UsedGpu&>(*meter.devices().front()); }

  Surroundings surroundings() const {
    return Surroundings({.sysfs = tree / "sys", .procfs = tree / "proc", .nvml_library = ""},
                        [](const std::string&) { return std::nullopt; });
  }
  SurroundingsNow look() { return surroundings().look(meter); }
  HostContext between(const SurroundingsNow& begin, const SurroundingsNow& end) const {
    return surroundings().between(begin, end);
  }

  test::TempTree tree;
  ManualClock clock;
  Meter meter{test::devices_of(std::make_unique<UsedGpu>()), clock, {}};
};

OtherProgram on_cpu(const std::string& name, int pid, double percent) {
  return {.name = name, .pid = pid, .component = "cpu", .cpu_percent = percent, .memory_bytes = {}};
}

OtherProgram on_gpu(const std::string& name, int pid, ProgramUse use = ProgramUse::compute) {
  return {.name = name,
          .pid = pid,
          .component = "gpu 1",
          .cpu_percent = {},
          .memory_bytes = 1e9,
          .use = use};
}

TEST_F(SurroundingsTest, WhatACommandTookIsNotTheOthers) {
  program(17, "chrome", 1, 1000);
  const auto begin = look();
  program(17, "chrome", 1, 1080);
  program(10, "wattfor", 1, 4, 200);  // the command, which it has waited for
  machine_time(2 + 200 + 80, 118);
  const HostContext context = between(begin, look());
  EXPECT_DOUBLE_EQ(*context.others_cpu_percent, 20.0);
  EXPECT_EQ(context.others, (std::vector{on_cpu("chrome", 17, 20.0)}));
}

TEST_F(SurroundingsTest, WhatAWorkerTookThatStillRunsIsNotTheOthers) {
  program(11, "worker", 10, 500);
  const auto begin = look();
  program(11, "worker", 10, 700, 50);
  program(12, "thread pool", 11, 100, 0, 99);
  machine_time(350, 50);
  EXPECT_DOUBLE_EQ(*between(begin, look()).others_cpu_percent, 0.0);
}

TEST_F(SurroundingsTest, TheGreediestOthersAreNamed) {
  for (int pid = 20; pid < 30; ++pid) program(pid, "old", 1, 0);
  const auto begin = look();
  for (int pid = 20; pid < 25; ++pid) program(pid, "old", 1, pid);
  program(25, "new of an old number", 1, 30, 0, 77);
  program(26, "old", 1, 9);  // below a percent
  std::filesystem::remove_all(tree / "proc/27");
  machine_time(500, 500);
  const HostContext context = between(begin, look());
  EXPECT_EQ(context.others, (std::vector{on_cpu("new of an old number", 25, 3.0),
                                         on_cpu("old", 24, 2.4), on_cpu("old", 23, 2.3)}));
  EXPECT_DOUBLE_EQ(*context.others_cpu_percent, 50.0) << "also those that have no name any more";
}

TEST_F(SurroundingsTest, OfAShortWindowNoShareIsClaimed) {
  const auto begin = look();
  machine_time(90, 9);
  EXPECT_EQ(between(begin, look()).others_cpu_percent, std::nullopt);
}

TEST_F(SurroundingsTest, WithoutItsOwnPartNoShareIsClaimed) {
  std::filesystem::remove_all(tree / "proc/self");
  const auto begin = look();
  machine_time(500, 500);
  EXPECT_EQ(between(begin, look()).others_cpu_percent, std::nullopt);
}

TEST_F(SurroundingsTest, OfATableWithoutSomeNoShareIsClaimed) {
  auto begin = look();
  machine_time(500, 500);
  auto end = look();
  ASSERT_TRUE(between(begin, end).others_cpu_percent);
  end.programs.is_complete = false;
  EXPECT_EQ(between(begin, end).others_cpu_percent, std::nullopt);
  std::swap(begin.programs.is_complete, end.programs.is_complete);
  EXPECT_EQ(between(begin, end).others_cpu_percent, std::nullopt);
}

TEST_F(SurroundingsTest, NamesOtherProgramsOnADeviceOnce) {
  program(11, "worker", 10, 0);
  program(42, "python", 1, 0);
  gpu().programs = {{{.pid = 11, .memory_bytes = 1e9}, {.pid = 42, .memory_bytes = 1e9}}};
  const auto begin = look();
  EXPECT_EQ(between(begin, look()).others, (std::vector{on_gpu("python", 42)}));
}

TEST_F(SurroundingsTest, TellsWhatDrawsFromWhatComputes) {
  program(42, "Xorg", 1, 0);
  gpu().programs = {{{.pid = 42, .memory_bytes = 1e9, .computes = false}}};
  const auto begin = look();
  EXPECT_EQ(between(begin, look()).others, (std::vector{on_gpu("Xorg", 42, ProgramUse::graphics)}));
  gpu().programs->front().computes = true;
  EXPECT_EQ(between(begin, look()).others, (std::vector{on_gpu("Xorg", 42)}));
}

TEST_F(SurroundingsTest, AProgramOfItsOwnThatEndsWhileADriverAnswersIsItsOwn) {
  program(11, "worker", 10, 0);
  gpu().programs = {{{.pid = 11, .memory_bytes = 1e9}}};
  gpu().while_asked = [&] { std::filesystem::remove_all(tree / "proc/11"); };
  const auto end = look();
  EXPECT_TRUE(between(end, end).others.empty());
}

TEST_F(SurroundingsTest, AProgramThatBeginsWhileADriverAnswersIsKnown) {
  gpu().programs = {{{.pid = 12, .memory_bytes = 1e9}, {.pid = 42, .memory_bytes = 1e9}}};
  gpu().while_asked = [&] {
    program(11, "sh", 10, 0);
    program(12, "worker", 11, 0);
    program(42, "python", 1, 0);
  };
  const auto end = look();
  EXPECT_EQ(between(end, end).others, (std::vector{on_gpu("python", 42)}));
}

TEST_F(SurroundingsTest, AProgramThatHasEndedMayHaveBeenTheMeasuredOne) {
  const auto begin = look();
  gpu().programs = {{{.pid = 43, .memory_bytes = 1e9}}};
  EXPECT_EQ(between(begin, look()).others, (std::vector{on_gpu("", 43, ProgramUse::unknown)}));
}

TEST_F(SurroundingsTest, ADriverThatDoesNotTellNamesNobody) {
  EXPECT_TRUE(between(look(), look()).others.empty());
}

TEST_F(SurroundingsTest, ADriverThatThrowsCostsTheNamesAlone) {
  gpu().while_asked = [] { throw std::runtime_error("the driver is gone"); };
  const auto end = look();
  EXPECT_TRUE(end.on_devices.empty());
  EXPECT_EQ(end.programs.self, 10);
}

TEST_F(SurroundingsTest, InAContainerAnOutsideNumberMayBeOneOfItsOwn) {
  std::filesystem::create_directories(tree / "proc/self/ns");
  std::filesystem::create_symlink("pid:[4026532999]", tree / "proc/self/ns/pid");
  gpu().programs = {{{.pid = 99'000, .memory_bytes = 1e9}}};
  EXPECT_EQ(between(look(), look()).others, (std::vector{on_gpu("", 99'000)}))
      << "nothing of its own runs";
  program(11, "worker", 10, 0);
  EXPECT_TRUE(between(look(), look()).others.empty());
}

TEST_F(SurroundingsTest, InAContainerWhoAppearsMeanwhileMayHaveBeenTheMeasuredOne) {
  std::filesystem::create_directories(tree / "proc/self/ns");
  std::filesystem::create_symlink("pid:[4026532999]", tree / "proc/self/ns/pid");
  const auto begin = look();
  gpu().programs = {{{.pid = 99'000, .memory_bytes = 1e9}}};
  EXPECT_EQ(between(begin, look()).others, (std::vector{on_gpu("", 99'000, ProgramUse::unknown)}));
}

TEST_F(SurroundingsTest, HeatIsWhatWasAddedInTheWindow) {
  const std::string cpu = "sys/devices/system/cpu/cpu";
  for (int package = 0; package < 2; ++package) {
    tree.write(fmt::format("{}{}/topology/physical_package_id", cpu, package),
               fmt::format("{}", package));
    tree.write(fmt::format("{}{}/thermal_throttle/package_throttle_total_time_ms", cpu, package),
               package == 0 ? "90000" : "1000");
  }
  const auto begin = look();
  EXPECT_EQ(between(begin, look()).slowed_by_heat, Seconds(0.0));
  tree.write(cpu + "1/thermal_throttle/package_throttle_total_time_ms", "2200");
  EXPECT_DOUBLE_EQ(between(begin, look()).slowed_by_heat->count(), 1.2);
  EXPECT_EQ(between(begin, look()).times_slowed_by_heat, std::nullopt);
}

TEST_F(SurroundingsTest, AWindowPartlyOnBatteryIsOneOnBattery) {
  tree.write("sys/class/power_supply/BAT0/type", "Battery");
  tree.write("sys/class/power_supply/BAT0/status", "Discharging");
  const auto begin = look();
  tree.write("sys/class/power_supply/BAT0/status", "Charging");
  tree.write("sys/class/power_supply/AC/type", "Mains");
  tree.write("sys/class/power_supply/AC/online", "1");
  EXPECT_EQ(between(begin, look()).power_supply, "battery");
  EXPECT_EQ(between(look(), look()).power_supply, "mains");
}

TEST_F(SurroundingsTest, AnEmptyTreeIsAnEmptyContext) {
  std::filesystem::remove_all(tree / "proc");
  EXPECT_EQ(between(look(), look()), HostContext{});
}

}  // namespace
}  // namespace wattfor::surroundings_test
