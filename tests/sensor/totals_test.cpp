#include "sensor/totals.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "support/fake_device.h"

namespace wattfor {
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

SensorInfo module() {
  SensorInfo info = gauge_info("module", Domain::module);
  info.contains = {Domain::cpu_package, Domain::dram, Domain::gpu};
  return info;
}

SensorInfo grace() {
  SensorInfo info = gauge_info("grace", Domain::cpu_package);
  info.contains = {Domain::dram};
  return info;
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
  EXPECT_EQ(info(0).why_not_in_total, "the gpu in it is counted by itself");
}

TEST_F(TotalsTest, AModuleWhoseGpuCanNotBeReadCountsForAllThatLiesInIt) {
  add({module(), grace()});
  EXPECT_EQ(settled(), "module");
  EXPECT_EQ(info(0, 1).why_not_in_total, "lies inside module 0");
}

TEST_F(TotalsTest, WhatLiesInAnotherModuleIsCountedBesides) {
  SensorInfo second = grace();
  second.id = "grace-1";
  second.domain_index = 1;
  add({module(), second});
  EXPECT_EQ(settled(), "module grace-1");
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

TEST_F(TotalsTest, WhatIsOfNoKnownDomainIsNumberedThrough) {
  add({gauge_info("a rail", Domain::other), gauge_info("another", Domain::other)});
  add({gauge_info("a supply", Domain::other)});
  EXPECT_EQ(settled(), "a rail another a supply");
  EXPECT_EQ(info(0, 1).domain_index, 1);
  EXPECT_EQ(info(1).domain_index, 2);
}

}  // namespace
}  // namespace wattfor
