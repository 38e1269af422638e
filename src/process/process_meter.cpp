#include "process/process_meter.h"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <mutex>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

#include "base/error.h"
#include "base/file.h"
#include "base/forks.h"
#include "meter/machine.h"
#include "sensor/discovery.h"
#include "simulation/simulation_spec.h"

namespace wattfor {
namespace {

struct Devices {
  ProbeResult found;
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

Devices devices_of(const std::optional<std::string>& simulate, const DiscoveryRoots& roots) {
  if (!simulate) return {devices_to_meter(roots), nullptr};
  const SimulationSpec spec = simulation_from_json(read_file(*simulate), *simulate);
  Simulation simulation = wattfor::simulate(spec, std::make_shared<SystemClock>());
  Devices devices{.found = {}, .load = std::move(simulation.load)};
  await_first_reading(*simulation.device);
  devices.found.devices.push_back(std::move(simulation.device));
  return devices;
}

}  // namespace

struct ProcessMeter::Metering {
  Metering(const std::optional<std::string>& simulate, const DiscoveryRoots& discovery,
           Seconds between)
      : Metering(devices_of(simulate, discovery), discovery, between) {}
  Metering(Devices devices, DiscoveryRoots discovery, Seconds between)
      : roots(std::move(discovery)),
        interval(between),
        warnings(without_power(devices.found.devices)),
        load(std::move(devices.load)),
        meter(std::move(devices.found.devices), clock, {.interval = between}) {
    std::ranges::copy(devices.found.warnings, std::back_inserter(warnings));
  }

  DiscoveryRoots roots;
  Seconds interval;
  std::vector<std::string> warnings;
  SystemClock clock;
  std::shared_ptr<SimulatedLoad> load;
  std::mutex load_mutex;
  int open_windows = 0;  // of a simulated device
  Meter meter;
};

ProcessMeter::ProcessMeter(const std::optional<std::string>& simulate, Seconds interval)
    : metering_(new Metering(simulate, roots_from_environment(), interval)) {
  metering_->meter.sample();  // a reading before the first window, however short it is
  metering_->meter.start();
}

ProcessMeter::~ProcessMeter() = default;

bool ProcessMeter::is_ours() const { return metering_.get_deleter().is_home(); }

void ProcessMeter::refuse_in_child() const {
  if (!is_ours()) refuse_forked();
}

ProcessMeter::Metering& ProcessMeter::ours() const {
  refuse_in_child();
  return *metering_;
}

void ProcessMeter::stop() { ours().meter.stop(); }

Meter& ProcessMeter::meter() { return ours().meter; }
const Clock& ProcessMeter::clock() const { return ours().clock; }
const DiscoveryRoots& ProcessMeter::roots() const { return ours().roots; }
Seconds ProcessMeter::interval() const { return ours().interval; }
const std::vector<std::string>& ProcessMeter::warnings() const { return ours().warnings; }

void ProcessMeter::measure_idle(Seconds duration, const std::function<void()>& look_up) {
  constexpr auto look_again = std::chrono::milliseconds(20);
  Metering& own = ours();
  // Forgotten by the meter also where `look_up` throws.
  const struct RestWindow {
    Meter& meter;
    WindowId id = meter.begin();
    ~RestWindow() { meter.release(id); }
  } rest{.meter = own.meter};
  const Instant end = own.clock.now() + ticks(duration);
  while (own.clock.now() < end) {
    std::this_thread::sleep_for(look_again);
    look_up();
  }
  own.meter.end(rest.id);
  own.meter.set_idle(own.meter.wait(rest.id));
}

ProcessMeter::Edge ProcessMeter::begin() {
  Metering& own = ours();
  const Instant now = own.clock.now();
  begin_work(now);
  return {.window = own.meter.begin_at(now), .time = now};
}

Instant ProcessMeter::end(WindowId window) {
  Metering& own = ours();
  const Instant now = own.clock.now();
  own.meter.end_at(window, now);
  end_work(now);
  return now;
}

void ProcessMeter::release(WindowId window, bool open) {
  if (!is_ours()) return;
  metering_->meter.release(window);
  if (open) end_work(metering_->clock.now());
}

void ProcessMeter::begin_work(Instant time) {
  if (!ours().load) return;
  const std::lock_guard lock(metering_->load_mutex);
  if (metering_->open_windows++ == 0) metering_->load->begin_work(time);
}

void ProcessMeter::end_work(Instant time) {
  if (!ours().load) return;
  const std::lock_guard lock(metering_->load_mutex);
  if (--metering_->open_windows == 0) metering_->load->end_work(time);
}

std::optional<Joules> ProcessMeter::truth(Instant from, Instant to) {
  Metering& own = ours();
  if (!own.load) return std::nullopt;
  return own.load->energy(from, to);
}

}  // namespace wattfor
