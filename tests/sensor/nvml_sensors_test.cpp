#include "sensor/nvml_sensors.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "sensor/nvml_fixture.h"

namespace wattfor::nvml_sensors_test {
namespace {

using test::Fake;
using test::FakeGpu;
using test::joules;
using test::listed;
using test::sensors;
using test::watts;

TEST(NvmlSensorsTest, ReadsCounterAndGaugesAndTakesTheCounterIntoTheTotal) {
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

TEST(NvmlSensorsTest, DescribesSensorsByUuidWithPeriodWindowLimitAndGain) {
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

TEST(NvmlSensorsTest, FallsFromAnUnsupportedCounterToTheGaugesAndNeverToASilentZero) {
  const Fake fake(FAKE_NVML_MODERN);
  fake.gpu().energy_mj.status = NvmlReturn::not_supported;
  fake.gpu().energy_field_mj.status = NvmlReturn::not_supported;
  const ProbeResult found = fake.find();
  EXPECT_EQ(listed(found), "power-instant! power-average");
  EXPECT_DOUBLE_EQ(watts(*sensors(found)[0]), 300.0);
  EXPECT_TRUE(found.obstacles.empty());
}

TEST(NvmlSensorsTest, DoesNotTrustACounterThatStandsAtZero) {
  const Fake fake(FAKE_NVML_MODERN);
  fake.gpu().energy_mj.value = 0;
  EXPECT_EQ(listed(fake.find()), "energy power-instant! power-average");
}

TEST(NvmlSensorsTest, TakesTheCounterFromItsFieldWhereTheFunctionRefuses) {
  const Fake fake(FAKE_NVML_MODERN);
  fake.gpu().energy_mj.status = NvmlReturn::not_supported;
  fake.gpu().energy_field_mj.value = 9'000;
  const ProbeResult found = fake.find();
  EXPECT_EQ(sensors(found)[0]->info().source, "nvmlDeviceGetFieldValues (field 83)");
  EXPECT_DOUBLE_EQ(joules(*sensors(found)[0]), 9.0);
}

TEST(NvmlSensorsTest, TakesTheModulesPowerWhereTheGpusOwnIsRefused) {
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

TEST(NvmlSensorsTest, AModulesPowerIsNeverAGpusFigure) {
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

TEST(NvmlSensorsTest, ReadsPowerUsageOnlyWhereNoFieldAnswers) {
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

TEST(NvmlSensorsTest, WorksWithAnOldDriverWithoutFieldsCounterOrSecondVersions) {
  const Fake fake(FAKE_NVML_OLD);
  fake.gpu().clock_reasons.value = 0x4;
  const ProbeResult found = fake.find();
  EXPECT_EQ(listed(found), "power!");
  EXPECT_DOUBLE_EQ(watts(*sensors(found)[0]), 280.0);
  EXPECT_FALSE(sensors(found)[0]->info().update_period.has_value());
  EXPECT_EQ(found.devices[0]->state().throttle_reasons, std::vector<std::string>{"power cap"});
}

TEST(NvmlSensorsTest, JudgesByTheHighestLimitThatMayBeSetAndTellsTheOneThatIsEnforced) {
  const Fake fake(FAKE_NVML_MODERN);
  fake.gpu().power_limit_mw.value = 200'000;
  fake.gpu().highest_power_limit_mw.value = 700'000;
  const ProbeResult found = fake.find();
  EXPECT_DOUBLE_EQ(sensors(found)[1]->info().power_limit->value(), 700.0);
  EXPECT_EQ(found.devices[0]->details().back(),
            "power limit 200 W (default 350 W, 200 W to 700 W may be set)");
  // Where the board tells no highest one, the larger of the others is believed.
  fake.gpu().highest_power_limit_mw.status = NvmlReturn::not_supported;
  EXPECT_DOUBLE_EQ(sensors(fake.find())[1]->info().power_limit->value(), 350.0);
  fake.gpu().default_power_limit_mw.status = NvmlReturn::not_supported;
  const ProbeResult bare = fake.find();
  EXPECT_DOUBLE_EQ(sensors(bare)[1]->info().power_limit->value(), 200.0);
  EXPECT_EQ(bare.devices[0]->details().back(), "power limit 200 W");
}

TEST(NvmlSensorsTest, LeavesOutAPowerLimitThatIsNone) {
  const Fake fake(FAKE_NVML_MODERN);
  for (const unsigned limit : {0U, 4294967295U}) {
    fake.gpu().power_limit_mw.value = limit;
    fake.gpu().default_power_limit_mw.value = limit;
    fake.gpu().highest_power_limit_mw.value = limit;
    EXPECT_FALSE(sensors(fake.find())[0]->info().power_limit.has_value()) << limit;
  }
}

TEST(NvmlSensorsTest, ListsThePowerOfAGpusMemoryAndNeverAddsIt) {
  const Fake fake(FAKE_NVML_MODERN);
  fake.gpu().power_average.scope_memory = NvmlReturn::success;
  fake.gpu().power_average.memory_milliwatts = 41'000;
  EXPECT_EQ(listed(fake.find()), "energy! power-instant power-average memory-power-average");
  fake.gpu().power_instant.scope_memory = NvmlReturn::success;
  fake.gpu().power_instant.memory_milliwatts = 42'000;
  const ProbeResult found = fake.find();
  EXPECT_EQ(listed(found), "energy! power-instant power-average memory-power-instant");
  Sensor& memory = *sensors(found)[3];
  EXPECT_DOUBLE_EQ(watts(memory), 42.0);
  EXPECT_EQ(memory.info().domain, Domain::gpu_memory);
  EXPECT_EQ(memory.info().why_not_in_total, "lies inside the gpu");
  EXPECT_EQ(memory.info().source, "nvmlDeviceGetFieldValues (field 186, memory)");
}

TEST(NvmlSensorsTest, DoesNotTakeZeroWattsForAMemorysPower) {
  const Fake fake(FAKE_NVML_MODERN);
  fake.gpu().power_instant.scope_memory = NvmlReturn::success;
  EXPECT_EQ(listed(fake.find()), "energy! power-instant power-average");
}

TEST(NvmlSensorsTest, AMemorysPowerAloneIsNoTotal) {
  const Fake fake(FAKE_NVML_MODERN);
  FakeGpu& gpu = fake.gpu();
  gpu.energy_mj.status = NvmlReturn::not_supported;
  gpu.energy_field_mj.status = NvmlReturn::not_supported;
  gpu.power_usage_mw.status = NvmlReturn::not_supported;
  gpu.power_average.scope_gpu = NvmlReturn::not_supported;
  gpu.power_instant = {.scope_gpu = NvmlReturn::not_supported,
                       .scope_memory = NvmlReturn::success,
                       .memory_milliwatts = 42'000};
  const ProbeResult found = fake.find();
  EXPECT_EQ(listed(found), "memory-power-instant");
  EXPECT_EQ(found.obstacles.size(), 1U);
}

TEST(NvmlSensorsTest, TakesTheDriversSamplesOnlyBeforeItsLastResort) {
  const Fake fake(FAKE_NVML_MODERN);
  FakeGpu& gpu = fake.gpu();
  gpu.samples = {.status = NvmlReturn::success, .samples = {{1'000'000, {.uiVal = 310'000}}}};
  EXPECT_EQ(listed(fake.find()), "energy! power-instant power-average");
  gpu.power_instant.scope_gpu = NvmlReturn::not_supported;
  gpu.power_average.scope_gpu = NvmlReturn::not_supported;
  const ProbeResult found = fake.find();
  EXPECT_EQ(listed(found), "energy! power-samples power");
  gpu.energy_mj.status = NvmlReturn::not_supported;
  gpu.energy_field_mj.status = NvmlReturn::not_supported;
  EXPECT_EQ(listed(fake.find()), "power-samples! power");
  EXPECT_EQ(sensors(found)[1]->info().source, "nvmlDeviceGetSamples (total power)");
  // Nothing is published about how they come about.
  EXPECT_FALSE(sensors(found)[1]->info().update_period);
  EXPECT_FALSE(sensors(found)[1]->info().averaging_window);
}

TEST(NvmlSensorsTest, TakesTheModulesSamplesForTheModulesPower) {
  const Fake fake(FAKE_NVML_MODERN);
  FakeGpu& gpu = fake.gpu();
  gpu.power_instant.scope_gpu = NvmlReturn::not_supported;
  gpu.power_average.scope_gpu = NvmlReturn::not_supported;
  gpu.module_samples = {.status = NvmlReturn::success,
                        .samples = {{1'000'000, {.uiVal = 610'000}}}};
  const ProbeResult found = fake.find();
  EXPECT_EQ(listed(found), "energy! module-power-samples power");
  EXPECT_EQ(sensors(found)[1]->info().domain, Domain::module);
}

}  // namespace
}  // namespace wattfor::nvml_sensors_test
