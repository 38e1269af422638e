#include "process_meter.h"

#include <chrono>
#include <mutex>
#include <thread>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

#include "base/error.h"
#include "base/file.h"
#include "forks.h"
#include "meter/machine.h"
#include "sensor/discovery.h"
#include "simulation/simulation_spec.h"

namespace wattfor::python {
namespace {

struct Devices {
  std::vector<std::unique_ptr<Device>> devices;
  std::shared_ptr<SimulatedLoad> load;  // nothing where they are real
};

// A real device has said something long before a program asks it; a simulated one begins with us.
void await_first_reading(const Device& device) {
  constexpr auto longest = std::chrono::seconds(1);
  constexpr auto look_again = std::chrono::milliseconds(1);
  const SystemClock clock;
  const Instant latest = clock.now() + longest;
  for (const auto& sensor : device.sensors()) {
    while (clock.now() < latest) {
      const Reading reading = sensor->read();
      const auto* failure = std::get_if<ReadFailure>(&reading);
      if (failure == nullptr || failure->kind != FailureKind::try_again) break;
      std::this_thread::sleep_for(look_again);
    }
  }
}

Devices devices_of(const std::optional<std::string>& simulate) {
  if (!simulate) return {devices_to_meter(roots_from_environment()).devices, nullptr};
  const SimulationSpec spec = simulation_from_json(read_file(*simulate), *simulate);
  Simulation simulation = wattfor::simulate(spec, std::make_shared<SystemClock>());
  Devices found{.devices = {}, .load = std::move(simulation.load)};
  await_first_reading(*simulation.device);
  found.devices.push_back(std::move(simulation.device));
  return found;
}

}  // namespace

struct ProcessMeter::Metering {
  Metering(Devices found, Seconds interval)
      : load(std::move(found.load)),
        meter(std::move(found.devices), clock, {.interval = interval}) {}

  SystemClock clock;
  std::shared_ptr<SimulatedLoad> load;
  std::mutex load_mutex;
  int open_windows = 0;  // of a simulated device
  Meter meter;
};

ProcessMeter::ProcessMeter(const std::optional<std::string>& simulate, Seconds interval)
    : generation_(fork_generation()),
      metering_(std::make_unique<Metering>(devices_of(simulate), interval)) {
  metering_->meter.sample();  // a reading before the first window, however short it is
  metering_->meter.start();
}

ProcessMeter::~ProcessMeter() {
  if (!is_ours()) std::ignore = metering_.release();
}

bool ProcessMeter::is_ours() const { return generation_ == fork_generation(); }

void ProcessMeter::refuse_in_child() const {
  if (is_ours()) return;
  throw Error(ErrorCode::unsupported,
              "a window that was opened before this process was forked is its parent's to measure; "
              "the child's copy has no energy");
}

ProcessMeter::Metering& ProcessMeter::ours() const {
  refuse_in_child();
  return *metering_;
}

void ProcessMeter::stop() { ours().meter.stop(); }

Meter& ProcessMeter::meter() { return ours().meter; }

ProcessMeter::Edge ProcessMeter::begin() {
  Metering& own = ours();
  const Instant now = own.clock.now();
  if (own.load) begin_work(now);
  return {.window = own.meter.begin_at(now), .time = now};
}

Instant ProcessMeter::end(WindowId window) {
  Metering& own = ours();
  const Instant now = own.clock.now();
  own.meter.end_at(window, now);
  if (own.load) end_work(now);
  return now;
}

void ProcessMeter::release(WindowId window, bool open) {
  if (!is_ours()) return;
  metering_->meter.release(window);
  if (open && metering_->load) end_work(metering_->clock.now());
}

void ProcessMeter::begin_work(Instant time) {
  const std::lock_guard lock(metering_->load_mutex);
  if (metering_->open_windows++ == 0) metering_->load->begin_work(time);
}

void ProcessMeter::end_work(Instant time) {
  const std::lock_guard lock(metering_->load_mutex);
  if (--metering_->open_windows == 0) metering_->load->end_work(time);
}

std::optional<Joules> ProcessMeter::truth(Instant from, Instant to) {
  Metering& own = ours();
  if (!own.load) return std::nullopt;
  return own.load->energy(from, to);
}

}  // namespace wattfor::python
