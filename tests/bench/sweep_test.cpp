#include "bench/sweep.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/error.h"
#include "bench/worker_process.h"
#include "support/refusal.h"
#include "support/simulated_worker.h"
#include "support/temp_tree.h"
#include "support/text.h"

namespace wattfor::sweep_test {
namespace {

using test::has_text;

using test::SimulatedMachine;
using test::SimulatedModel;
using test::SimulatedWork;
using test::SimulatedWorker;

class MemoryJournal final : public SweepJournal {
 public:
  std::optional<Measurement> find(const std::string& key) override {
    const auto newest = std::find_if(records.rbegin(), records.rend(),
                                     [&](const auto& record) { return record.cell->key() == key; });
    return newest == records.rend() ? std::nullopt : std::optional(*newest);
  }
  void record(const Measurement& measurement) override {
    records.push_back(measurement);
    if (on_record) on_record();
  }

  std::vector<Measurement> records;
  std::function<void()> on_record;
};

struct CountingObserver final : SweepObserver {
  void model_started(const Model&, const SweepProgress&) override { ++models; }
  void cell_started(const Cell& cell, const SweepProgress& progress) override {
    started.push_back(cell.batch_size);
    last = progress;
  }
  void cell_finished(const Measurement&, const SweepProgress& progress) override {
    ++finished;
    last = progress;
  }
  void cell_found(const Measurement&, const SweepProgress& progress) override {
    ++found;
    last = progress;
  }

  int models = 0;
  std::vector<int> started;
  int finished = 0;
  int found = 0;
  SweepProgress last;
};

// Of a host whose kernel shows what lies in the tree's folders `proc` and `sys`.
Surroundings surroundings_in(const test::TempTree& tree) {
  const auto no_variables = [](const std::string&) { return std::nullopt; };
  return Surroundings({.sysfs = tree / "sys", .procfs = tree / "proc", .nvml_library = ""},
                      no_variables);
}

// Sweeps of models that are files of a test's own, on a simulated machine.
struct SweepTest : ::testing::Test {
  SweepTest() {
    plan.worker = "simulated";
    plan.batch_max = 64;
    machine_facts.cpu = "AMD EPYC 9575F 64-Core Processor";
  }

  void add_model(const std::string& name, const SimulatedModel& model = {}) {
    tree.write(name, "the bytes of " + name);
    plan.models.push_back(tree / name);
    models[(tree / name).string()] = model;
  }

  SweepSummary sweep_now() {
    const Surroundings surroundings = surroundings_in(tree);
    const SweepSite site{.meter = machine.meter(),
                         .machine = machine_facts,
                         .start_worker = [this] { return std::make_unique<AnyModel>(*this); },
                         .journal = journal,
                         .observer = observer,
                         .pace = pace ? *pace : machine.pace(),
                         .surroundings = surroundings,
                         .warnings = {}};
    return sweep(plan, site);
  }

  const Measurement& record(std::size_t i) const { return journal.records.at(i); }
  std::vector<int> recorded(Outcome outcome) const {
    std::vector<int> sizes;
    for (const auto& each : journal.records) {
      if (each.outcome == outcome) sizes.push_back(each.cell->batch_size);
    }
    return sizes;
  }

  // Becomes the worker of whichever model it is to load.
  class AnyModel final : public Worker {
   public:
    explicit AnyModel(SweepTest& test) : test_(test), worker_(test.machine, {}, test.work) {}
    const protocol::HelloReply& hello() const override { return worker_.hello(); }
    std::variant<protocol::Loaded, WorkerFailure> load(const protocol::Load& load) override {
      if (test_.loads_to_fail-- > 0) {
        return WorkerFailure{protocol::FailureKind::died, "it did not start in time"};
      }
      worker_.become(test_.models.at(load.model));
      return worker_.load(load);
    }
    std::variant<RunMarks, WorkerFailure> run(
        const protocol::Run& run, const std::function<void(Instant)>& on_started) override {
      if (test_.during_run) test_.during_run();
      return worker_.run(run, on_started);
    }

