#include "sensor/amdgpu.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <string>

#include "base/attribute_file.h"
#include "support/probed.h"
#include "support/text.h"

namespace wattfor::amdgpu_test {
namespace {

using test::add_hwmon;
using test::has_text;
using test::sensor;
using test::settled_total;
using test::TempTree;

// gpu_metrics 1.3, as an MI200 fills it.
std::string metrics_1_3(std::uint64_t accumulator) {
  std::string table(120, '\xff');
  const std::uint16_t size = 120;
  std::memcpy(table.data(), &size, sizeof(size));
  table[2] = 1;
  table[3] = 3;
  std::memcpy(table.data() + 24, &accumulator, sizeof(accumulator));
  return table;
}

class AmdgpuTest : public testing::Test {
 protected:
  // A GPU at that PCI address, with the id and class files of its device.
  void add_gpu(const std::string& entry, const std::string& address, const std::string& device_id,
               const std::string& pci_class) {
    folder_ = add_hwmon(sysfs_, entry, "amdgpu", address);
    device_ = "devices/" + address + "/";
    sysfs_.write(device_ + "vendor", "0x1002\n");
    sysfs_.write(device_ + "device", device_id + "\n");
    sysfs_.write(device_ + "class", pci_class + "\n");
  }
  void add_accelerator() { add_gpu("hwmon4", "0000:03:00.0", "0x740f", "0x038000"); }
  void add_graphics_card() { add_gpu("hwmon4", "0000:03:00.0", "0x744c", "0x030000"); }
  void add_processor(const std::string& entry = "hwmon7") {
    add_gpu(entry, "0000:c4:00.0", "0x15bf", "0x030000");
    sysfs_.write(folder_ + "in1_label", "vddnb\n");
    sysfs_.write(folder_ + "power1_average", "15000000\n");
  }
  ProbeResult find() const { return find_amdgpu(sysfs_.root()); }

