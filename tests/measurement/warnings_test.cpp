#include "measurement/warnings.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace wattfor::warnings_test {
namespace {

TEST(WarningsTest, TellOfThrottlingFallenClocksHeatAndFaults) {
  EnergyReport report;
  report.conditions = {{.device = "gpu 0",
                        .utilisation_percent = 99.0,
                        .memory_bytes = {},
                        .temperature_c = 91.0,
                        .clock_mhz = 1400.0,
                        .clock_minimum_mhz = 900.0,
                        .throttle_reasons = {"SW power cap"}}};
  ComponentEnergy gpu;
  gpu.faults = {"900 W is above its limit"};
  gpu.name = "gpu 0";
  report.components = {gpu};
  EXPECT_EQ(warnings_of(report),
            (std::vector<std::string>{"gpu 0: throttled (SW power cap)",
                                      "gpu 0: its clock fell to 900 MHz, 1400 MHz on average",
                                      "gpu 0: 91 °C, above the usual 85 °C",
                                      "gpu 0: 900 W is above its limit"}));
}

TEST(WarningsTest, TellHowMuchWasNotSeen) {
  EnergyReport report;
  report.duration = Seconds(4.0);
  ComponentEnergy package;
  package.name = "cpu package 0";
  package.gaps = {{Seconds(0.5), Seconds(0.25), "a failed read"}};
  report.components = {package};
  EXPECT_EQ(warnings_of(report),
            (std::vector<std::string>{"cpu package 0: no new reading for 0.25 s of 4 s (a failed "
                                      "read)"}));
}

TEST(WarningsTest, SayOnceWhatBefellEveryComponent) {
  EnergyReport report;
  report.duration = Seconds(4.0);
  for (const std::string name : {"cpu package 0", "dram 0", "gpu 0"}) {
    ComponentEnergy component;
    component.name = name;
    component.faults = {"the machine was suspended", "the machine was suspended"};
    report.components.push_back(component);
  }
  report.components[2].faults.push_back("900 W is above its limit");
  EXPECT_EQ(warnings_of(report),
            (std::vector<std::string>{"cpu package 0, dram 0, gpu 0: the machine was suspended",
                                      "gpu 0: 900 W is above its limit"}));
}

TEST(WarningsTest, SayOnceWhatDiffersFromWindowToWindowInItsNumbersAlone) {
  EnergyReport report;
  ComponentEnergy gpu;
  gpu.name = "gpu 0";
  gpu.faults = {"counter says 187 J and gauge 327 J: they contradict each other",
                "counter says 9.5 J and gauge 1.2e+03 J: they contradict each other",
                "gauge: a reading of 900 W lies outside 0 … 480 W",
                "counter says 201 J and gauge 333 J: they contradict each other"};
  report.components = {gpu};
  EXPECT_EQ(warnings_of(report),
            (std::vector<std::string>{
                "gpu 0: counter says 187 J and gauge 327 J: they contradict each other (and 2 more "
                "such)",
                "gpu 0: gauge: a reading of 900 W lies outside 0 … 480 W"}));
}

TEST(WarningsTest, SayForHowLongADriverSlowedADeviceDown) {
  EnergyReport report;
  DeviceConditions gpu;
  gpu.device = "gpu 0";
  gpu.throttle_reasons = {"SW power cap", "HW slowdown"};
  gpu.throttled = {{"SW power cap", Seconds(1.2)}, {"SW thermal", Seconds(0.034)}};
  report.conditions = {gpu};
  EXPECT_EQ(warnings_of(report),
            (std::vector<std::string>{
                "gpu 0: throttled (SW power cap for 1.2 s, HW slowdown, SW thermal for 0.034 s)"}));
}

TEST(WarningsTest, SayWhoseEnergyADividedDeviceHas) {
  EnergyReport report;
  ComponentEnergy gpu;
  gpu.name = "gpu 0";
  gpu.shared_with = "all MIG instances of this GPU";
  report.components = {gpu};
  EXPECT_EQ(warnings_of(report),
            (std::vector<std::string>{
                "gpu 0 is divided: the figure is of all MIG instances of this GPU"}));
}

// A package with a figure, in a machine of 64 CPUs.
struct ContextWarningsTest : ::testing::Test {
  ContextWarningsTest() {
    machine.logical_cpus = 64;
    ComponentEnergy package;
    package.kind = ComponentKind::cpu;
    package.gross = EnergyFigure{.energy = Joules(1.0), .absolute = {}, .comparison = {}};
    report.components = {package};
  }

  std::vector<std::string> warnings() const { return warnings_of(context, machine, report); }