   private:
    SweepTest& test_;
    SimulatedWorker worker_;
  };

  std::function<void()> during_run;  // what else happens while a worker runs
  test::TempTree tree;
  SimulatedMachine machine{Watts(10)};
  Machine machine_facts;
  std::map<std::string, SimulatedModel> models;
  SimulatedWork work;
  MemoryJournal journal;
  CountingObserver observer;
  SweepPlan plan;
  std::optional<Pace> pace;  // the machine's own where absent
  int loads_to_fail = 0;
};

void expect_refused(const std::function<void()>& action, ErrorCode code,
                    const std::string& message) {
  test::expect_refusal(test::refusal_of(action), code, message);
}

TEST_F(SweepTest, ARecordHoldsTheCellItsEnergyAndWhatWasInForce) {
  add_model("net.onnx");
  plan.batch_sizes = {10};
  const auto summary = sweep_now();
  EXPECT_EQ(summary.done, 1);
  EXPECT_FALSE(summary.interrupted);
  ASSERT_EQ(journal.records.size(), 1u);
  const Measurement& done = record(0);
  EXPECT_EQ(done.outcome, Outcome::done);
  EXPECT_EQ(done.name, "net");
  EXPECT_FALSE(done.id.empty());
  EXPECT_EQ(done.cell->setup.id, "epyc-9575f_simulated_fp32");
  EXPECT_EQ(done.cell->setup.label, "AMD EPYC 9575F · simulated 1.0 · fp32");
  EXPECT_EQ(done.cell->model.input_size, 224);
  EXPECT_EQ(done.cell->protocol, "adaptive");
  EXPECT_EQ(done.settings.at("spinning"), "true");
  EXPECT_EQ(done.settings.at("worker"), "simulated 1.0");
  EXPECT_EQ(done.machine.cpu, machine_facts.cpu);
  // 0.015 J an image, 10 images in 2 ms: 75 W, of which 10 W flow at idle.
  EXPECT_NEAR(done.result->energy_per_image.energy.value(), 0.015, 1e-4);
  EXPECT_NEAR(done.result->net_energy_per_image->energy.value(), 0.015 * 65 / 75, 1e-4);
  EXPECT_NEAR(done.result->throughput_per_s, 5000.0, 1.0);
  EXPECT_NEAR(done.result->latency_ms, 2.0, 0.01);
  EXPECT_EQ(done.result->memory_bytes, 1e7);
  double sum = 0.0;
  for (const auto& replicate : done.result->replicates) sum += replicate.energy.value();
  EXPECT_NEAR(done.energy.total.gross->energy.value(), sum, 1e-9);
}

TEST_F(SweepTest, AutoSkipsWhatCannotWinAndRecordsWhy) {
  SimulatedModel halving;
  halving.energy_per_image = [](int batch) { return Joules(1.0 / batch); };
  add_model("net.onnx", halving);
  const auto summary = sweep_now();
  EXPECT_EQ(recorded(Outcome::done), (std::vector{1, 4, 16, 64, 32}));
  EXPECT_EQ(recorded(Outcome::skipped), (std::vector{2, 8}));
  EXPECT_EQ(summary.done, 5);
  EXPECT_EQ(summary.skipped, 2);
  EXPECT_TRUE(has_text(journal.records.back().reason, "cannot beat batch 64"));
  EXPECT_EQ(observer.last.cells_remaining, 0u);
}

TEST_F(SweepTest, StartedAgainItRepeatsNothing) {
  add_model("one.onnx");
  add_model("two.onnx");
  const auto first = sweep_now();
  const std::size_t records = journal.records.size();
  work = {};
  const auto second = sweep_now();
  EXPECT_EQ(work.workers, 0);
  EXPECT_EQ(journal.records.size(), records);
  EXPECT_EQ(second.done + second.skipped + second.failed, 0);
  EXPECT_EQ(second.found, first.done + first.skipped);
}

TEST_F(SweepTest, InterruptedAfterAnyCellItGoesOnAlongTheSamePath) {
  SimulatedModel saturating;
  add_model("one.onnx", saturating);
  add_model("two.onnx", saturating);
  sweep_now();
  std::vector<std::string> whole;
  for (const auto& each : journal.records) whole.push_back(each.cell->key());

  for (std::size_t stop_after = 1; stop_after < whole.size(); ++stop_after) {
    journal.records.clear();
    std::size_t recorded_before_stop = 0;
    journal.on_record = [&] { machine.stop = ++recorded_before_stop == stop_after; };
    while (sweep_now().interrupted) machine.stop = false;
    std::vector<std::string> resumed;
    for (const auto& each : journal.records) resumed.push_back(each.cell->key());
    EXPECT_EQ(resumed, whole) << "stopped after " << stop_after;
    machine.stop = false;
  }
}

TEST_F(SweepTest, AnInterruptedCellIsNotRecorded) {
  SimulatedModel model;
  model.run_failure = [this](int batch) -> std::optional<WorkerFailure> {
    if (batch < 4) return std::nullopt;
    machine.stop = true;
    return WorkerFailure{protocol::FailureKind::died, "interrupted"};
  };
  add_model("net.onnx", model);
  plan.batch_sizes = {1, 4, 8};
  const auto summary = sweep_now();
  EXPECT_TRUE(summary.interrupted);
  EXPECT_EQ(summary.failed, 0);
  EXPECT_EQ(recorded(Outcome::done), (std::vector{1}));
  EXPECT_EQ(journal.records.size(), 1u);
}

TEST_F(SweepTest, AFailedCellCostsItselfAndItsWorker) {
  SimulatedModel model;
  model.run_failure = [](int batch) -> std::optional<WorkerFailure> {
    if (batch != 4) return std::nullopt;
    return WorkerFailure{protocol::FailureKind::died, "worker `x`: it ended: killed by signal 11"};
  };
  add_model("net.onnx", model);
  plan.batch_sizes = {1, 4, 8};
  const auto summary = sweep_now();
  EXPECT_EQ(summary.failed, 1);
  EXPECT_EQ(recorded(Outcome::done), (std::vector{1, 8}));
  EXPECT_EQ(recorded(Outcome::failed), (std::vector{4}));
  EXPECT_EQ(record(1).reason, "worker `x`: it ended: killed by signal 11");
  EXPECT_EQ(record(1).settings.at("failure"), "died");
  EXPECT_EQ(work.workers, 2);
}

TEST_F(SweepTest, OutOfMemoryDropsTheLargerSizesAlsoWhenResumed) {
  SimulatedModel small;
  small.memory_limit = 8;
  add_model("net.onnx", small);
  plan.batch_sizes = {4, 8, 16, 32};
  sweep_now();
  EXPECT_EQ(recorded(Outcome::done), (std::vector{4, 8}));
  EXPECT_EQ(recorded(Outcome::failed), (std::vector{16}));
  EXPECT_EQ(recorded(Outcome::skipped), (std::vector{32}));
  EXPECT_EQ(journal.records.back().reason, "batch 16 ran out of memory");
  work = {};
  const auto again = sweep_now();
  EXPECT_EQ(work.workers, 0);
  EXPECT_EQ(again.found, 4);
  EXPECT_EQ(again.found_failed, 1);
}

TEST_F(SweepTest, TheSizeThatASearchFoundNotToFitIsNoFailure) {
  SimulatedModel small;
  small.memory_limit = 8;
  add_model("net.onnx", small);
  auto summary = sweep_now();
  EXPECT_EQ(summary.failed, 0);
  EXPECT_EQ(summary.beyond_memory, 1);
  EXPECT_EQ(recorded(Outcome::failed), (std::vector{16}));
  summary = sweep_now();
  EXPECT_EQ(summary.found_failed, 0);
}

TEST_F(SweepTest, AWorkerThatCannotBeStartedAgainCostsOneMoreCell) {
  SimulatedModel model;
  model.run_failure = [this](int batch) -> std::optional<WorkerFailure> {
    if (batch != 2) return std::nullopt;
    loads_to_fail = 1;
    return WorkerFailure{protocol::FailureKind::died, "killed by signal 11"};
  };
  add_model("net.onnx", model);
  plan.batch_sizes = {1, 2, 4, 8, 16};
  sweep_now();
  EXPECT_EQ(recorded(Outcome::done), (std::vector{1, 8, 16}));
  EXPECT_EQ(recorded(Outcome::failed), (std::vector{2, 4}));
}

TEST_F(SweepTest, AModelThatCannotBeLoadedAnyMoreEndsAfterTheSecondTry) {
  SimulatedModel model;
  model.run_failure = [this](int batch) -> std::optional<WorkerFailure> {
    if (batch != 2) return std::nullopt;
    loads_to_fail = 100;
    return WorkerFailure{protocol::FailureKind::died, "killed by signal 11"};
  };
  add_model("net.onnx", model);
  plan.batch_sizes = {1, 2, 4, 8, 16};
  sweep_now();
  EXPECT_EQ(recorded(Outcome::done), (std::vector{1}));
  EXPECT_EQ(recorded(Outcome::failed), (std::vector{2, 4, 8}));
}

TEST_F(SweepTest, ARecordSaysTheRuntimeThatMeasuredIt) {
  SimulatedModel old_runtime;
  old_runtime.settings_json = R"({"runtime_version":"1.20"})";
  add_model("net.onnx", old_runtime);
  plan.batch_sizes = {1, 4};
  sweep_now();
  models.begin()->second.settings_json = R"({"runtime_version":"1.22"})";
  plan.batch_sizes = {1, 2, 4, 8};
  sweep_now();
  EXPECT_EQ(recorded(Outcome::done), (std::vector{1, 4, 2, 8}));
  EXPECT_EQ(record(2).cell->setup.runtime_version, "1.22");
  EXPECT_EQ(record(3).cell->setup.runtime_version, "1.22");
}

TEST_F(SweepTest, AModelWithAFixedBatchIsMeasuredAtThatOne) {
  SimulatedModel fixed;
  fixed.inputs = {{.name = "x", .shape = {6, 3, 224, 224}, .type = "float32"}};
  add_model("net.onnx", fixed);
  const auto summary = sweep_now();
  EXPECT_EQ(recorded(Outcome::done), (std::vector{6}));
  EXPECT_EQ(recorded(Outcome::skipped), (std::vector{1, 2, 4, 8, 16, 32, 64}));
  EXPECT_EQ(summary.failed, 0);
  EXPECT_EQ(record(0).reason, "the model has a fixed batch of 6");
  work = {};
  const auto again = sweep_now();
  EXPECT_EQ(work.workers, 0);
  EXPECT_EQ(again.found, 8);
  plan.batch_max = 256;
  EXPECT_EQ(sweep_now().skipped, 2);
  plan.batch_sizes = {128};
  EXPECT_EQ(sweep_now().found, 1);
}

TEST_F(SweepTest, AWorkersSettingsDoNotReplaceWhatTheSweepSays) {
  SimulatedModel lying;
  lying.settings_json = R"({"failed_at":"load","target":"9","fixed_batch":3})";
  lying.run_failure = [](int batch) -> std::optional<WorkerFailure> {
    if (batch != 1) return std::nullopt;
    return WorkerFailure{protocol::FailureKind::error, "no"};
  };
  add_model("net.onnx", lying);
  plan.batch_sizes = {1, 2};
  sweep_now();
  EXPECT_EQ(recorded(Outcome::done), (std::vector{2}));
  EXPECT_EQ(record(1).settings.at("target"), "0.01");
  EXPECT_FALSE(record(1).settings.contains("fixed_batch"));
}

TEST_F(SweepTest, FailedCellsAreTriedAgainOnlyWhenAsked) {
  SimulatedModel flaky;
  int failures = 1;
  flaky.run_failure = [&failures](int) -> std::optional<WorkerFailure> {
    if (failures-- > 0) return WorkerFailure{protocol::FailureKind::error, "once"};
    return std::nullopt;
  };
  add_model("net.onnx", flaky);
  plan.batch_sizes = {1};
  EXPECT_EQ(sweep_now().failed, 1);
  EXPECT_EQ(sweep_now().found_failed, 1);
  plan.retry_failed = true;
  EXPECT_EQ(sweep_now().done, 1);
}

TEST_F(SweepTest, AModelThatCannotBeLoadedIsOneFailedCellAndTheNextModelGoesOn) {
  SimulatedModel broken;
  broken.load_failure = WorkerFailure{protocol::FailureKind::error, "not an ONNX file"};
  add_model("broken.onnx", broken);
  add_model("good.onnx");
  plan.batch_sizes = {2, 4};
  const auto summary = sweep_now();
  EXPECT_EQ(summary.failed, 1);
  EXPECT_EQ(summary.done, 2);
  EXPECT_EQ(record(0).outcome, Outcome::failed);
  EXPECT_EQ(record(0).cell->batch_size, 2);
  EXPECT_TRUE(has_text(record(0).reason, "broken.onnx could not be loaded"));
  EXPECT_TRUE(has_text(record(0).reason, "not an ONNX file"));
  work = {};
  const auto again = sweep_now();
  EXPECT_EQ(again.found, 3);
  EXPECT_EQ(work.workers, 0);
}

TEST_F(SweepTest, AMissingRuntimeEndsTheSweepAndIsNoRecord) {
  SimulatedModel anything;
  anything.load_failure = WorkerFailure{protocol::FailureKind::unavailable, "no library here"};
  add_model("one.onnx", anything);
  add_model("two.onnx", anything);
  expect_refused([this] { sweep_now(); }, ErrorCode::unsupported, "no library here");
  EXPECT_TRUE(journal.records.empty());
  EXPECT_EQ(work.workers, 1);
}

TEST_F(SweepTest, AnExplicitListMeasuresWhatASearchPassedOver) {
  SimulatedModel halving;
  halving.energy_per_image = [](int batch) { return Joules(1.0 / batch); };
  add_model("net.onnx", halving);
  sweep_now();
  plan.batch_sizes = {1, 2};
  const auto summary = sweep_now();
  EXPECT_EQ(summary.found, 1);
  EXPECT_EQ(summary.done, 1);
  EXPECT_EQ(journal.records.back().cell->batch_size, 2);
  EXPECT_EQ(journal.records.back().outcome, Outcome::done);
}

TEST_F(SweepTest, NamesOfAnyKindReachTheWorkerAndTheRecord) {
  const std::string name = "ein \"Modell\" mit\nUmbruch, Größe 8.onnx";
  add_model(name);
  plan.batch_sizes = {1};
  EXPECT_EQ(sweep_now().done, 1);
  EXPECT_EQ(record(0).name, "ein \"Modell\" mit\nUmbruch, Größe 8");
}

TEST_F(SweepTest, NetEnergyIsSwitchedOffByNoIdleTime) {
  add_model("net.onnx");
  plan.batch_sizes = {1};
  plan.idle_seconds = Seconds(0.0);
  sweep_now();
  EXPECT_FALSE(record(0).result->net_energy_per_image.has_value());
}

TEST_F(SweepTest, OtherWorkOnTheHostIsAWarningInEveryRecord) {
  add_model("net.onnx");
  plan.batch_sizes = {1, 2};
  tree.write("proc/stat", "cpu  100 0 0 900 0 0 0 0 0 0\n");
  pace = machine.pace();
  pace->pause = [this](Seconds duration) {
    // While the sweep measures idle, somebody else takes three quarters of the time.
    if (duration == plan.idle_seconds) {
      tree.write("proc/stat", "cpu  175 0 0 925 0 0 0 0 0 0\n");
    }
    machine.pace().pause(duration);
  };
  sweep_now();
  for (const auto& each : journal.records) {
    EXPECT_EQ(each.warnings,
              (std::vector<std::string>{
                  "the host's processors were 75 % busy with other work before the start"}));
  }
  EXPECT_EQ(journal.records.size(), 2u);
}

TEST_F(SweepTest, EveryMeasuredCellHasTheContextOfItsOwnTime) {
  add_model("net.onnx");
  plan.batch_sizes = {1, 2};
  plan.idle_seconds = Seconds(0.0);
  const std::string numbers = " S 1 1 1 0 -1 0 0 0 0 0 ";
  const std::string end = " 0 0 0 20 0 1 0 5 0 0\n";
  for (const char* folder : {"proc/self", "proc/10"}) {
    tree.write(folder + std::string("/stat"), "10 (wattfor)" + numbers + "0" + end);
  }
  tree.write("proc/17/stat", "17 (chrome)" + numbers + "0" + end);
  tree.write("proc/stat", "cpu  1000 0 0 0 0 0 0 0 0 0\n");
  during_run = [this, numbers, end] {
    // While the first cell is measured, another program takes half of the time.
    if (!journal.records.empty()) return;
    tree.write("proc/17/stat", "17 (chrome)" + numbers + "200" + end);
    tree.write("proc/stat", "cpu  1200 0 0 200 0 0 0 0 0 0\n");
  };
  sweep_now();
  ASSERT_EQ(journal.records.size(), 2u);
  EXPECT_EQ(record(0).context->others_cpu_percent, 50.0);
  EXPECT_EQ(record(0).context->others.at(0).name, "chrome");
  EXPECT_EQ(record(0).warnings,
            (std::vector<std::string>{
                "other programs took 50 % of the CPUs' time (chrome, pid 17, 50 %): their energy "
                "is in the figure; stop them and measure again"}));
  EXPECT_EQ(record(1).context->others_cpu_percent, std::nullopt);
  EXPECT_EQ(record(1).warnings, std::vector<std::string>{});
}

TEST_F(SweepTest, APlanThatCannotBeCarriedOutIsRefusedBeforeAnythingIsRecorded) {
  const auto now = [this] { sweep_now(); };
  expect_refused(now, ErrorCode::usage, "at least one model");
  add_model("net.onnx");
  plan.models.push_back(tree / "missing.onnx");
  expect_refused(now, ErrorCode::not_found, "missing.onnx: no such model file");
  plan.models.back() = tree.root();
  expect_refused(now, ErrorCode::invalid_input, "expected a model file");
  plan.models.back() = tree / "bad-\xff.onnx";
  expect_refused(now, ErrorCode::usage, "not UTF-8");
  plan.models.pop_back();
  plan.batch_sizes = {0};
  expect_refused(now, ErrorCode::usage, "a batch size must be 1 or more, got 0");
  plan.batch_sizes = {1};
  plan.precision = "fp16";
  expect_refused(now, ErrorCode::unsupported, "does not offer the precision 'fp16'");
  EXPECT_TRUE(journal.records.empty());
}

// The promise of the adaptive protocol, on a machine whose truth is known.
TEST_F(SweepTest, AdaptiveFindsTheBestEnergyInAFifthOfTheStudysTime) {
  SimulatedModel model;
  model.noise = 0.003;
  model.batch_duration = [](int batch) { return Seconds(1e-3 + 2e-4 * batch); };
  model.energy_per_image = [](int batch) {
    // Falls, flattens, and steps up by a sixth where a cache is full.
    return Joules((0.01 + 0.04 / batch) * (batch > 16 ? 1.17 : 1.0));
  };
  add_model("net.onnx", model);
  struct Yield {
    Seconds time;
    double best = 1e9;
  };
  const auto measured_by = [this](Protocol protocol) {
    plan.protocol = protocol;
    journal.records.clear();
    const Instant begin = machine.clock().now();
    sweep_now();
    Yield yield{.time = machine.clock().now() - begin};
    for (const auto& each : journal.records) {
      if (!each.result) continue;
      yield.best = std::min(yield.best, each.result->energy_per_image.energy.value());
    }
    return yield;
  };
  const Yield study = measured_by(Protocol::study);
  EXPECT_EQ(recorded(Outcome::done).size(), 7u);
  EXPECT_TRUE(record(0).result->published.has_value());
  EXPECT_EQ(record(0).cell->protocol, "study");
  const Yield adaptive = measured_by(Protocol::adaptive);
  EXPECT_LE(adaptive.time, study.time / 5.0);
  EXPECT_NEAR(adaptive.best, study.best, 0.02 * study.best);
  EXPECT_NEAR(adaptive.best, 0.0125, 0.02 * 0.0125);
}

// The same against processes: each misbehaviour is one failed cell with a message, and the sweep
// goes on to the next model.
TEST(SweepProcessTest, EveryMisbehaviourIsOneFailedCellAndTheSweepGoesOn) {
  const std::vector<std::string> scripts{
      "crash-at-load",         "hang-at-load",           "garbage-at-load",
      "out-of-memory-at-load", "crash-at-run",           "hang-at-start",
      "garbage-at-batch",      "exit-at-batch",          "error-at-run",
      "unsupported-at-run",    "endless-line-at-run",    "endless-log-at-start",
      "run-on-at-batch",       "in-the-future-at-batch", "negative-count-at-start",
      "finish-at-start"};
  const test::TempTree tree;
  SweepPlan plan;
  plan.worker = "fake";
  plan.batch_sizes = {3};
  plan.idle_seconds = Seconds(0.0);
  for (const auto& script : scripts) {
    tree.write(script + ".onnx", script);
    plan.models.push_back(tree / (script + ".onnx"));
  }
  SimulatedMachine machine(Watts(10));
  MemoryJournal journal;
  CountingObserver observer;
  const Surroundings surroundings = surroundings_in(tree);
  const SweepSite site{.meter = machine.meter(),
                       .machine = {},
                       .start_worker =
                           [] {
                             const WorkerLimits limits{.hello = Seconds(30),
                                                       .load = Seconds(0.5),
                                                       .silence = Seconds(0.5)};
                             return std::make_unique<WorkerProcess>(
                                 std::vector<std::string>{WATTFOR_FAKE_WORKER_PROGRAM}, limits);
                           },
                       .journal = journal,
                       .observer = observer,
                       .pace = machine.pace(),
                       .surroundings = surroundings,
                       .warnings = {}};
  const auto summary = sweep(plan, site);
  EXPECT_EQ(summary.failed, static_cast<int>(scripts.size()));
  ASSERT_EQ(journal.records.size(), scripts.size());
  for (std::size_t i = 0; i < scripts.size(); ++i) {
    EXPECT_EQ(journal.records[i].outcome, Outcome::failed) << scripts[i];
    EXPECT_EQ(journal.records[i].name, scripts[i]);
    EXPECT_FALSE(journal.records[i].reason.empty()) << scripts[i];
  }
}

TEST(SweepProcessTest, AWorkerThatNeverSaidHelloEndsTheSweepBeforeAnyRecord) {
  const test::TempTree tree;
  tree.write("net.onnx", "net");
  SweepPlan plan;
  plan.models = {tree / "net.onnx"};
  SimulatedMachine machine(Watts(10));
  MemoryJournal journal;
  CountingObserver observer;
  const Surroundings surroundings = surroundings_in(tree);
  const SweepSite site{.meter = machine.meter(),
                       .machine = {},
                       .start_worker =
                           [] {
                             return std::make_unique<WorkerProcess>(std::vector<std::string>{
                                 "/bin/sh", "-c", "echo 'libonnxruntime.so is missing' >&2"});
                           },
                       .journal = journal,
                       .observer = observer,
                       .pace = machine.pace(),
                       .surroundings = surroundings,
                       .warnings = {}};
  expect_refused([&] { sweep(plan, site); }, ErrorCode::io, "libonnxruntime.so is missing");
  EXPECT_TRUE(journal.records.empty());
}

}  // namespace
}  // namespace wattfor::sweep_test
