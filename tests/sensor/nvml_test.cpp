#include "sensor/nvml.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <string>
#include <vector>

#include "sensor/nvml_fixture.h"
#include "sensor/nvml_obstacles.h"

namespace wattfor::nvml_test {
namespace {

using test::Fake;
using test::FakeGpu;
using test::joules;
using test::listed;
using test::sensors;
using test::watts;

namespace fs = std::filesystem;
using test::TempTree;

// An NVIDIA display controller as the PCI bus shows it, and who serves it.
void add_pci_gpu(const TempTree& sysfs, const std::string& driver) {
  const std::string device = "bus/pci/devices/0000:17:00.0/";
  sysfs.write(device + "vendor", "0x10de\n");
  sysfs.write(device + "class", "0x030200\n");
  if (!driver.empty()) {
    fs::create_symlink("../../../../bus/pci/drivers/" + driver, sysfs / (device + "driver"));
  }
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
  return nvml_missing(nvidia_gpus_on_pci(sysfs.root()), "no such file");
}

TEST(NvmlTest, ALibraryThatTheUserNamedAndThatIsNotThereIsTheUsersToUnset) {
  const TempTree sysfs;
  const std::string library = (sysfs / "no-such-library.so").string();
  for (const bool on_bus : {false, true}) {
    if (on_bus) add_pci_gpu(sysfs, "nvidia");
    const ProbeResult found = find_nvml(library, sysfs.root().string());
    ASSERT_EQ(found.obstacles.size(), 1U);
    EXPECT_EQ(found.obstacles[0].remedy, "unset WATTFOR_NVML");
    EXPECT_NE(found.obstacles[0].reason.find("no-such-library.so"), std::string::npos);
  }
}

TEST(NvmlTest, ADriverThatServesTheBusAndIsNotHereIsAContainersMissingFiles) {
  const TempTree sysfs;
  add_pci_gpu(sysfs, "nvidia");
  const Fake fake(FAKE_NVML_MODERN);
  fake.state().init = NvmlReturn::driver_not_loaded;
  const ProbeResult found = find_nvml(FAKE_NVML_MODERN, sysfs.root().string());
  ASSERT_EQ(found.obstacles.size(), 1U);
  EXPECT_EQ(found.obstacles[0].remedy, "docker run --gpus all …");
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

TEST(NvmlTest, KeepsGpusThatCudaHidesInViewAndOutOfTheTotal) {
  const Fake fake(FAKE_NVML_MODERN);
  fake.state().gpus.assign(2, FakeGpu{});
  fake.state().gpus[0].uuid.value = "GPU-0";
  fake.state().gpus[1].uuid.value = "GPU-1";
  const ProbeResult found = fake.find({.visible_devices = "1"});
  ASSERT_EQ(found.devices.size(), 2U);
  EXPECT_EQ(listed(*found.devices[0]), "energy power-instant power-average");
  EXPECT_EQ(listed(*found.devices[1]), "energy! power-instant power-average");
  EXPECT_EQ(sensors(found)[0]->info().why_not_in_total, "not in CUDA_VISIBLE_DEVICES");
  EXPECT_TRUE(found.obstacles.empty());
}

TEST(NvmlTest, MeasuresTheWholeGpuOfAVisibleMigInstance) {
  const Fake fake(FAKE_NVML_MODERN);
  fake.state().gpus.assign(2, FakeGpu{});
  fake.state().gpus[0].uuid.value = "GPU-0";
  fake.state().gpus[1].uuid.value = "GPU-1";
  fake.state().gpus[1].mig_enabled.value = true;
  fake.state().gpus[1].mig_uuids = {"MIG-a", "MIG-b"};
  const ProbeResult found = fake.find({.visible_devices = "MIG-b"});
  EXPECT_EQ(listed(*found.devices[0]), "energy power-instant power-average");
  EXPECT_EQ(listed(*found.devices[1]), "energy! power-instant power-average");
  EXPECT_TRUE(found.obstacles.empty());
}

TEST(NvmlTest, NamesAnInstanceThatTheDriverDoesNotKnow) {
  for (const char* library : {FAKE_NVML_MODERN, FAKE_NVML_OLD, FAKE_NVML_BARE}) {
    const Fake fake(library);
    const ProbeResult found = fake.find({.visible_devices = "MIG-gone"});
    ASSERT_FALSE(found.obstacles.empty());
    EXPECT_EQ(found.obstacles.back().what, "CUDA_VISIBLE_DEVICES=MIG-gone");
    EXPECT_EQ(listed(*found.devices[0]).find('!'), std::string::npos);
  }
}

TEST(NvmlTest, CountsOnlyTheGpusThatThisUserCanOpenAsCudaDoes) {
  const Fake fake(FAKE_NVML_MODERN);
  fake.state().gpus.assign(3, FakeGpu{});
  fake.state().gpus[0].open = NvmlReturn::no_permission;
  const ProbeResult found = fake.find({.visible_devices = "0"});
  ASSERT_EQ(found.devices.size(), 2U);
  EXPECT_EQ(found.devices[0]->name(), "NVIDIA H100 PCIe (gpu 1)");
  EXPECT_EQ(listed(*found.devices[0]), "energy! power-instant power-average");
  EXPECT_EQ(listed(*found.devices[1]), "energy power-instant power-average");
}

// The fake for programs without a test inside: a copy of the library starts from the file.
ProbeResult find_machine(const std::string& json) {
  const TempTree tree;
  tree.write("machine.json", json);
  fs::copy_file(FAKE_NVML_MODERN, tree / "libfake.so");
  setenv("FAKE_NVML_FILE", (tree / "machine.json").c_str(), 1);
  ProbeResult found = find_nvml((tree / "libfake.so").string(), tree.root().string());
  unsetenv("FAKE_NVML_FILE");
  return found;
}

TEST(NvmlTest, ReadsAGraceHopperFromAFile) {
  const ProbeResult found = find_machine(R"({"gpus": [{
    "name": "NVIDIA GH200 480GB", "energy_mj": null, "power_usage_mw": null,
    "power_instant_mw": {"module": 600000, "memory": 40000}, "power_average_mw": null,
    "throttled_ns": {"74": 2000000000}, "processes": [{"pid": 7}]}]})");
  EXPECT_EQ(listed(found), "module-power-instant! memory-power-instant");
  EXPECT_DOUBLE_EQ(watts(*sensors(found)[0]), 600.0);
  EXPECT_DOUBLE_EQ(watts(*sensors(found)[1]), 40.0);
  EXPECT_DOUBLE_EQ(found.devices[0]->state().throttled.at("power cap").count(), 2.0);
  EXPECT_EQ(found.devices[0]->processes()->at(0).pid, 7);
}

TEST(NvmlTest, ReadsManyGpusAndADividedOneFromAFile) {
  const ProbeResult found = find_machine(R"({"driver": "570.1", "live": true, "gpus": [
    {"count": 8, "uuid": "GPU-x"}, {"uuid": "GPU-y", "mig": ["MIG-a"]},
    {"uuid": "GPU-z", "energy_mj": {"status": 4}, "samples_mw": [1000]}]})");
  ASSERT_EQ(found.devices.size(), 10U);
  EXPECT_EQ(found.devices[7]->sensors()[0]->info().id, "nvml:GPU-x-7:energy");
  EXPECT_EQ(found.devices[8]->details().back(), "MIG on, 1 instance");
  EXPECT_EQ(listed(*found.devices[9]), "power-instant! power-average");
  EXPECT_EQ(found.obstacles.size(), 1U);
}

}  // namespace
}  // namespace wattfor::nvml_test
