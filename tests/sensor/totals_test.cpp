#include "sensor/totals.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "support/fake_device.h"

namespace wattfor::totals_test {
namespace {

using Devices = std::vector<std::unique_ptr<Device>>;
using test::counter_info;
using test::gauge_info;

class TotalsTest : public testing::Test {
 protected:
  void add(std::vector<SensorInfo> infos) {
    auto device = std::make_unique<test::FakeDevice>("a device", clock_);
    for (SensorInfo& info : infos) {
      device->add(std::move(info), [](Instant) -> Reading { return Joules(1.0); });
    }
    devices_.push_back(std::move(device));
  }

  // Ids of what is in the total, in order, e.g. "a b".
  std::string settled() {
    settle_totals(devices_);
    std::string ids;
    for (const auto& device : devices_) {
      for (const auto& sensor : device->sensors()) {
        if (sensor->info().in_total) ids += (ids.empty() ? "" : " ") + sensor->info().id;
      }
    }
    return ids;
  }

  const SensorInfo& info(std::size_t device, std::size_t sensor = 0) const {
    return devices_.at(device)->sensors().at(sensor)->info();
  }

 private:
  const ManualClock clock_;
  Devices devices_;
};

SensorInfo module(const std::string& id = "module", int socket = 0) {
  SensorInfo info = gauge_info(id, Domain::module, socket);
  info.contains = {Domain::cpu_package, Domain::dram, Domain::gpu};
  return info;
}

SensorInfo module_by_gpu(const std::string& id, int gpu) {
  SensorInfo info = module(id, gpu);
  info.index_is_of_gpu = true;
  return info;
}

SensorInfo grace(const std::string& id = "grace", int socket = 0) {
  SensorInfo info = gauge_info(id, Domain::cpu_package, socket);
  info.contains = {Domain::dram};
  return info;
}

SensorInfo hidden(SensorInfo gpu) {
  gpu.in_total = false;
  gpu.why_not_in_total = "not in CUDA_VISIBLE_DEVICES";
  return gpu;
}

// The power meters of a machine with so many Grace sockets.
std::vector<SensorInfo> meters(int sockets) {
  std::vector<SensorInfo> infos;
  for (int i = 0; i < sockets; ++i) {
    infos.push_back(module("module-" + std::to_string(i), i));
    infos.push_back(grace("grace-" + std::to_string(i), i));
  }
  return infos;
}

TEST_F(TotalsTest, APackageThatTwoProbesFindIsCountedOnce) {
  add({counter_info("perf:package-0", Domain::cpu_package)});
  add({counter_info("rapl:package-0", Domain::cpu_package),
       counter_info("rapl:package-1", Domain::cpu_package, 1)});
  EXPECT_EQ(settled(), "perf:package-0 rapl:package-1");
  EXPECT_EQ(info(1).why_not_in_total, "perf:package-0 counts the same");
}

TEST_F(TotalsTest, AModuleGivesWayToTheGpuAndTheCpuThatAreReadByThemselves) {
  add({module(), grace()});
  add({counter_info("gpu", Domain::gpu)});
  EXPECT_EQ(settled(), "grace gpu");
  EXPECT_EQ(info(0).why_not_in_total, "gpus are read by themselves, without their module");
}

TEST_F(TotalsTest, AModuleWhoseGpuCanNotBeReadCountsForAllThatLiesInIt) {
  add({module(), grace()});
  EXPECT_EQ(settled(), "module");
  EXPECT_EQ(info(0, 1).why_not_in_total, "lies inside module 0");
}

TEST_F(TotalsTest, WhatLiesInAnotherModuleIsCountedBesides) {
  add({module(), grace("grace-1", 1)});
  EXPECT_EQ(settled(), "module grace-1");
}

TEST_F(TotalsTest, NoModuleCountsWhereOneOfFourGpusIsVisible) {
  add({hidden(counter_info("gpu-0", Domain::gpu, 0))});
  add({hidden(counter_info("gpu-1", Domain::gpu, 1))});
  add({counter_info("gpu-2", Domain::gpu, 2)});
  add({hidden(counter_info("gpu-3", Domain::gpu, 3))});
  add(meters(4));
  EXPECT_EQ(settled(), "gpu-2 grace-0 grace-1 grace-2 grace-3");
}

TEST_F(TotalsTest, AJobThatSeesOneGpuOfFourModulesCountsNoModuleBesides) {
  add({counter_info("gpu", Domain::gpu, 0)});
  add(meters(4));
  EXPECT_EQ(settled(), "gpu grace-0 grace-1 grace-2 grace-3");
}

TEST_F(TotalsTest, ModulesWithTwoGpusEachGiveWayWhateverTheirNumbers) {
  for (int i = 0; i < 4; ++i) add({counter_info("gpu-" + std::to_string(i), Domain::gpu, i)});
  add(meters(2));
  EXPECT_EQ(settled(), "gpu-0 gpu-1 gpu-2 gpu-3 grace-0 grace-1");
}

TEST_F(TotalsTest, AHiddenGpuDoesNotComeBackThroughItsModule) {
  add({hidden(counter_info("gpu", Domain::gpu))});
  add(meters(1));
  EXPECT_EQ(settled(), "grace-0");
  EXPECT_EQ(info(1).why_not_in_total, "gpus are read by themselves, without their module");
}

TEST_F(TotalsTest, AModuleThatHoldsNoGpuOfItsOwnIsCountedBesideAnyBoard) {
  SensorInfo jetson = module("jetson");
  jetson.contains = {Domain::cpu_package, Domain::dram};
  add({counter_info("gpu", Domain::gpu)});
  add({jetson});
  EXPECT_EQ(settled(), "gpu jetson");
}

TEST_F(TotalsTest, ModulesThatOnlyTheirGpusNameAreCountedOnce) {
  add({module_by_gpu("nvml-0", 0)});
  add({module_by_gpu("nvml-1", 1)});
  EXPECT_EQ(settled(), "nvml-0");
  EXPECT_EQ(info(1).why_not_in_total, "may be the same module as nvml-0");
}

TEST_F(TotalsTest, ModulesThatOnlyTheirGpusNameGiveWayToTheMetersOfTheirSockets) {
  add({module_by_gpu("nvml-0", 0)});
  add({module_by_gpu("nvml-1", 1)});
  add(meters(2));
  EXPECT_EQ(settled(), "module-0 module-1");
  EXPECT_EQ(info(0).why_not_in_total, "may be the same module as module-0");
}

TEST_F(TotalsTest, NoSocketCountsBesideAModuleWhoseSocketIsNotKnown) {
  add({module_by_gpu("nvml-1", 1)});
  add({grace()});
  EXPECT_EQ(settled(), "nvml-1");
}

TEST_F(TotalsTest, AWholeThatIsItselfLeftOutTakesNothingWithIt) {
  SensorInfo without_memory = module();
  without_memory.contains = {Domain::cpu_package};
  add({without_memory, grace(), counter_info("dram", Domain::dram)});
  EXPECT_EQ(settled(), "module dram");
}

TEST_F(TotalsTest, MemoryInsideAGraceSocketIsNotCountedAgain) {
  add({grace(), counter_info("dram", Domain::dram)});
  EXPECT_EQ(settled(), "grace");
  EXPECT_EQ(info(0, 1).why_not_in_total, "lies inside cpu package 0");
}

TEST_F(TotalsTest, GpusOfTwoMakersHaveNumbersOfTheirOwn) {
  add({counter_info("nvml:1", Domain::gpu, 0)});
  add({counter_info("amdgpu", Domain::gpu, 0), gauge_info("amdgpu:memory", Domain::gpu_memory, 0)});
  EXPECT_EQ(settled(), "nvml:1 amdgpu amdgpu:memory");
  EXPECT_EQ(info(0).domain_index, 0);
  EXPECT_EQ(info(1).domain_index, 1);
  EXPECT_EQ(info(1, 1).domain_index, 1);
}

SensorInfo wall(const std::string& id, int number = 0) {
  SensorInfo info = gauge_info(id, Domain::wall, number);
  info.contains = {Domain::cpu_package, Domain::dram, Domain::gpu};
  return info;
}

TEST_F(TotalsTest, AMeterAtThePlugIsNeverAddedToWhatItContains) {
  add({counter_info("rapl:package-0", Domain::cpu_package), counter_info("dram", Domain::dram)});
  add({wall("plug")});
  EXPECT_EQ(settled(), "rapl:package-0 dram");
  EXPECT_TRUE(info(1).why_not_in_total.starts_with("the whole machine, its power supply's losses"));
}

TEST_F(TotalsTest, WhereNothingElseCanBeReadAMeterAtThePlugIsTheTotal) {
  SensorInfo battery = gauge_info("battery:BAT0", Domain::battery);
  battery.in_total = false;
  add({battery});
  add({wall("plug:energy"), wall("plug:power")});
  EXPECT_EQ(settled(), "plug:energy");
  EXPECT_EQ(info(1, 1).why_not_in_total, "plug:energy counts the same");
}

TEST_F(TotalsTest, OfSeveralMetersAtPlugsOneIsTheTotal) {
  add({wall("plug", 0)});
  add({wall("bmc", 1)});
  EXPECT_EQ(settled(), "plug");
  EXPECT_EQ(info(1).why_not_in_total, "may measure the same as plug");
}

TEST_F(TotalsTest, WhatIsOfNoKnownDomainIsNumberedThrough) {
  add({gauge_info("a rail", Domain::other), gauge_info("another", Domain::other)});
  add({gauge_info("a supply", Domain::other)});
  EXPECT_EQ(settled(), "a rail another a supply");
  EXPECT_EQ(info(0, 1).domain_index, 1);
  EXPECT_EQ(info(1).domain_index, 2);
}

}  // namespace
}  // namespace wattfor::totals_test
