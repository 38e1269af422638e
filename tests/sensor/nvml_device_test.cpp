#include "sensor/nvml_device.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstring>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sensor/nvml_fixture.h"
#include "sensor/nvml_processes.h"

namespace wattfor::nvml_device_test {
namespace {

using test::failure;
using test::Fake;
using test::FakeGpu;
using test::joules;
using test::listed;
using test::sensors;
using test::watts;

TEST(NvmlDeviceTest, EndsTheDeviceWhenItsGpuIsLostMidway) {
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

TEST(NvmlDeviceTest, TellsStateInSiAndThrottlingInWords) {
  const Fake fake(FAKE_NVML_MODERN);
  fake.gpu().clock_reasons.value = 0x1 | 0x4 | 0x40 | 0x8000;
  const DeviceState state = fake.find().devices.at(0)->state();
  EXPECT_DOUBLE_EQ(state.utilisation_percent.value(), 97.0);
  EXPECT_DOUBLE_EQ(state.memory_bytes.value(), 20'000.0);
  EXPECT_DOUBLE_EQ(state.temperature_c.value(), 63.0);
  EXPECT_DOUBLE_EQ(state.clock_mhz.value(), 1755.0);
  EXPECT_DOUBLE_EQ(state.power_limit.value().value(), 350.0);
  EXPECT_EQ(state.throttle_reasons,
            (std::vector<std::string>{"power cap", "hardware thermal slowdown",
                                      "unknown reason 0x8000"}));
}

TEST(NvmlDeviceTest, TellsThePowerLimitAsItIsSetNow) {
  const Fake fake(FAKE_NVML_MODERN);
  const ProbeResult found = fake.find();
  fake.gpu().power_limit_mw.value = 280'000;
  EXPECT_EQ(found.devices.at(0)->state().power_limit, Watts(280.0));
  fake.gpu().power_limit_mw.status = NvmlReturn::not_supported;
  EXPECT_EQ(found.devices.at(0)->state().power_limit, std::nullopt);
}

TEST(NvmlDeviceTest, DoesNotCallIdlenessThrottling) {
  const Fake fake(FAKE_NVML_MODERN);
  fake.gpu().clock_reasons.value = 0x1;
  EXPECT_TRUE(fake.find().devices.at(0)->state().throttle_reasons.empty());
}

TEST(NvmlDeviceTest, TellsForHowLongClocksWereHeldDownByTheWordsOfTheReasons) {
  const Fake fake(FAKE_NVML_MODERN);
  fake.gpu().throttled_ns = {{74, {1'500'000'000}}, {76, {2'000'000'000}},  {77, {3'000'000'000}},
                             {79, {4'000'000'000}}, {270, {5'000'000'000}}, {271, {0}}};
  const DeviceState state = fake.find().devices.at(0)->state();
  EXPECT_EQ(state.throttled,
            (std::map<std::string, Seconds>{{"power cap", Seconds(1.5)},
                                            {"sync boost", Seconds(2.0)},
                                            {"board limit", Seconds(3.0)},
                                            {"reliability limit", Seconds(4.0)},
                                            {"hardware thermal slowdown", Seconds(5.0)},
                                            {"power brake", Seconds(0.0)}}));
}

TEST(NvmlDeviceTest, AsksForAllThrottleTimesInOneCallAndOneThatFailsFailsAlone) {
  const Fake fake(FAKE_NVML_MODERN);
  const ProbeResult found = fake.find();
  fake.gpu().throttled_ns = {{74, {1'000'000'000, NvmlReturn::no_permission}},
                             {76, {2'000'000'000}}};
  fake.state().field_calls = 0;
  const DeviceState state = found.devices.at(0)->state();
  EXPECT_EQ(fake.state().field_calls, 1);
  EXPECT_EQ(state.throttled, (std::map<std::string, Seconds>{{"sync boost", Seconds(2.0)}}));
}

TEST(NvmlDeviceTest, CountsHeatOnceWhereAnOlderCounterOfAllHeatIsThereToo) {
  const Fake fake(FAKE_NVML_MODERN);
  fake.gpu().throttled_ns = {{75, {1'000'000'000}}};
  const ProbeResult found = fake.find();
  EXPECT_TRUE(found.devices.at(0)->state().throttled.contains("thermal limit"));
  fake.gpu().throttled_ns[269] = {1'000'000'000};
  const DeviceState state = found.devices.at(0)->state();
  EXPECT_EQ(state.throttled,
            (std::map<std::string, Seconds>{{"software thermal slowdown", Seconds(1.0)}}));
}

TEST(NvmlDeviceTest, DoesNotTakeASettingUnderTheSameNumberForAThrottleTime) {
  const Fake fake(FAKE_NVML_MODERN);
  fake.gpu().throttled_ns = {{269, {3}}};
  fake.gpu().throttled_type = NvmlValueType::uint32;
  EXPECT_TRUE(fake.find().devices.at(0)->state().throttled.empty());
}

std::string text_of(const std::optional<std::vector<DeviceProcess>>& processes) {
  if (!processes) return "unknown";
  std::string text;
  for (const DeviceProcess& process : *processes) {
    text += fmt::format("{}:{} ", process.pid,
                        process.memory_bytes ? fmt::format("{}", *process.memory_bytes) : "?");
    if (!process.computes) text += "draws ";
  }
  return text;
}

TEST(NvmlDeviceTest, ListsEachProgramOnceWithTheMemoryThatIsKnown) {
  const Fake fake(FAKE_NVML_MODERN);
  fake.gpu().compute.processes = {{.pid = 300, .bytes = 1000}, {.pid = 100}};
  fake.gpu().graphics.processes = {{.pid = 300, .bytes = 1000}, {.pid = 200, .bytes = 50}};
  EXPECT_EQ(text_of(fake.find().devices.at(0)->processes()), "100:? 200:50 draws 300:1000 ");
}

TEST(NvmlDeviceTest, ReadsTheShorterEntriesOfAnOldDriver) {
  const Fake fake(FAKE_NVML_OLD);
  fake.gpu().compute.processes = {{.pid = 1, .bytes = 10}, {.pid = 2, .bytes = 20}};
  EXPECT_EQ(text_of(fake.find().devices.at(0)->processes()), "1:10 2:20 ");
}

TEST(NvmlDeviceTest, TellsNoProgramsApartFromNotKnowing) {
  const Fake fake(FAKE_NVML_MODERN);
  const ProbeResult found = fake.find();
  EXPECT_EQ(text_of(found.devices.at(0)->processes()), "");
  fake.gpu().compute.status = NvmlReturn::no_permission;
  fake.gpu().graphics.status = NvmlReturn::not_supported;
  EXPECT_EQ(text_of(found.devices.at(0)->processes()), "unknown");
  const Fake bare(FAKE_NVML_BARE);
  EXPECT_EQ(text_of(bare.find().devices.at(0)->processes()), "unknown");
}

TEST(NvmlDeviceTest, MakesRoomForManyProgramsButNotForever) {
  const Fake fake(FAKE_NVML_MODERN);
  fake.gpu().compute.processes.assign(1000, {.pid = 1, .bytes = 10});
  for (unsigned i = 0; i < 1000; ++i) fake.gpu().compute.processes[i].pid = i + 1;
  const ProbeResult found = fake.find();
  EXPECT_EQ(found.devices.at(0)->processes()->size(), 1000U);
  fake.gpu().compute.never_room_enough = true;
  fake.gpu().graphics.status = NvmlReturn::not_supported;
  EXPECT_EQ(text_of(found.devices.at(0)->processes()), "unknown");
}

TEST(NvmlDeviceTest, ReadsTheLongerEntriesOfTheFirst535Drivers) {
  NvmlFunctions nvml;
  nvml.process_entry_bytes = 32;
  nvml.compute_processes = [](nvmlDevice_t, unsigned* count, void* entries) {
    auto* bytes = static_cast<unsigned char*>(entries);
    for (unsigned i = 0; i < 2; ++i) {
      const nvmlProcessInfo_v1_t entry{i + 1, 10};
      std::memcpy(bytes + std::size_t{32} * i, &entry, sizeof entry);
    }
    *count = 2;
    return NvmlReturn::success;
  };
  EXPECT_EQ(text_of(read_processes(nvml, nullptr)), "1:10 2:10 ");
}

TEST(NvmlDeviceTest, DoesNotBelieveAHostileCountOfPrograms) {
  NvmlFunctions nvml;
  nvml.process_entry_bytes = 24;
  nvml.compute_processes = [](nvmlDevice_t, unsigned* count, void*) {
    *count = 4294967295U;
    return NvmlReturn::success;
  };
  EXPECT_EQ(read_processes(nvml, nullptr)->size(), 1U);
  nvml.compute_processes = [](nvmlDevice_t, unsigned* count, void*) {
    *count = 4294967295U;
    return NvmlReturn::insufficient_size;
  };
  EXPECT_FALSE(read_processes(nvml, nullptr));
}

TEST(NvmlDeviceTest, SaysThatADividedGpusFiguresAreOfAllItsInstances) {
  const Fake fake(FAKE_NVML_MODERN);
  EXPECT_EQ(sensors(fake.find())[0]->info().shared_with, "");
  fake.gpu().mig_enabled.value = true;
  fake.gpu().mig_uuids = {"MIG-a", "MIG-b"};
  const ProbeResult found = fake.find();
  for (const auto& sensor : sensors(found)) {
    EXPECT_EQ(sensor->info().shared_with, "all MIG instances of this GPU");
  }
  EXPECT_EQ(listed(found), "energy! power-instant power-average");
  EXPECT_EQ(found.devices[0]->details().back(), "MIG on, 2 instances");
}

TEST(NvmlDeviceTest, IsDividedOnlyWhereTheDriverSaysSo) {
  const Fake fake(FAKE_NVML_MODERN);
  fake.gpu().mig_enabled = {true, NvmlReturn::not_supported};
  EXPECT_EQ(sensors(fake.find())[0]->info().shared_with, "");
}

// What rmmod and modprobe do to a program that goes on; its counter starts anew.
void reload_driver(const Fake& fake) {
  ++fake.state().driver_load;
  fake.gpu().energy_mj.value = 1'000;
}

TEST(NvmlDeviceTest, FindsItsGpuAgainWhenTheDriverWasReloaded) {
  const Fake fake(FAKE_NVML_MODERN);
  const ProbeResult found = fake.find();
  EXPECT_DOUBLE_EQ(joules(*sensors(found)[0]), 5000.0);
  reload_driver(fake);
  EXPECT_EQ(failure(*sensors(found)[0]).kind, FailureKind::gone);
  EXPECT_DOUBLE_EQ(joules(*sensors(found)[0]), 1.0);
  EXPECT_DOUBLE_EQ(watts(*sensors(found)[1]), 300.0);
  EXPECT_TRUE(found.devices[0]->state().utilisation_percent);
  EXPECT_EQ(fake.state().inits - fake.state().shutdowns, 1);
}

TEST(NvmlDeviceTest, StaysGoneAsLongAsTheDriverDoes) {
  const Fake fake(FAKE_NVML_MODERN);
  const ProbeResult found = fake.find();
  reload_driver(fake);
  fake.state().init = NvmlReturn::driver_not_loaded;
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(failure(*sensors(found)[0]).kind, FailureKind::gone);
    EXPECT_FALSE(found.devices[0]->state().utilisation_percent);
    EXPECT_FALSE(found.devices[0]->processes());
  }
  fake.state().init = NvmlReturn::success;
  EXPECT_DOUBLE_EQ(joules(*sensors(found)[0]), 1.0);
  EXPECT_EQ(fake.state().inits - fake.state().shutdowns, 1);
}

TEST(NvmlDeviceTest, InitialisesOnceForAllGpusAndTellsThemApartByUuid) {
  const Fake fake(FAKE_NVML_MODERN);
  fake.state().gpus.assign(2, FakeGpu{});
  fake.state().gpus[1].uuid.value = "GPU-other";
  fake.state().gpus[1].energy_mj.value = 9'000;
  const ProbeResult found = fake.find();
  Sensor& first = *found.devices[0]->sensors()[0];
  Sensor& second = *found.devices[1]->sensors()[0];
  ++fake.state().driver_load;
  std::swap(fake.state().gpus[0], fake.state().gpus[1]);
  EXPECT_EQ(failure(first).kind, FailureKind::gone);
  EXPECT_DOUBLE_EQ(joules(first), 5000.0);
  // Its handle is void, and the library is initialised already: no reading is lost.
  EXPECT_DOUBLE_EQ(joules(second), 9.0);
  EXPECT_EQ(fake.state().inits, 2);
}

TEST(NvmlDeviceTest, DoesNotTakeAnotherGpuForOneThatDidNotComeBack) {
  for (const char* library : {FAKE_NVML_MODERN, FAKE_NVML_OLD}) {
    const Fake fake(library);
    const ProbeResult found = fake.find();
    reload_driver(fake);
    fake.gpu().uuid.value = "GPU-other";
    for (int i = 0; i < 3; ++i) {
      const Reading reading = sensors(found)[0]->read();
      EXPECT_TRUE(std::holds_alternative<ReadFailure>(reading));
    }
    EXPECT_FALSE(found.devices[0]->state().utilisation_percent);
  }
}

TEST(NvmlDeviceTest, ALostGpuDoesNotDisturbTheOthersAndMayComeBack) {
  const Fake fake(FAKE_NVML_MODERN);
  fake.state().gpus.assign(2, FakeGpu{});
  fake.state().gpus[1].uuid.value = "GPU-other";
  const ProbeResult found = fake.find();
  fake.gpu().state = NvmlReturn::gpu_is_lost;
  EXPECT_EQ(failure(*sensors(found)[0]).kind, FailureKind::gone);
  EXPECT_EQ(failure(*sensors(found)[0]).kind, FailureKind::gone);
  EXPECT_DOUBLE_EQ(joules(*found.devices[1]->sensors()[0]), 5000.0);
  EXPECT_EQ(fake.state().inits, 1);
  fake.gpu().state = NvmlReturn::success;
  EXPECT_DOUBLE_EQ(joules(*sensors(found)[0]), 5000.0);
}

}  // namespace
}  // namespace wattfor::nvml_device_test
