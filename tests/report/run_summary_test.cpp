#include "report/run_summary.h"

#include <gtest/gtest.h>

#include <string>

#include "document/text_table.h"
#include "support/golden.h"
#include "support/text.h"

namespace wattfor::run_summary_test {
namespace {

EnergyFigure figure(double energy_j, double relative) {
  return {.energy = Joules(energy_j),
          .absolute = Interval{.low = energy_j * (1 - relative), .high = energy_j * (1 + relative)},
          .comparison = std::nullopt};
}

// A minute of training: a GPU, its host modelled, one component that nobody sees.
Measurement sample_run() {
  ComponentEnergy gpu;
  gpu.name = "gpu 0";
  gpu.kind = ComponentKind::gpu;
  gpu.basis = Basis::measured;
  gpu.gross = figure(12'840.0, 0.073);
  gpu.net = figure(9'630.0, 0.08);
  gpu.average_power = Watts(200.0);
  gpu.peak_power = Watts(352.1);
  gpu.idle_power = Watts(50.0);

  ComponentEnergy cpu;
  cpu.name = "cpu package 0";
  cpu.kind = ComponentKind::cpu;
  cpu.basis = Basis::modelled;
  cpu.gross = figure(3'210.0, 0.5);
  cpu.average_power = Watts(50.0);
  cpu.peak_power = Watts(80.0);
  cpu.assumption = "TDP of 400 W × 2 of 128 threads, idle at 20 %";

  ComponentEnergy core = cpu;
  core.name = "cpu core 0";
  core.basis = Basis::measured;
  core.gross = figure(1'000.0, 0.1);
  core.assumption.clear();
  core.in_total = false;

  ComponentEnergy dram;
  dram.name = "dram 0";
  dram.kind = ComponentKind::dram;

  Measurement run;
  run.name = "train.py --epochs 1";
  run.energy.duration = Seconds(64.2);
  run.energy.components = {gpu, cpu, core, dram};
  run.energy.total.scope = "gpu + cpu";
  run.energy.total.basis = Basis::missing;
  run.energy.total.gross = figure(16'050.0, 0.16);
  run.warnings = {"another process used gpu 0", "gpu 0: throttled (power cap)"};
  run.command.emplace();
  run.command->exit_status = 3;
  return run;
}

TEST(RunSummaryTest, SaysEverythingAboutARun) {
  test::expect_golden("run_summary.txt", run_summary(sample_run(), 100));
}

// The same as a training of three epochs, one of them cut off.
Measurement sample_training() {
  Measurement run = sample_run();
  run.training = TrainingFacts{.model = "resnet50",
                               .dataset = "ImageNet",
                               .epochs_total = 90,
                               .data_fraction = 0.01,
                               .batch_size = 256,
                               .metric = "top-1",
                               .accuracy_percent = 76.1,
                               .builds_on = {{.run = "1f0e", .uses = 4.0}}};
  run.steps = 1500;
  const auto add = [&](WindowKind kind, const char* name, double seconds, double joules) {
    run.windows.push_back({.kind = kind,
                           .name = name,
                           .duration = Seconds(seconds),
                           .basis = Basis::modelled,
                           .gross = figure(joules, 0.1)});
  };
  add(WindowKind::startup, "", 4.0, 800.0);
  add(WindowKind::epoch, "", 20.0, 5'000.0);
  add(WindowKind::between, "", 1.0, 100.0);
  add(WindowKind::epoch, "", 20.0, 5'200.0);
  add(WindowKind::epoch, "", 10.0, 2'000.0);
  run.windows.back().ended = false;
  add(WindowKind::named, "test\x1b set", 2.0, 100.0);
  return run;
}

TEST(RunSummaryTest, ListsWhatWasMarkedAndToldOfATraining) {
  test::expect_golden("run_summary_training.txt", run_summary(sample_training(), 100));
}

TEST(RunSummaryTest, TellsAWindowThatIsCalledEpochsFromTheEpochs) {
  Measurement run = sample_training();
  run.windows.back().name = "epochs";
  run.windows.push_back(run.windows.back());
  run.windows.back().gross.reset();
  const std::string text = run_summary(run, 100);
  EXPECT_TRUE(test::has_text(text, "epochs                  2"));
  EXPECT_TRUE(test::has_text(text, "'epochs'           1 of 2"));
}

TEST(RunSummaryTest, ListsABoundedNumberOfNames) {
  Measurement run = sample_training();
  for (int i = 0; i < 100; ++i) {
    run.windows.push_back({.name = "w" + std::to_string(i), .duration = Seconds(1.0)});
  }
  EXPECT_TRUE(test::has_text(run_summary(run, 100), "and windows of 75 more names"));
}

TEST(RunSummaryTest, FitsTheTerminal) {
  for (const std::string& line : test::lines_of(run_summary(sample_training(), 80))) {
    EXPECT_LE(display_width(line), 80) << line;
  }
  for (const std::string& line : test::lines_of(run_summary(sample_run(), 80))) {
    EXPECT_LE(display_width(line), 80) << line;
  }
}

TEST(RunSummaryTest, ClaimsNoExitStatusOfACommandThatHadNotEnded) {
  Measurement run = sample_run();
  run.command->exit_status.reset();
  EXPECT_EQ(std::string::npos, run_summary(run, 100).find("exit status"));
}

TEST(RunSummaryTest, HasALineOnTheContextOnlyWhereItSaysSomething) {
  Measurement run = sample_run();
  run.machine.logical_cpus = 64;
  run.context.emplace();
  run.context->allowed_cpus = "0-63";
  run.context->allowed_cpu_count = 64;
  run.context->governor = "powersave";
  run.context->turbo = true;
  run.context->power_supply = "mains";
  EXPECT_EQ(std::string::npos, run_summary(run, 100).find("context"));

  run.context->container = "docker\x1b[2J";
  run.context->cpu_quota = 2.5;
  run.context->allowed_cpus = "0-3";
  run.context->allowed_cpu_count = 4;
  run.context->job = {{"SLURM_JOB_ID", "4711"}, {"SLURM_ARRAY_TASK_ID", "3"}};
  run.context->turbo = false;
  run.context->power_supply = "battery";
  EXPECT_NE(std::string::npos,
            run_summary(run, 200).find(
                "\ncontext: in a container: docker?[2J, Slurm job 4711, array task 3, CPUs 0-3 of "
                "64, the time of 2.5 CPUs of 64, turbo off, on battery\n"));
}

TEST(RunSummaryTest, ShowsAnUnknownEnergyAsUnknownAndNotAsZero) {
  Measurement run;
  run.name = "true";
  EXPECT_EQ(std::string::npos, run_summary(run, 80).find("0 J"));
  EXPECT_NE(std::string::npos, run_summary(run, 80).find("missing"));
}

TEST(RunSummaryTest, CallsWhatIsLeftOfRoundingAboveIdleNothing) {
  Measurement run = sample_run();
  run.energy.components[0].net = figure(-1.14e-9, 0.1);  // of 12.8 kJ
  EXPECT_NE(std::string::npos, run_summary(run, 100).find("  0 J"));
  EXPECT_EQ(std::string::npos, run_summary(run, 100).find("nJ"));
}

TEST(RunSummaryTest, CallsAModuleByItsName) {
  Measurement run = sample_run();
  run.energy.components[0].kind = ComponentKind::other;
  run.energy.components[0].name = "module 0";
  run.energy.total.scope = "other";
  EXPECT_NE(std::string::npos, run_summary(run, 100).find("total: module"));
}

TEST(RunSummaryTest, CallsAMeterAtThePlugTheWall) {
  Measurement run = sample_run();
  run.energy.components[0].kind = ComponentKind::other;
  run.energy.components[0].name = "wall 0";
  run.energy.total.scope = "other";
  EXPECT_NE(std::string::npos, run_summary(run, 100).find("total: wall"));
}

}  // namespace
}  // namespace wattfor::run_summary_test
