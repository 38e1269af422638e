#include "sensor/rapl_perf.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <string>
#include <vector>

#include "support/fake_perf_events.h"
#include "support/temp_tree.h"

namespace wattfor::rapl_perf_test {
namespace {

using test::FakePerfEvents;
using test::TempTree;

constexpr std::uint32_t power_type = 21;
constexpr std::uint64_t cores = 1;
constexpr std::uint64_t package = 2;
constexpr std::uint64_t dram = 3;
constexpr std::uint64_t gpu = 4;
constexpr std::uint64_t psys = 5;
constexpr std::uint64_t joule = std::uint64_t{1} << 32;

// A machine's tree and its counters, each of which has counted 1000 J when it is found.
class RaplPerfTest : public testing::Test {
 protected:
  void add_unit(const std::string& cpumask) {
    write_unit("type", "21\n");
    write_unit("cpumask", cpumask);
    write_unit("format/event", "config:0-7\n");
  }
  void add_event(const std::string& name, const std::string& text) {
    write_unit("events/" + name, text);
    write_unit("events/" + name + ".scale", "2.3283064365386962890625e-10");
    write_unit("events/" + name + ".unit", "Joules");
  }
  void add_cpu(int cpu, int socket, int die = 0) {
    const std::string folder = "devices/system/cpu/cpu" + std::to_string(cpu) + "/topology/";
    sysfs_.write(folder + "physical_package_id", std::to_string(socket) + "\n");
    sysfs_.write(folder + "die_id", std::to_string(die) + "\n");
  }
  void write_unit(const std::string& file, const std::string& text) {
    sysfs_.write("bus/event_source/devices/power/" + file, text);
  }
  void set(std::uint64_t config, int cpu, std::uint64_t count = 1000 * joule) {
    events_.set({power_type, config, cpu}, count);
  }

  // A socket with a package's counter, read on CPU 0.
  void add_small_machine() {
    add_unit("0\n");
    add_cpu(0, 0);
    add_event("energy-pkg", "event=0x02");
    set(package, 0);
  }

  RaplFindings find(RaplScope scope = RaplScope::die) {
    return find_rapl_perf(sysfs_.root(), scope, events_);
  }