  Machine machine;
  EnergyReport report;
  HostContext context;
};

TEST_F(ContextWarningsTest, NothingIsSaidOfAnOrdinaryMachine) {
  EXPECT_EQ(warnings(), std::vector<std::string>{});
  context.others_cpu_percent = 4.9;
  context.others = {
      {.name = "chrome", .pid = 17, .component = "cpu", .cpu_percent = 4.0, .memory_bytes = {}}};
  context.allowed_cpu_count = 4;  // asked for by its user, with taskset
  context.scaling_driver = "intel_pstate";
  context.governor = "powersave";  // what that driver calls its usual way
  context.turbo = false;
  context.slowed_by_heat = Seconds(0.0);
  context.times_slowed_by_heat = 0;
  context.power_supply = "mains";
  context.tasks_on_node = 1;
  EXPECT_EQ(warnings(), std::vector<std::string>{});
}

TEST_F(ContextWarningsTest, NameProgramsOnTheDeviceAndOnTheProcessors) {
  context.others_cpu_percent = 35.2;
  context.others = {
      {.name = "chrome", .pid = 17, .component = "cpu", .cpu_percent = 20.0, .memory_bytes = {}},
      {.name = "", .pid = 18, .component = "cpu", .cpu_percent = 9.6, .memory_bytes = {}},
      {.name = "python",
       .pid = 4242,
       .component = "gpu 0",
       .cpu_percent = {},
       .memory_bytes = 1e9}};
  EXPECT_EQ(warnings(),
            (std::vector<std::string>{
                "another program computes on gpu 0 (python, pid 4242): its energy is in the "
                "figure; stop it, or measure on a device of your own",
                "other programs took 35 % of the CPUs' time (chrome, pid 17, 20 %; pid 18, 10 %): "
                "their energy is in the figure; stop them and measure again"}));
}

TEST_F(ContextWarningsTest, OnlyOfAFigureThatHoldsThemTheEnergyOfProgramsOnTheProcessorsIsSaid) {
  context.others_cpu_percent = 35.2;
  report.components[0].kind = ComponentKind::gpu;
  EXPECT_EQ(warnings(), std::vector<std::string>{
                            "other programs took 35 % of the CPUs' time: the work may have "
                            "waited for them; stop them and measure again"});
  report.components[0].basis = Basis::simulated;
  EXPECT_EQ(warnings(), std::vector<std::string>{});
}

OtherProgram on_gpu(int gpu, const std::string& name, int pid, ProgramUse use) {
  return {.name = name,
          .pid = pid,
          .component = gpu == 0 ? "gpu 0" : "gpu 1",
          .cpu_percent = {},
          .memory_bytes = 1e9,
          .use = use};
}

TEST_F(ContextWarningsTest, ADesktopAndWhatHasEndedAreNotWarnedOf) {
  context.others = {on_gpu(0, "Xorg", 900, ProgramUse::graphics),
                    on_gpu(0, "", 4711, ProgramUse::unknown)};
  EXPECT_EQ(warnings(), std::vector<std::string>{});
}

TEST_F(ContextWarningsTest, OneLineADeviceForAllThatComputeOnIt) {
  context.others = {on_gpu(1, "a", 1, ProgramUse::compute), on_gpu(0, "b", 2, ProgramUse::compute),
                    on_gpu(1, "", 3, ProgramUse::compute), on_gpu(1, "X", 4, ProgramUse::graphics)};
  EXPECT_EQ(warnings(),
            (std::vector<std::string>{
                "another program computes on gpu 0 (b, pid 2): its energy is in the figure; stop "
                "it, or measure on a device of your own",
                "other programs compute on gpu 1 (a, pid 1; pid 3): their energy is in the figure; "
                "stop them, or measure on a device of your own"}));
}

TEST_F(ContextWarningsTest, APartOfAMachineWhoseWholeIsInTheFigure) {
  context.container = "docker";
  EXPECT_EQ(warnings(), std::vector<std::string>{}) << "it has all of the machine";
  context.cpu_quota = 2.0;
  EXPECT_EQ(warnings(),
            (std::vector<std::string>{
                "this container may use 2 of 64 CPUs, the figure is of the whole package: whoever "
                "uses the rest is in it; measure on a machine of your own"}));
  report.components[0].gross.reset();
  EXPECT_EQ(warnings(), std::vector<std::string>{});
}

TEST_F(ContextWarningsTest, AJobOnAPartOfItsNode) {
  context.job = {{"SLURM_JOB_ID", "1"}};
  context.allowed_cpu_count = 16;
  context.tasks_on_node = 4;
  EXPECT_EQ(warnings(),
            (std::vector<std::string>{
                "this job may use 16 of 64 CPUs, the figure is of the whole package: whoever uses "
                "the rest is in it; measure on a machine of your own"}));
  EXPECT_EQ(warnings_of_tasks(context),
            (std::vector<std::string>{
                "4 tasks of this job run on this node, and the record of each holds the whole "
                "node: count one of them"}));
  context.tasks_on_node = 1;
  EXPECT_EQ(warnings_of_tasks(context), std::vector<std::string>{});
}

TEST_F(ContextWarningsTest, ProcessorsThatWereSlowedDown) {
  context.slowed_by_heat = Seconds(1.2);
  context.times_slowed_by_heat = 3;
  context.power_supply = "battery";
  context.scaling_driver = "acpi-cpufreq";
  context.governor = "powersave";
  EXPECT_EQ(warnings(),
            (std::vector<std::string>{
                "the processors were slowed down by heat for 1.2 s: let them cool, or cool them "
                "better",
                "the machine ran on battery, where its firmware may slow it down: plug it in to "
                "compare",
                "the governor is powersave (acpi-cpufreq), which keeps processors at their lowest "
                "clock; set another: `cpupower frequency-set -g schedutil`"}));
  context = {};
  context.times_slowed_by_heat = 3;  // an old kernel
  EXPECT_EQ(warnings(), (std::vector<std::string>{"the processors were slowed down by heat (3 "
                                                  "times): let them cool, or cool them better"}));
}

}  // namespace
}  // namespace wattfor::warnings_test
