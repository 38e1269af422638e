#include "meter/meter.h"

#include <utility>

#include "meter/meter_state.h"

namespace wattfor {

Meter::Meter(std::vector<std::unique_ptr<Device>> devices, const Clock& clock, MeterOptions options)
    : state_(std::make_shared<State>(std::move(devices), clock, options)) {}

Meter::~Meter() { stop(); }

const std::vector<std::unique_ptr<Device>>& Meter::devices() const { return state_->devices(); }
void Meter::start() { state_->start(); }
void Meter::stop() { state_->stop(); }
void Meter::sample() { state_->sample(); }
void Meter::observe(SampleObserver observer) { state_->observe(std::move(observer)); }
WindowId Meter::begin() { return state_->begin(std::nullopt); }
void Meter::end(WindowId window) { state_->end(window, std::nullopt); }
WindowId Meter::begin_at(Instant time) { return state_->begin(time); }
void Meter::end_at(WindowId window, Instant time) { state_->end(window, time); }
std::optional<EnergyReport> Meter::report(WindowId window) { return state_->report(window); }
std::optional<std::vector<EnergyReport>> Meter::report_together(std::span<const Launch> launches) {
  return state_->report_together(launches);
}
EnergyReport Meter::wait(WindowId window) { return state_->wait(window); }
EnergyReport Meter::so_far(WindowId window) { return state_->so_far(window); }
void Meter::release(WindowId window) { state_->release(window); }
void Meter::set_idle(const EnergyReport& idle) { state_->set_idle(idle); }
void Meter::ask_for_processes(Seconds longest) { state_->ask_for_processes(longest); }
std::vector<std::optional<std::vector<DeviceProcess>>> Meter::processes() const {
  return state_->processes();
}
std::optional<PartTimeBeat> Meter::part_time_beat() const { return state_->part_time_beat(); }

Seconds Meter::lag() const { return state_->lag(); }

}  // namespace wattfor
