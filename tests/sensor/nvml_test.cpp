#include "sensor/nvml.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "base/shared_library.h"
#include "fakes/fake_nvml.h"
#include "support/temp_tree.h"

namespace wattfor {
namespace {

namespace fs = std::filesystem;
using test::FakeGpu;
using test::FakeNvml;
using test::TempTree;

// Holds one of the fake libraries open, in its first state, so that what a test sets is what the
// adapter meets.
class Fake {
 public:
  explicit Fake(const std::string& path) : path_(path), library_(path) {
    const FakeNvml first_state;
    state() = first_state;
  }
  FakeNvml& state() const { return *library_.symbol<FakeNvml*()>("fake_nvml_state")(); }
  FakeGpu& gpu() const { return state().gpus.front(); }
  ProbeResult find() const { return find_nvml(path_, sysfs_.root().string()); }

 private:
  TempTree sysfs_;
  std::string path_;
  SharedLibrary library_;
};

const std::vector<std::unique_ptr<Sensor>>& sensors(const ProbeResult& found) {
  return found.devices.at(0)->sensors();
}

// "energy power-instant!": what each sensor's id ends with, a mark on the one in the total.
std::string listed(const ProbeResult& found) {
  std::string list;
  for (const auto& sensor : sensors(found)) {
    const std::string& id = sensor->info().id;
    if (!list.empty()) list += ' ';
    list += id.substr(id.rfind(':') + 1);
    if (sensor->info().in_total) list += '!';
  }
  return list;
}

double watts(Sensor& sensor) { return std::get<Watts>(sensor.read()).value(); }
double joules(Sensor& sensor) { return std::get<Joules>(sensor.read()).value(); }

// An NVIDIA display controller as the PCI bus shows it, and who serves it.
void add_pci_gpu(const TempTree& sysfs, const std::string& driver) {
  const std::string device = "bus/pci/devices/0000:17:00.0/";
  sysfs.write(device + "vendor", "0x10de\n");
  sysfs.write(device + "class", "0x030200\n");
  if (!driver.empty()) {
    fs::create_symlink("../../../../bus/pci/drivers/" + driver, sysfs / (device + "driver"));
  }
}

TEST(NvmlTest, ReadsCounterAndGaugesAndTakesTheCounterIntoTheTotal) {
  const Fake fake(FAKE_NVML_MODERN);
  const ProbeResult found = fake.find();
  EXPECT_EQ(listed(found), "energy! power-instant power-average");
  EXPECT_DOUBLE_EQ(joules(*sensors(found)[0]), 5000.0);
  EXPECT_DOUBLE_EQ(watts(*sensors(found)[1]), 300.0);
  EXPECT_DOUBLE_EQ(watts(*sensors(found)[2]), 290.0);
  fake.gpu().energy_mj.value = 5'250'000;
  EXPECT_DOUBLE_EQ(joules(*sensors(found)[0]), 5250.0);
  EXPECT_TRUE(found.obstacles.empty());
}

TEST(NvmlTest, DescribesSensorsByUuidWithPeriodWindowLimitAndGain) {
  const Fake fake(FAKE_NVML_MODERN);
  const ProbeResult found = fake.find();
  const SensorInfo& counter = sensors(found)[0]->info();
  EXPECT_EQ(counter.id, "nvml:GPU-11111111-2222-3333-4444-555555555555:energy");
  EXPECT_EQ(counter.kind, SensorKind::energy_counter);
  EXPECT_EQ(counter.domain, Domain::gpu);
  EXPECT_EQ(counter.unit, "mJ");
  EXPECT_EQ(counter.source, "nvmlDeviceGetTotalEnergyConsumption");
  EXPECT_DOUBLE_EQ(counter.power_limit->value(), 350.0);
  EXPECT_DOUBLE_EQ(counter.gain_uncertainty, 0.037);
  EXPECT_FALSE(counter.counter_range.has_value());

  const SensorInfo& instant = sensors(found)[1]->info();
  EXPECT_EQ(instant.unit, "mW");
  EXPECT_EQ(instant.source, "nvmlDeviceGetFieldValues (field 186)");
  EXPECT_DOUBLE_EQ(instant.update_period->count(), 0.1);
  EXPECT_DOUBLE_EQ(instant.averaging_window->count(), 0.025);
  EXPECT_DOUBLE_EQ(sensors(found)[2]->info().averaging_window->count(), 1.0);

  EXPECT_EQ(found.devices[0]->name(), "NVIDIA H100 PCIe (gpu 0)");
  EXPECT_EQ(
      found.devices[0]->details(),
      (std::vector<std::string>{"driver 550.54.15", "GPU-11111111-2222-3333-4444-555555555555",
                                "power limit 350 W (default 350 W, 200 W to 350 W may be set)"}));
}

TEST(NvmlTest, FallsFromAnUnsupportedCounterToTheGaugesAndNeverToASilentZero) {
  const Fake fake(FAKE_NVML_MODERN);
  fake.gpu().energy_mj.status = NvmlReturn::not_supported;
  fake.gpu().energy_field_mj.status = NvmlReturn::not_supported;
  const ProbeResult found = fake.find();
  EXPECT_EQ(listed(found), "power-instant! power-average");
  EXPECT_DOUBLE_EQ(watts(*sensors(found)[0]), 300.0);
  EXPECT_TRUE(found.obstacles.empty());
}

TEST(NvmlTest, DoesNotTrustACounterThatStandsAtZero) {
  const Fake fake(FAKE_NVML_MODERN);
  fake.gpu().energy_mj.value = 0;
  EXPECT_EQ(listed(fake.find()), "energy power-instant! power-average");
}

TEST(NvmlTest, TakesTheCounterFromItsFieldWhereTheFunctionRefuses) {
  const Fake fake(FAKE_NVML_MODERN);
  fake.gpu().energy_mj.status = NvmlReturn::not_supported;
  fake.gpu().energy_field_mj.value = 9'000;
  const ProbeResult found = fake.find();
  EXPECT_EQ(sensors(found)[0]->info().source, "nvmlDeviceGetFieldValues (field 83)");
  EXPECT_DOUBLE_EQ(joules(*sensors(found)[0]), 9.0);
}

TEST(NvmlTest, TakesTheModulesPowerWhereTheGpusOwnIsRefused) {
  const Fake fake(FAKE_NVML_MODERN);
  fake.gpu().name.value = "NVIDIA GH200 480GB";
  fake.gpu().power_instant.scope_gpu = NvmlReturn::not_supported;
  fake.gpu().power_instant.scope_module = NvmlReturn::success;
  const ProbeResult found = fake.find();
  const SensorInfo& module = sensors(found)[1]->info();
  EXPECT_EQ(module.source, "nvmlDeviceGetFieldValues (field 186, module)");
  EXPECT_DOUBLE_EQ(watts(*sensors(found)[1]), 300.0);
  // It holds the CPU too: no GPU's figure, and not under the GPU's limit.
  EXPECT_EQ(module.id, "nvml:GPU-11111111-2222-3333-4444-555555555555:module-power-instant");
  EXPECT_EQ(module.domain, Domain::module);
  EXPECT_FALSE(module.power_limit);
  EXPECT_EQ(listed(found), "energy! module-power-instant power-average");
}

TEST(NvmlTest, AModulesPowerIsNeverAGpusFigure) {
  const Fake fake(FAKE_NVML_MODERN);
  FakeGpu& gpu = fake.gpu();
  gpu.energy_mj.status = NvmlReturn::not_supported;
  gpu.energy_field_mj.status = NvmlReturn::not_supported;
  for (auto* field : {&gpu.power_instant, &gpu.power_average}) {
    field->scope_gpu = NvmlReturn::not_supported;
    field->scope_module = NvmlReturn::success;
  }
  EXPECT_EQ(listed(fake.find()), "module-power-instant module-power-average power!");
  gpu.power_usage_mw.status = NvmlReturn::not_supported;
  const ProbeResult found = fake.find();
  EXPECT_EQ(listed(found), "module-power-instant! module-power-average");
  EXPECT_EQ(sensors(found)[0]->info().domain, Domain::module);
  ASSERT_EQ(found.obstacles.size(), 1U);
  EXPECT_NE(found.obstacles[0].reason.find("no sensor of the GPU alone answers"),
            std::string::npos);
}

TEST(NvmlTest, ReadsPowerUsageOnlyWhereNoFieldAnswers) {
  const Fake fake(FAKE_NVML_MODERN);
  fake.gpu().energy_mj.status = NvmlReturn::not_supported;
  fake.gpu().energy_field_mj.status = NvmlReturn::not_supported;
  fake.gpu().power_instant.scope_gpu = NvmlReturn::not_supported;
  EXPECT_EQ(listed(fake.find()), "power-average!");
  fake.gpu().power_average.scope_gpu = NvmlReturn::not_supported;
  const ProbeResult found = fake.find();
  EXPECT_EQ(listed(found), "power!");
  EXPECT_DOUBLE_EQ(watts(*sensors(found)[0]), 280.0);
}

TEST(NvmlTest, ReadsFieldsOfEveryNumberType) {
  const Fake fake(FAKE_NVML_MODERN);
  fake.gpu().power_instant = {.milliwatts = 65'000};
  for (const NvmlValueType type : {NvmlValueType::float64, NvmlValueType::uint32,
                                   NvmlValueType::uint64, NvmlValueType::uint16}) {
    fake.gpu().power_instant.type = type;
    EXPECT_DOUBLE_EQ(watts(*sensors(fake.find())[1]), 65.0) << static_cast<int>(type);
  }
  // NOLINTNEXTLINE(clang-analyzer-optin.core.EnumCastOutOfRange): a type that is yet to come.
  fake.gpu().power_instant.type = static_cast<NvmlValueType>(77);
  EXPECT_EQ(listed(fake.find()), "energy! power-average");
}

TEST(NvmlTest, WorksWithAnOldDriverWithoutFieldsCounterOrSecondVersions) {
  const Fake fake(FAKE_NVML_OLD);
  fake.gpu().clock_reasons.value = 0x4;
  const ProbeResult found = fake.find();
  EXPECT_EQ(listed(found), "power!");
  EXPECT_DOUBLE_EQ(watts(*sensors(found)[0]), 280.0);
  EXPECT_FALSE(sensors(found)[0]->info().update_period.has_value());
  EXPECT_EQ(found.devices[0]->state().throttle_reasons, std::vector<std::string>{"power cap"});
}

TEST(NvmlTest, SaysWhichGpuHasNoReadablePowerWhereSymbolsAreMissing) {
  const Fake fake(FAKE_NVML_BARE);
  const ProbeResult found = fake.find();
  ASSERT_EQ(found.devices.size(), 1U);
  EXPECT_TRUE(sensors(found).empty());
  EXPECT_EQ(found.devices[0]->name(), "NVIDIA GPU (gpu 0)");
  EXPECT_FALSE(found.devices[0]->state().utilisation_percent.has_value());
  ASSERT_EQ(found.obstacles.size(), 1U);
  EXPECT_EQ(found.obstacles[0].what, "Power of NVIDIA GPU (gpu 0)");
  EXPECT_NE(found.obstacles[0].reason.find("nvmlDeviceGetPowerUsage: failed (NVML status 13)"),
            std::string::npos);
}

TEST(NvmlTest, EndsTheDeviceWhenItsGpuIsLostMidway) {
  const Fake fake(FAKE_NVML_MODERN);
  const ProbeResult found = fake.find();
  EXPECT_DOUBLE_EQ(joules(*sensors(found)[0]), 5000.0);
  fake.gpu().state = NvmlReturn::gpu_is_lost;
  for (const auto& sensor : sensors(found)) {
    const Reading reading = sensor->read();
    ASSERT_TRUE(std::holds_alternative<ReadFailure>(reading));
    EXPECT_EQ(std::get<ReadFailure>(reading).kind, FailureKind::gone);
    EXPECT_NE(std::get<ReadFailure>(reading).reason.find("GPU is lost (NVML status 15)"),
              std::string::npos);
  }
  const DeviceState state = found.devices[0]->state();
  EXPECT_FALSE(state.utilisation_percent || state.memory_bytes || state.temperature_c ||
               state.clock_mhz);
}

TEST(NvmlTest, TriesAgainAfterAPassingFailure) {
  const Fake fake(FAKE_NVML_MODERN);
  const ProbeResult found = fake.find();
  fake.gpu().state = NvmlReturn::timeout;
  EXPECT_EQ(std::get<ReadFailure>(sensors(found)[0]->read()).kind, FailureKind::try_again);
  fake.gpu().state = NvmlReturn::success;
  EXPECT_DOUBLE_EQ(joules(*sensors(found)[0]), 5000.0);
}

TEST(NvmlTest, ReportsAllOnesAsAFailureAndNotAsEnergy) {
  const Fake fake(FAKE_NVML_MODERN);
  const ProbeResult found = fake.find();
  fake.gpu().energy_mj.value = ~0ULL;
  EXPECT_TRUE(std::holds_alternative<ReadFailure>(sensors(found)[0]->read()));
  fake.gpu().power_instant.milliwatts = 4294967295.0;
  EXPECT_TRUE(std::holds_alternative<ReadFailure>(sensors(found)[1]->read()));
}

TEST(NvmlTest, PassesAnImplausibleValueOnAsItWasRead) {
  // Whether 2 kW on a 350 W board can be is the meter's question, with the limit beside it.
  const Fake fake(FAKE_NVML_MODERN);
  const ProbeResult found = fake.find();
  fake.gpu().power_instant.milliwatts = 2'000'000;
  EXPECT_DOUBLE_EQ(watts(*sensors(found)[1]), 2000.0);
}

TEST(NvmlTest, JudgesByTheHighestLimitThatMayBeSetAndTellsTheOneThatIsEnforced) {
  const Fake fake(FAKE_NVML_MODERN);
  fake.gpu().power_limit_mw.value = 200'000;
  fake.gpu().highest_power_limit_mw.value = 700'000;
  const ProbeResult found = fake.find();
  EXPECT_DOUBLE_EQ(sensors(found)[1]->info().power_limit->value(), 700.0);
  EXPECT_EQ(found.devices[0]->details().back(),
            "power limit 200 W (default 350 W, 200 W to 700 W may be set)");
  fake.gpu().highest_power_limit_mw.status = NvmlReturn::not_supported;
  EXPECT_DOUBLE_EQ(sensors(fake.find())[1]->info().power_limit->value(), 200.0);
}

TEST(NvmlTest, LeavesOutAPowerLimitThatIsNone) {
  const Fake fake(FAKE_NVML_MODERN);
  for (const unsigned limit : {0U, 4294967295U}) {
    fake.gpu().power_limit_mw.value = limit;
    fake.gpu().highest_power_limit_mw.value = limit;
    EXPECT_FALSE(sensors(fake.find())[0]->info().power_limit.has_value()) << limit;
  }
}

TEST(NvmlTest, TellsStateInSiAndThrottlingInWords) {
  const Fake fake(FAKE_NVML_MODERN);
  fake.gpu().clock_reasons.value = 0x1 | 0x4 | 0x40 | 0x8000;
  const DeviceState state = fake.find().devices.at(0)->state();
  EXPECT_DOUBLE_EQ(state.utilisation_percent.value(), 97.0);
  EXPECT_DOUBLE_EQ(state.memory_bytes.value(), 20'000.0);
  EXPECT_DOUBLE_EQ(state.temperature_c.value(), 63.0);
  EXPECT_DOUBLE_EQ(state.clock_mhz.value(), 1755.0);
  EXPECT_EQ(state.throttle_reasons,
            (std::vector<std::string>{"power cap", "hardware thermal slowdown",
                                      "unknown reason 0x8000"}));
}

TEST(NvmlTest, DoesNotCallIdlenessThrottling) {
  const Fake fake(FAKE_NVML_MODERN);
  fake.gpu().clock_reasons.value = 0x1;
  EXPECT_TRUE(fake.find().devices.at(0)->state().throttle_reasons.empty());
}

TEST(NvmlTest, ListsManyGpusEachWithItsOwnSensors) {
  const Fake fake(FAKE_NVML_MODERN);
  fake.state().gpus.assign(8, FakeGpu{});
  for (std::size_t i = 0; i < 8; ++i) {
    fake.state().gpus[i].uuid.value = "GPU-" + std::to_string(i);
    fake.state().gpus[i].energy_mj.value = (i + 1) * 1000;
  }
  const ProbeResult found = fake.find();
  ASSERT_EQ(found.devices.size(), 8U);
  EXPECT_EQ(found.devices[7]->name(), "NVIDIA H100 PCIe (gpu 7)");
  const Sensor& last = *found.devices[7]->sensors()[0];
  EXPECT_EQ(last.info().id, "nvml:GPU-7:energy");
  EXPECT_EQ(last.info().domain_index, 7);
  EXPECT_DOUBLE_EQ(joules(*found.devices[7]->sensors()[0]), 8.0);
}

TEST(NvmlTest, ReadsTheOtherGpusWhereOneCannotBeOpened) {
  const Fake fake(FAKE_NVML_MODERN);
  fake.state().gpus.assign(3, FakeGpu{});
  fake.state().gpus[1].open = NvmlReturn::no_permission;
  const ProbeResult found = fake.find();
  EXPECT_EQ(found.devices.size(), 2U);
  ASSERT_EQ(found.obstacles.size(), 1U);
  EXPECT_EQ(found.obstacles[0].what, "NVIDIA GPU 1");
  EXPECT_EQ(found.obstacles[0].remedy, "sudo chmod a+rw /dev/nvidiactl /dev/nvidia[0-9]*");
}

TEST(NvmlTest, DoesNotBelieveAHugeCount) {
  const Fake fake(FAKE_NVML_MODERN);
  fake.state().claimed_count = 4294967295U;
  const ProbeResult found = fake.find();
  EXPECT_EQ(found.devices.size(), 1U);
  ASSERT_EQ(found.obstacles.size(), 2U);
  EXPECT_NE(found.obstacles[0].reason.find("claims 4294967295"), std::string::npos);
}

TEST(NvmlTest, SaysThatASensorIsForbidden) {
  const Fake fake(FAKE_NVML_MODERN);
  fake.gpu().energy_mj.status = NvmlReturn::no_permission;
  fake.gpu().energy_field_mj.status = NvmlReturn::no_permission;
  const ProbeResult found = fake.find();
  EXPECT_EQ(listed(found), "power-instant! power-average");
  ASSERT_EQ(found.obstacles.size(), 1U);
  EXPECT_NE(found.obstacles[0].reason.find("Insufficient Permissions"), std::string::npos);
}

TEST(NvmlTest, NamesAGpuWithoutUuidByItsNumber) {
  const Fake fake(FAKE_NVML_MODERN);
  fake.gpu().uuid.status = NvmlReturn::not_supported;
  EXPECT_EQ(sensors(fake.find())[0]->info().id, "nvml:gpu-0:energy");
}

TEST(NvmlTest, ShutsTheLibraryDownWhenTheLastDeviceGoes) {
  const Fake fake(FAKE_NVML_MODERN);
  fake.state().gpus.assign(2, FakeGpu{});
  ProbeResult found = fake.find();
  EXPECT_EQ(fake.state().inits, 1);
  found.devices.pop_back();
  EXPECT_EQ(fake.state().shutdowns, 0);
  found.devices.pop_back();
  EXPECT_EQ(fake.state().shutdowns, 1);
}

TEST(NvmlTest, DoesNotShutDownWhatItCouldNotInitialise) {
  const Fake fake(FAKE_NVML_MODERN);
  fake.state().init = NvmlReturn::unknown;
  EXPECT_EQ(fake.find().obstacles.size(), 1U);
  EXPECT_EQ(fake.state().shutdowns, 0);
}

// What nvmlInit refuses, and what to do about it.
std::string remedy_after(NvmlReturn status) {
  const Fake fake(FAKE_NVML_MODERN);
  fake.state().init = status;
  const ProbeResult found = fake.find();
  EXPECT_TRUE(found.devices.empty());
  return found.obstacles.size() == 1 ? found.obstacles[0].remedy : "no obstacle";
}

TEST(NvmlTest, NamesTheRemedyForEachWayThatTheDriverRefuses) {
  EXPECT_EQ(remedy_after(NvmlReturn::driver_not_loaded), "sudo modprobe nvidia");
  EXPECT_EQ(remedy_after(NvmlReturn::lib_rm_version_mismatch), "sudo reboot");
  EXPECT_EQ(remedy_after(NvmlReturn::no_permission),
            "sudo chmod a+rw /dev/nvidiactl /dev/nvidia[0-9]*");
}

TEST(NvmlTest, MissesNothingOnAMachineWithoutAnNvidiaGpu) {
  const TempTree sysfs;
  sysfs.write("bus/pci/devices/0000:00:02.0/vendor", "0x8086\n");
  sysfs.write("bus/pci/devices/0000:00:02.0/class", "0x030000\n");
  // NVIDIA's, but a network card.
  sysfs.write("bus/pci/devices/0000:01:00.0/vendor", "0x10de\n");
  sysfs.write("bus/pci/devices/0000:01:00.0/class", "0x020000\n");
  const ProbeResult found = find_nvml("libnvidia-ml.so.1", sysfs.root().string());
  if (!found.devices.empty()) GTEST_SKIP() << "this machine has NVIDIA's driver";
  EXPECT_TRUE(found.obstacles.empty());
}

// On a machine with such a GPU on its bus and without the library.
Obstacle obstacle_with_driver(const std::string& driver) {
  const TempTree sysfs;
  add_pci_gpu(sysfs, driver);
  const ProbeResult found =
      find_nvml((sysfs / "no-such-library.so").string(), sysfs.root().string());
  EXPECT_EQ(found.obstacles.size(), 1U);
  return found.obstacles.at(0);
}

TEST(NvmlTest, TellsWhatAGpuWithoutTheLibraryNeedsByWhoServesIt) {
  EXPECT_EQ(obstacle_with_driver("").what, "1 NVIDIA GPU (0000:17:00.0)");
  EXPECT_EQ(obstacle_with_driver("").remedy, "sudo apt-get install nvidia-driver");
  EXPECT_NE(obstacle_with_driver("nouveau").reason.find("nouveau serves"), std::string::npos);
  EXPECT_EQ(obstacle_with_driver("nvidia").remedy, "sudo apt-get install libnvidia-ml1");
  EXPECT_NE(obstacle_with_driver("nvidia").reason.find("--gpus all"), std::string::npos);
  EXPECT_EQ(obstacle_with_driver("vfio-pci").remedy, "");
}

TEST(NvmlTest, RefusesALibraryThatIsNotNvidias) {
  const TempTree sysfs;
  const ProbeResult other = find_nvml("libm.so.6", sysfs.root().string());
  ASSERT_EQ(other.obstacles.size(), 1U);
  EXPECT_NE(other.obstacles[0].reason.find("has no nvmlInit"), std::string::npos);

  sysfs.write("garbage.so", "this is no library");
  const ProbeResult garbage = find_nvml((sysfs / "garbage.so").string(), sysfs.root().string());
  ASSERT_EQ(garbage.obstacles.size(), 1U);
  EXPECT_NE(garbage.obstacles[0].reason.find("garbage.so"), std::string::npos);
}

}  // namespace
}  // namespace wattfor