  TempTree sysfs_;
  std::string folder_;  // of the last GPU's entry
  std::string device_;  // of its device
};

TEST_F(AmdgpuTest, ReadsTheMeanPowerOfACardAndDescribesIt) {
  add_graphics_card();
  sysfs_.write(folder_ + "power1_average", "203000000\n");
  sysfs_.write(folder_ + "power1_cap", "315000000\n");
  sysfs_.write(folder_ + "power1_cap_max", "340000000\n");
  sysfs_.write(folder_ + "power1_label", "PPT\n");
  const ProbeResult found = find();
  Sensor* power = sensor(found, "amdgpu:0000:03:00.0:power");
  ASSERT_NE(power, nullptr);
  EXPECT_DOUBLE_EQ(std::get<Watts>(power->read()).value(), 203.0);
  EXPECT_EQ(power->info().domain, Domain::gpu);
  EXPECT_DOUBLE_EQ(power->info().power_limit->value(), 340.0);
  EXPECT_EQ(power->info().label, "PPT");
  EXPECT_EQ(found.devices[0]->name(), "AMD GPU 1002:744c (0000:03:00.0)");
  EXPECT_TRUE(found.obstacles.empty());
}

TEST_F(AmdgpuTest, NeverCountsTheMeanAndThePowerNowTogether) {
  add_graphics_card();
  sysfs_.write(folder_ + "power1_average", "200000000\n");
  sysfs_.write(folder_ + "power1_input", "210000000\n");
  EXPECT_EQ(settled_total(find()), "amdgpu:0000:03:00.0:power");
}

TEST_F(AmdgpuTest, TakesThePowerNowWhereThereIsNoMean) {
  add_graphics_card();
  sysfs_.write(folder_ + "power1_input", "210000000\n");
  EXPECT_EQ(settled_total(find()), "amdgpu:0000:03:00.0:power-instant");
}

TEST_F(AmdgpuTest, CountsAnAcceleratorsEnergyByItsAccumulator) {
  add_accelerator();
  sysfs_.write(folder_ + "power1_average", "90000000\n");
  sysfs_.write(device_ + "gpu_metrics", metrics_1_3(655360));
  const ProbeResult found = find();
  EXPECT_EQ(settled_total(found), "amdgpu:0000:03:00.0:energy");
  Sensor* energy = sensor(found, "amdgpu:0000:03:00.0:energy");
  EXPECT_DOUBLE_EQ(std::get<Joules>(energy->read()).value(), 10.0);
  // Of the same domain: the meter takes it where the accumulator is stuck.
  EXPECT_EQ(sensor(found, "amdgpu:0000:03:00.0:power")->info().domain, Domain::gpu);
}

TEST_F(AmdgpuTest, AnAccumulatorAtZeroOrNotFilledInIsNotTheTotal) {
  add_accelerator();
  sysfs_.write(folder_ + "power1_average", "90000000\n");
  sysfs_.write(device_ + "gpu_metrics", metrics_1_3(0));
  EXPECT_EQ(settled_total(find()), "amdgpu:0000:03:00.0:power");
  sysfs_.write(device_ + "gpu_metrics", metrics_1_3(~std::uint64_t{0}));
  EXPECT_EQ(settled_total(find()), "amdgpu:0000:03:00.0:power");
}

TEST_F(AmdgpuTest, AGraphicsCardsAccumulatorHasNoKnownUnit) {
  add_graphics_card();
  sysfs_.write(folder_ + "power1_average", "90000000\n");
  sysfs_.write(device_ + "gpu_metrics", metrics_1_3(655360));
  EXPECT_EQ(sensor(find(), "amdgpu:0000:03:00.0:energy"), nullptr);
}

TEST_F(AmdgpuTest, ARadeonThatIsADisplayControllerHasNoKnownUnitEither) {
  add_gpu("hwmon4", "0000:03:00.0", "0x73a2", "0x038000");
  sysfs_.write(device_ + "gpu_metrics", metrics_1_3(655360));
  EXPECT_EQ(sensor(find(), "amdgpu:0000:03:00.0:energy"), nullptr);
}

// As the kernel shows an MI250 (aldebaran_ppt.c): the second die's figures are zero.
TEST_F(AmdgpuTest, OneDieOfABoardReportsForBoth) {
  add_gpu("hwmon4", "0000:c1:00.0", "0x740c", "0x038000");
  sysfs_.write(folder_ + "power1_average", "500000000\n");
  sysfs_.write(device_ + "gpu_metrics", metrics_1_3(655360));
  add_gpu("hwmon5", "0000:c6:00.0", "0x740c", "0x038000");
  sysfs_.write(folder_ + "power1_average", "0\n");
  sysfs_.write(device_ + "gpu_metrics", metrics_1_3(0));
  const ProbeResult found = find();
  EXPECT_EQ(settled_total(found), "amdgpu:0000:c1:00.0:energy");
  EXPECT_EQ(sensor(found, "amdgpu:0000:c1:00.0:energy")->info().shared_with,
            "both dies of this board");
  const SensorInfo& second = sensor(found, "amdgpu:0000:c6:00.0:power")->info();
  EXPECT_EQ(second.why_not_in_total, "the other die of its board reports for both");
  EXPECT_TRUE(second.shared_with.empty());
}

TEST_F(AmdgpuTest, ATableThatBecomesGarbageIsAFailureAndNotANumber) {
  add_accelerator();
  sysfs_.write(device_ + "gpu_metrics", metrics_1_3(655360));
  const ProbeResult found = find();
  sysfs_.write(device_ + "gpu_metrics", "garbage");
  const Reading reading = sensor(found, "amdgpu:0000:03:00.0:energy")->read();
  EXPECT_EQ(std::get<ReadFailure>(reading).kind, FailureKind::broken);
  sysfs_.write(device_ + "gpu_metrics", std::string(100000, 'x'));
  EXPECT_TRUE(
      std::holds_alternative<ReadFailure>(sensor(found, "amdgpu:0000:03:00.0:energy")->read()));
}

TEST_F(AmdgpuTest, TheSocketOfAProcessorWithGraphicsIsACpuPackage) {
  add_processor();
  const ProbeResult found = find();
  EXPECT_EQ(sensor(found, "amdgpu:0000:c4:00.0:power")->info().domain, Domain::cpu_package);
  EXPECT_EQ(settled_total(found), "amdgpu:0000:c4:00.0:power");
}

TEST_F(AmdgpuTest, AProcessorBesideAnAmdBoardIsInNoTotal) {
  add_graphics_card();
  sysfs_.write(folder_ + "power1_average", "90000000\n");
  add_processor();
  const ProbeResult found = find();
  EXPECT_EQ(settled_total(found), "amdgpu:0000:03:00.0:power");
  EXPECT_EQ(sensor(found, "amdgpu:0000:c4:00.0:power")->info().why_not_in_total,
            "may hold the power of the AMD GPU beside it");
}

TEST_F(AmdgpuTest, AnMi300AIsAModule) {
  add_gpu("hwmon4", "0000:01:00.0", "0x74a0", "0x120000");
  sysfs_.write(folder_ + "power1_input", "300000000\n");
  const ProbeResult found = find();
  const SensorInfo& info = sensor(found, "amdgpu:0000:01:00.0:power-instant")->info();
  EXPECT_EQ(info.domain, Domain::module);
  EXPECT_TRUE(holds(info, Domain::cpu_package));
}

TEST_F(AmdgpuTest, NumbersGpusByTheirPciAddressAndNotByTheirEntry) {
  add_gpu("hwmon2", "0000:43:00.0", "0x740f", "0x038000");
  sysfs_.write(folder_ + "power1_average", "1\n");
  add_accelerator();
  sysfs_.write(folder_ + "power1_average", "1\n");
  const ProbeResult found = find();
  EXPECT_EQ(sensor(found, "amdgpu:0000:03:00.0:power")->info().domain_index, 0);
  EXPECT_EQ(sensor(found, "amdgpu:0000:43:00.0:power")->info().domain_index, 1);
}

TEST_F(AmdgpuTest, TellsItsState) {
  add_graphics_card();
  sysfs_.write(folder_ + "power1_average", "1\n");
  sysfs_.write(folder_ + "temp1_input", "61000\n");
  sysfs_.write(folder_ + "freq1_input", "2300000000\n");
  sysfs_.write(folder_ + "power1_cap", "241000000\n");
  sysfs_.write(device_ + "gpu_busy_percent", "99\n");
  sysfs_.write(device_ + "mem_info_vram_used", "4294967296\n");
  sysfs_.write(device_ + "product_name", "AMD Radeon PRO W7900\n");
  const ProbeResult found = find();
  const DeviceState state = found.devices[0]->state();
  EXPECT_DOUBLE_EQ(*state.temperature_c, 61.0);
  EXPECT_DOUBLE_EQ(*state.clock_mhz, 2300.0);
  EXPECT_DOUBLE_EQ(*state.utilisation_percent, 99.0);
  EXPECT_DOUBLE_EQ(state.power_limit.value().value(), 241.0);
  EXPECT_DOUBLE_EQ(*state.memory_bytes, 4294967296.0);
  EXPECT_EQ(found.devices[0]->name(), "AMD Radeon PRO W7900 (0000:03:00.0)");
}

TEST_F(AmdgpuTest, LeavesOutOfItsStateWhatIsNotThereOrGarbage) {
  add_graphics_card();
  sysfs_.write(folder_ + "power1_average", "1\n");
  sysfs_.write(folder_ + "temp1_input", "warm\n");
  const DeviceState state = find().devices[0]->state();
  EXPECT_FALSE(state.temperature_c.has_value());
  EXPECT_FALSE(state.clock_mhz.has_value());
}

TEST_F(AmdgpuTest, ABoardThatSleepsIsListedAndAnswersOnceItIsAwake) {
  add_graphics_card();
  sysfs_.write(folder_ + "power1_average", "9000000\n");
  set_attribute_read([](int, void*, std::size_t, off_t) -> ssize_t {
    errno = EPERM;
    return -1;
  });
  const ProbeResult found = find();
  set_attribute_read(nullptr);
  EXPECT_TRUE(found.obstacles.empty());
  EXPECT_TRUE(has_text(found.devices.at(0)->details().back(), "asleep"));
  EXPECT_EQ(settled_total(found), "amdgpu:0000:03:00.0:power");
  EXPECT_DOUBLE_EQ(std::get<Watts>(sensor(found, "amdgpu:0000:03:00.0:power")->read()).value(),
                   9.0);
}

TEST_F(AmdgpuTest, AGpuWithoutPowerIsListedWithTheReason) {
  add_graphics_card();
  const ProbeResult found = find();
  ASSERT_EQ(found.devices.size(), 1U);
  EXPECT_TRUE(found.devices[0]->sensors().empty());
  EXPECT_TRUE(has_text(found.obstacles.at(0).reason, "neither power1_average nor power1_input"));
}

TEST_F(AmdgpuTest, GarbageIsAnObstacleThatNamesTheFile) {
  add_graphics_card();
  sysfs_.write(folder_ + "power1_average", "n/a\n");
  const ProbeResult found = find();
  EXPECT_EQ(sensor(found, "amdgpu:0000:03:00.0:power"), nullptr);
  EXPECT_TRUE(has_text(found.obstacles.at(0).reason, "power1_average: expected a count of µW"));
}

}  // namespace
}  // namespace wattfor::amdgpu_test
