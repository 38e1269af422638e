#pragma once

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <variant>

#include "base/clock.h"
#include "bench/metered_run.h"
#include "bench/worker.h"
#include "meter/meter.h"
#include "support/fake_device.h"
#include "units/quantity.h"

// A whole machine whose time a test holds in its hands: sweeps of minutes run in no time, and the
// energy that they should find is known exactly.
namespace wattfor::test {

// A clock, a power drawn from one CPU package, an energy counter of it and a meter that reads that.
class SimulatedMachine {
 public:
  static constexpr std::chrono::milliseconds sampling_interval{50};

  // `counter_update`: how often the counter shows what it has counted; zero: always.
  explicit SimulatedMachine(Watts idle_power,
                            std::chrono::nanoseconds counter_update = std::chrono::nanoseconds(0))
      : idle_power_(idle_power),
        power_(clock_, idle_power),
        meter_(devices(counter_update), clock_, {.scope = Scope::host_only}) {
    meter_.sample();
  }

  ManualClock& clock() { return clock_; }
  Meter& meter() { return meter_; }
  Watts idle_power() const { return idle_power_; }
  // Draws this much from now on.
  void draw(Watts power) { power_.set(power); }

  // Lets time pass, sampling on the way as a meter's thread would, and at the end.
  void pass(std::chrono::nanoseconds duration) {
    while (duration > std::chrono::nanoseconds(0)) {
      const auto step = std::min<std::chrono::nanoseconds>(duration, sampling_interval);
      clock_.advance(step);
      meter_.sample();
      duration -= step;
    }
  }

  // Pauses by letting the simulated time pass; interrupted where `stop` is set.
  Pace pace() {
    return {.pause =
                [this](Seconds duration) {
                  pass(std::chrono::ceil<std::chrono::nanoseconds>(duration));
                },
            .interrupted = [this] { return stop; }};
  }
  bool stop = false;

 private:
  std::vector<std::unique_ptr<Device>> devices(std::chrono::nanoseconds counter_update) {
    auto device = std::make_unique<FakeDevice>("simulated", clock_);
    SensorInfo info = counter_info("simulated:package-0", Domain::cpu_package);
    info.update_period = counter_update;
    device->add(info, counter_update.count() > 0 ? updated_every(counter_update, power_.counter())
                                                 : power_.counter());
    return devices_of(std::move(device));
  }

  ManualClock clock_;
  Watts idle_power_;
  PowerTrace power_;
  Meter meter_;
};

// What a simulated runtime needs for a batch, and what goes wrong in it.
struct SimulatedModel {
  std::function<Seconds(int)> batch_duration = [](int batch) {
    return Seconds(1e-3 + 1e-4 * batch);
  };
  std::function<Joules(int)> energy_per_image = [](int batch) {
    return Joules(0.01 + 0.05 / batch);
  };
  double noise = 0.0;          // of a run's energy, relative, one standard deviation
  int memory_limit = 1 << 30;  // batches above it run out of memory
  std::optional<WorkerFailure> load_failure;
  // Asked before a measured run: a failure in its place.
  std::function<std::optional<WorkerFailure>(int batch)> run_failure = [](int) {
    return std::nullopt;
  };
  std::string settings_json = R"({"spinning":true})";
  std::vector<protocol::Input> inputs = {
      {.name = "x", .shape = {std::nullopt, 3, 224, 224}, .type = "float32"}};
};

// Counts what was asked of all workers of a test.
struct SimulatedWork {
  int workers = 0;
  int warm_ups = 0;
  int runs = 0;  // measured ones
};

class SimulatedWorker final : public Worker {
 public:
  SimulatedWorker(SimulatedMachine& machine, SimulatedModel model, SimulatedWork& work)
      : machine_(machine), model_(std::move(model)), work_(work), random_(7u + work.workers) {
    ++work_.workers;
  }

  const protocol::HelloReply& hello() const override { return hello_; }

  std::variant<protocol::Loaded, WorkerFailure> load(const protocol::Load&) override {
    if (model_.load_failure) return *model_.load_failure;
    return protocol::Loaded{
        .inputs = model_.inputs, .seconds = 0.1, .settings_json = model_.settings_json};
  }

  std::variant<RunMarks, WorkerFailure> run(
      const protocol::Run& run, const std::function<void(Instant)>& on_started) override {
    ++(run.warm_up ? work_.warm_ups : work_.runs);
    if (run.batch > model_.memory_limit) {
      return WorkerFailure{protocol::FailureKind::out_of_memory, "no memory for this batch"};
    }
    const auto batch =
        std::chrono::ceil<std::chrono::nanoseconds>(model_.batch_duration(run.batch));
    RunMarks marks;
    if (run.warm_up) {
      machine_.pass(batch);
      return marks;
    }
    if (const auto failure = model_.run_failure(run.batch)) return *failure;

    machine_.meter().sample();
    marks.started = machine_.clock().now();
    on_started(marks.started);
    const double factor = 1.0 + model_.noise * normal_(random_);
    machine_.draw(model_.energy_per_image(run.batch) * (factor * run.batch) / Seconds(batch));
    // As many batches an entry as make a millisecond.
    const std::int64_t in_entry =
        std::max<std::int64_t>(1, std::chrono::nanoseconds(std::chrono::milliseconds(1)) / batch);
    while (!enough(marks, run)) {
      machine_.pass(in_entry * batch);
      marks.count.push_back(in_entry);
      marks.end.push_back(machine_.clock().now());
    }
    machine_.draw(machine_.idle_power());
    marks.memory_bytes = 1e6 * run.batch;
    return marks;
  }

  // Before the load: behaves as this model from now on.
  void become(SimulatedModel model) { model_ = std::move(model); }

 private:
  static bool enough(const RunMarks& marks, const protocol::Run& run) {
    const double seconds = marks.duration().count();
    if (run.max_seconds > 0.0 && seconds >= run.max_seconds) return true;
    return marks.batches() >= run.min_batches && seconds >= run.min_seconds;
  }

  SimulatedMachine& machine_;
  SimulatedModel model_;
  SimulatedWork& work_;
  protocol::HelloReply hello_{
      .worker = "simulated", .version = "1.0", .devices = {"cpu"}, .precisions = {"fp32"}};
  std::mt19937_64 random_;
  std::normal_distribution<double> normal_;
};

}  // namespace wattfor::test
