#include "cli/simulated_work.h"

#include <functional>
#include <utility>
#include <variant>

#include "base/clock.h"
#include "base/file.h"
#include "meter/machine.h"
#include "simulation/simulation_spec.h"

namespace wattfor::cli {
namespace {

// Ends a simulated load's work, however the run ends.
class WorkEnded {
 public:
  explicit WorkEnded(SimulatedLoad& load) : load_(load) {}
  WorkEnded(const WorkEnded&) = delete;
  WorkEnded& operator=(const WorkEnded&) = delete;
  ~WorkEnded() { load_.end_work(SystemClock().now()); }

 private:
  SimulatedLoad& load_;
};

class DrivingWorker final : public Worker {
 public:
  DrivingWorker(std::unique_ptr<Worker> worker, std::shared_ptr<SimulatedLoad> load)
      : worker_(std::move(worker)), load_(std::move(load)) {}

  const protocol::HelloReply& hello() const override { return worker_->hello(); }
  std::variant<protocol::Loaded, WorkerFailure> load(const protocol::Load& load) override {
    return worker_->load(load);
  }
  std::variant<protocol::Listed, WorkerFailure> list(const protocol::List& list) override {
    return worker_->list(list);
  }
  std::variant<RunMarks, WorkerFailure> run(
      const protocol::Run& run, const std::function<void(Instant)>& on_started) override {
    const WorkEnded at_the_end(*load_);
    return worker_->run(run, [&](Instant started) {
      load_->begin_work(started);
      on_started(started);
    });
  }

 private:
  std::unique_ptr<Worker> worker_;
  std::shared_ptr<SimulatedLoad> load_;
};

}  // namespace

MeteredDevices devices_of(const std::optional<std::string>& simulate, const DiscoveryRoots& roots,
                          Scope scope) {
  if (!simulate) return {.found = devices_to_meter(roots, scope), .load = nullptr, .simulated = ""};
  const SimulationSpec spec = simulation_from_json(read_file(*simulate), *simulate);
  Simulation simulation = wattfor::simulate(spec, std::make_shared<SystemClock>());
  MeteredDevices devices{.found = {}, .load = std::move(simulation.load), .simulated = spec.device};
  devices.found.devices.push_back(std::move(simulation.device));
  return devices;
}

std::unique_ptr<Worker> driving(std::unique_ptr<Worker> worker,
                                std::shared_ptr<SimulatedLoad> load) {
  if (!load) return worker;
  return std::make_unique<DrivingWorker>(std::move(worker), std::move(load));
}

}  // namespace wattfor::cli