  const TempTree sysfs_;
  FakePerfEvents events_;
};

std::string ids(const RaplFindings& found) {
  std::string text;
  for (const RaplCounter& counter : found.counters) {
    text += (text.empty() ? "" : " ") + counter.sensor->info().id;
  }
  return text;
}

double joules(Sensor& sensor) { return std::get<Joules>(sensor.read()).value(); }

TEST_F(RaplPerfTest, CountsAPackageFromTheOpeningOfItsEventAndDescribesIt) {
  add_small_machine();
  const RaplFindings found = find();
  ASSERT_EQ(ids(found), "perf:package-0");
  Sensor& counter = *found.counters[0].sensor;
  EXPECT_DOUBLE_EQ(joules(counter), 0.0);
  set(package, 0, 1002 * joule + joule / 2);
  EXPECT_DOUBLE_EQ(joules(counter), 2.5);

  const SensorInfo& info = counter.info();
  EXPECT_EQ(info.kind, SensorKind::energy_counter);
  EXPECT_EQ(info.domain, Domain::cpu_package);
  EXPECT_EQ(info.unit, "0.233 nJ");
  EXPECT_EQ(info.source, "perf event power/energy-pkg/ on CPU 0");
  EXPECT_FALSE(info.counter_range.has_value());
  EXPECT_DOUBLE_EQ(info.update_period->count(), 0.001);
  EXPECT_TRUE(info.in_total);
}

TEST_F(RaplPerfTest, OpensTheEventsOfATwoSocketXeonOnTheCpuOfEachSocket) {
  add_unit("0,28\n");
  add_cpu(0, 0);
  add_cpu(28, 1);
  add_event("energy-pkg", "event=0x02");
  add_event("energy-ram", "event=0x03");
  for (const int cpu : {0, 28}) {
    set(package, cpu);
    set(dram, cpu);
  }
  const RaplFindings found = find();
  EXPECT_EQ(ids(found), "perf:package-0 perf:package-0/dram perf:package-1 perf:package-1/dram");
  const std::set<PerfEvent> opened = {{power_type, package, 0},
                                      {power_type, dram, 0},
                                      {power_type, package, 28},
                                      {power_type, dram, 28}};
  EXPECT_EQ(events_.asked_for(), opened);
  set(dram, 28, 1003 * joule);
  EXPECT_DOUBLE_EQ(joules(*found.counters[3].sensor), 3.0);
  EXPECT_TRUE(found.counters[3].sensor->info().in_total);
  EXPECT_TRUE(found.refusals.empty());
}

TEST_F(RaplPerfTest, TakesEachCountersOwnScale) {
  // EnergiBridge: DRAM with the package's unit.
  add_small_machine();
  add_event("energy-ram", "event=0x03");
  write_unit("events/energy-ram.scale", "4.656612873077392578125e-10");
  set(dram, 0);
  const RaplFindings found = find();
  ASSERT_EQ(ids(found), "perf:package-0 perf:package-0/dram");
  set(package, 0, 1006 * joule);
  set(dram, 0, 1006 * joule);
  EXPECT_DOUBLE_EQ(joules(*found.counters[0].sensor), 6.0);
  EXPECT_DOUBLE_EQ(joules(*found.counters[1].sensor), 12.0);
}

TEST_F(RaplPerfTest, NeverAddsALaptopsCoresGraphicsAndPsys) {
  add_small_machine();
  add_event("energy-cores", "event=0x01");
  add_event("energy-gpu", "event=0x04");
  add_event("energy-psys", "event=0x05");
  for (const std::uint64_t config : {cores, gpu, psys}) set(config, 0);
  const RaplFindings found = find();
  EXPECT_EQ(ids(found), "perf:package-0 perf:package-0/core perf:package-0/uncore perf:psys");
  EXPECT_TRUE(found.counters[0].sensor->info().in_total);
  for (std::size_t part = 1; part < 4; ++part) {
    EXPECT_FALSE(found.counters[part].sensor->info().in_total);
    EXPECT_NE(found.counters[part].sensor->info().why_not_in_total, "");
  }
  EXPECT_EQ(found.counters[3].zone.domain, Domain::platform);
}

TEST_F(RaplPerfTest, ReadsEachDieThatHasACounterOfItsOwn) {
  add_unit("0-1,48-49\n");
  add_cpu(0, 0, 0);
  add_cpu(1, 0, 1);
  add_cpu(48, 1, 0);
  add_cpu(49, 1, 1);
  add_event("energy-pkg", "event=0x02");
  for (const int cpu : {0, 1, 48, 49}) set(package, cpu);
  const RaplFindings found = find();
  EXPECT_EQ(ids(found),
            "perf:package-0-die-0 perf:package-0-die-1 perf:package-1-die-0 perf:package-1-die-1");
  number_rapl_counters(found.counters);
  EXPECT_EQ(found.counters[1].sensor->info().domain_index, 1);
  EXPECT_EQ(found.counters[2].sensor->info().domain_index, 2);
}

TEST_F(RaplPerfTest, ReadsThePackageRegisterOnceThatEveryDieOfAnEpycRepeats) {
  add_unit("0,8,16,64,72,80\n");
  for (const int cpu : {0, 8, 16, 64, 72, 80}) {
    add_cpu(cpu, cpu / 64, cpu % 64 / 8);
    set(package, cpu);
  }
  add_event("energy-pkg", "event=0x02");
  const RaplFindings found = find(RaplScope::package);
  EXPECT_EQ(ids(found), "perf:package-0 perf:package-1");
}

TEST_F(RaplPerfTest, WakesNoCoreForTheCountersOfSingleCores) {
  add_small_machine();
  sysfs_.write("bus/event_source/devices/power_core/type", "22\n");
  sysfs_.write("bus/event_source/devices/power_core/cpumask", "0-127\n");
  sysfs_.write("bus/event_source/devices/power_core/events/energy-core", "event=0x01");
  const RaplFindings found = find(RaplScope::package);
  EXPECT_EQ(ids(found), "perf:package-0");
  EXPECT_EQ(events_.asked_for().size(), 1U);
  ASSERT_EQ(found.details.size(), 1U);
  EXPECT_NE(found.details[0].find("power_core"), std::string::npos);
}

TEST_F(RaplPerfTest, TakesTheFirstOnlineCpuOfEachSocketWhereNoCpumaskNamesOne) {
  add_unit("");
  sysfs_.write("devices/system/cpu/online", "0-3\n");
  for (int cpu = 0; cpu < 4; ++cpu) add_cpu(cpu, cpu / 2);
  add_event("energy-pkg", "event=0x02");
  set(package, 0);
  set(package, 2);
  EXPECT_EQ(ids(find()), "perf:package-0 perf:package-1");
}

TEST_F(RaplPerfTest, PutsTheEventsNumberWhereItsFormatSays) {
  add_small_machine();
  write_unit("format/event", "config:8-15\n");
  events_.set({power_type, package << 8, 0}, 0);
  EXPECT_EQ(ids(find()), "perf:package-0");
}

TEST_F(RaplPerfTest, RefusesAnEventWhoseFilesAreGarbage) {
  for (const auto& [file, text] : std::vector<std::pair<std::string, std::string>>{
           {"events/energy-pkg", ""},
           {"events/energy-pkg", "event="},
           {"events/energy-pkg", "event=0x"},
           {"events/energy-pkg", "event=-2"},
           {"events/energy-pkg", "event=0x102"},
           {"events/energy-pkg", "event=0x02,umask=1"},
           {"events/energy-pkg", "event=99999999999999999999"},
           {"events/energy-pkg.scale", ""},
           {"events/energy-pkg.scale", "nan"},
           {"events/energy-pkg.scale", "inf"},
           {"events/energy-pkg.scale", "-2.3e-10"},
           {"events/energy-pkg.scale", "0"},
           {"events/energy-pkg.scale", "1e300"},
           {"events/energy-pkg.scale", "2.3e-10 J"},
           {"events/energy-pkg.unit", "Watts"},
           {"format/event", "config1:0-7"},
           {"format/event", "config:7-0"},
           {"format/event", "config:0-64"},
           {"format/event", "\x01\xff"}}) {
    add_small_machine();
    write_unit(file, text);
    const RaplFindings found = find();
    EXPECT_EQ(ids(found), "") << file << ": " << text;
    ASSERT_EQ(found.refusals.size(), 1U) << file << ": " << text;
    EXPECT_NE(found.refusals[0].reason.find("energy-pkg"), std::string::npos);
  }
  EXPECT_TRUE(events_.asked_for().empty());
}

TEST_F(RaplPerfTest, OpensNothingOfAUnitWhoseNumberOrCpusAreGarbage) {
  for (const auto& [file, text] : std::vector<std::pair<std::string, std::string>>{
           {"type", ""},
           {"type", "x"},
           {"type", "-1"},
           {"type", "0"},              // the processor's cycles: no joules
           {"type", "1099511627776"},  // 2⁴⁰
           {"cpumask", "x"},
           {"cpumask", "0-"},
           {"cpumask", "3-1"},
           {"cpumask", "0,,1"},
           {"cpumask", "-1"},
           {"cpumask", "0-4294967295"},
           {"cpumask", "ffffffff,ffffffff"}}) {
    add_small_machine();
    write_unit(file, text);
    const RaplFindings found = find();
    EXPECT_EQ(ids(found), "") << file << ": " << text;
    ASSERT_EQ(found.faults.size(), 1U) << file << ": " << text;
    EXPECT_NE(found.faults[0].reason.find(file), std::string::npos);
  }
  EXPECT_TRUE(events_.asked_for().empty());
}

TEST_F(RaplPerfTest, SaysWhichCpusSocketIsNotKnownAndReadsTheOthers) {
  add_small_machine();
  write_unit("cpumask", "0,28\n");
  add_cpu(28, 4096);
  const RaplFindings found = find();
  EXPECT_EQ(ids(found), "perf:package-0");
  ASSERT_EQ(found.faults.size(), 1U);
  EXPECT_NE(found.faults[0].reason.find("CPU 28"), std::string::npos);
}

TEST_F(RaplPerfTest, RefusesTheSocketWhoseCpuIsOfflineAndReadsTheOther) {
  add_small_machine();
  write_unit("cpumask", "0,28\n");
  add_cpu(28, 1);
  events_.refuse({power_type, package, 28}, ENODEV);
  const RaplFindings found = find();
  EXPECT_EQ(ids(found), "perf:package-0");
  ASSERT_EQ(found.refusals.size(), 1U);
  EXPECT_EQ(found.refusals[0].id, "perf:package-1");
  EXPECT_EQ(found.refusals[0].remedy, "");
}

TEST_F(RaplPerfTest, FindsNothingOnAKernelWithoutTheUnit) {
  const RaplFindings found = find();
  EXPECT_TRUE(found.counters.empty());
  EXPECT_TRUE(found.refusals.empty());
  EXPECT_TRUE(found.faults.empty());
}

TEST_F(RaplPerfTest, OpensACounterAgainThatTheKernelGaveUpAndItCountsFromZero) {
  add_small_machine();
  const RaplFindings found = find();
  Sensor& counter = *found.counters[0].sensor;
  set(package, 0, 1050 * joule);
  EXPECT_DOUBLE_EQ(joules(counter), 50.0);
  events_.unregister();
  EXPECT_DOUBLE_EQ(joules(counter), 0.0);
  set(package, 0, 1053 * joule);
  EXPECT_DOUBLE_EQ(joules(counter), 3.0);
}

TEST_F(RaplPerfTest, ACounterThatCanNotBeOpenedAgainIsAFailureAndNotZero) {
  add_small_machine();
  const RaplFindings found = find();
  Sensor& counter = *found.counters[0].sensor;
  events_.unregister();
  for (const auto& [error_number, kind] :
       {std::pair{ENODEV, FailureKind::gone}, std::pair{EACCES, FailureKind::forbidden},
        std::pair{EMFILE, FailureKind::broken}}) {
    events_.refuse(error_number);
    const Reading reading = counter.read();
    ASSERT_TRUE(std::holds_alternative<ReadFailure>(reading));
    EXPECT_EQ(std::get<ReadFailure>(reading).kind, kind);
    EXPECT_NE(std::get<ReadFailure>(reading).reason.find("energy-pkg"), std::string::npos);
  }
}

TEST_F(RaplPerfTest, AFailedReadIsAFailureAndTheNextOneCounts) {
  add_small_machine();
  const RaplFindings found = find();
  Sensor& counter = *found.counters[0].sensor;
  events_.fail_reads(EAGAIN);
  EXPECT_EQ(std::get<ReadFailure>(counter.read()).kind, FailureKind::try_again);
  events_.fail_reads(0);
  set(package, 0, 1007 * joule);
  EXPECT_DOUBLE_EQ(joules(counter), 7.0);
}

TEST_F(RaplPerfTest, ASumBelowZeroIsAFailureAfterWhichItCountsAnew) {
  add_small_machine();
  const RaplFindings found = find();
  Sensor& counter = *found.counters[0].sensor;
  set(package, 0, 10 * joule);  // less than at the opening: the register was reset
  const Reading reading = counter.read();
  ASSERT_TRUE(std::holds_alternative<ReadFailure>(reading));
  EXPECT_EQ(std::get<ReadFailure>(reading).kind, FailureKind::gone);
  set(package, 0, 15 * joule);
  EXPECT_DOUBLE_EQ(joules(counter), 5.0);
}

}  // namespace
}  // namespace wattfor::rapl_perf_test
