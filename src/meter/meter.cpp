#include "meter/meter.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <mutex>
#include <utility>

#include "base/error.h"
#include "meter/sampler.h"
#include "meter/window_report.h"

namespace wattfor {
namespace {

constexpr Seconds kept_history{10.0};
// Points are joined a little behind that, so that the curve around the oldest edge is still whole.
constexpr Seconds kept_points{12.0};
constexpr int turns_to_compaction = 256;

// A device's state changes slowly and asking for it takes a driver longer than a power reading.
constexpr Seconds state_period{1.0};
constexpr Seconds prompt_state_period{0.1};

// How long stop() waits for threads that are not stuck in a read.
constexpr auto grace = std::chrono::milliseconds(100);

Instant::duration ticks(Seconds duration) {
  return std::chrono::duration_cast<Instant::duration>(duration);
}

// The next multiple of the interval after `now`: deadlines that were missed are skipped, so that
// readings never bunch.
Instant next_deadline(Instant deadline, Instant::duration interval, Instant now) {
  if (deadline > now) return deadline;
  return deadline + ((now - deadline) / interval + 1) * interval;
}

struct Window {
  Instant from;
  std::optional<Instant> to;
  std::vector<ConditionsSum> conditions;  // one a device, of what is older than the history
  std::optional<EnergyReport> report;     // once it is final
};

}  // namespace

class Meter::State : public std::enable_shared_from_this<Meter::State> {
 public:
  State(std::vector<std::unique_ptr<Device>> devices, const Clock& clock, MeterOptions options)
      : devices_(std::move(devices)), clock_(clock), options_(options) {
    if (options.interval < Seconds(1e-6)) {
      throw Error(ErrorCode::usage, fmt::format("a sampling interval of {} s: expected more than 0",
                                                options.interval.count()));
    }
    for (const auto& device : devices_) {
      samplers_.push_back(std::make_unique<Sampler>(*device, samplers_.size(), options.interval));
    }
  }

  const std::vector<std::unique_ptr<Device>>& devices() const { return devices_; }

  void start();
  void stop();
  void sample();
  void observe(SampleObserver observer) {
    const std::lock_guard lock(observer_mutex_);
    observer_ = std::move(observer);
  }

  WindowId begin(std::optional<Instant> time);
  void end(WindowId id, std::optional<Instant> time);
  std::optional<EnergyReport> report(WindowId id);
  EnergyReport wait(WindowId id);
  EnergyReport so_far(WindowId id);
  void release(WindowId id) {
    const std::lock_guard lock(mutex_);
    windows_.erase(id.value);
  }
  void set_idle(const EnergyReport& idle) {
    const std::lock_guard lock(mutex_);
    idle_ = idle_powers(idle);
  }
  Seconds lag() const;

 private:
  using Lock = std::unique_lock<std::mutex>;

  void run(Sampler& sampler);
  void take_turn(Sampler& sampler, Lock& lock);
  bool read_sensors(Sampler& sampler, Lock& lock);
  void read_state(Sampler& sampler, Seconds period, Lock& lock);
  void ask_for_samples(Lock& lock);
  void forget_the_past(Sampler& sampler);

  Window& find(WindowId id);
  void check_edge(Instant time) const;
  bool settled(Instant time) const;
  Instant known_until() const;
  EnergyReport report_until(const Window& window, Instant to) const;
  const EnergyReport& finish(Window& window);

  std::vector<std::unique_ptr<Device>> devices_;
  const Clock& clock_;
  MeterOptions options_;

  std::mutex lifecycle_mutex_;  // start and stop, one at a time

  mutable std::mutex mutex_;  // all that follows
  std::vector<std::unique_ptr<Sampler>> samplers_;
  bool running_ = false;
  bool stopping_ = false;
  std::condition_variable progress_;  // a turn is over, or a thread has left
  std::uint64_t last_window_ = 0;
  std::map<std::uint64_t, Window> windows_;
  IdlePowers idle_;

  std::mutex observer_mutex_;  // taken alone
  SampleObserver observer_;
};

void Meter::State::start() {
  const std::lock_guard lifecycle(lifecycle_mutex_);
  const Lock lock(mutex_);
  if (running_) return;
  running_ = true;
  for (const auto& sampler : samplers_) {
    if (sampler->abandoned) continue;
    sampler->exited = false;
    sampler->thread = std::thread([self = shared_from_this(), &own = *sampler] { self->run(own); });
  }
}

void Meter::State::stop() {
  const std::lock_guard lifecycle(lifecycle_mutex_);
  Lock lock(mutex_);
  if (!running_) return;
  stopping_ = true;
  for (const auto& sampler : samplers_) sampler->wake.notify_all();
  progress_.wait_for(lock, grace, [this] {
    return std::ranges::all_of(samplers_, [](const auto& s) { return s->exited || s->abandoned; });
  });
  for (const auto& sampler : samplers_) {
    if (!sampler->thread.joinable()) continue;
    if (!sampler->exited && sampler->in_call) {
      sampler->abandoned = true;
      sampler->thread.detach();
      continue;
    }
    lock.unlock();
    sampler->thread.join();
    lock.lock();
  }
  stopping_ = false;
  running_ = false;
  progress_.notify_all();
}

void Meter::State::run(Sampler& sampler) {
  const Instant::duration interval = ticks(options_.interval);
  Lock lock(mutex_);
  Instant deadline = clock_.now();
  while (!stopping_) {
    take_turn(sampler, lock);
    if (sampler.abandoned) return;
    deadline = next_deadline(deadline, interval, clock_.now());
    sampler.wake.wait_until(lock, deadline, [&] { return stopping_ || sampler.prompt; });
  }
  sampler.exited = true;
  progress_.notify_all();
}

void Meter::State::take_turn(Sampler& sampler, Lock& lock) {
  if (sampler.in_turn || sampler.abandoned) return;
  sampler.in_turn = true;
  const bool prompted = std::exchange(sampler.prompt, false);
  if (read_sensors(sampler, lock)) {
    progress_.notify_all();
    read_state(sampler, prompted ? prompt_state_period : state_period, lock);
  }
  if (sampler.abandoned) return;
  forget_the_past(sampler);
  sampler.in_turn = false;
  progress_.notify_all();
}

// False where the turn is to end: stop() waits, or has not waited and the clock may be gone.
bool Meter::State::read_sensors(Sampler& sampler, Lock& lock) {
  const auto& sensors = sampler.device.sensors();
  for (std::size_t i = 0; i < sensors.size(); ++i) {
    if (sampler.curves[i].gone()) continue;
    const Instant before = clock_.now();
    sampler.in_call = true;
    lock.unlock();
    const Reading reading = sensors[i]->read();
    lock.lock();
    sampler.in_call = false;
    if (sampler.abandoned) return false;
    const Instant::duration call = clock_.now() - before;
    const Instant time = before + call / 2;
    sampler.curves[i].add({.time = time, .reading = reading, .call = call});

    lock.unlock();
    {
      const std::lock_guard observing(observer_mutex_);
      if (observer_) observer_({.sensor = &sensors[i]->info(), .time = time, .reading = reading});
    }
    lock.lock();
    if (stopping_) return false;
  }
  return true;
}

void Meter::State::read_state(Sampler& sampler, Seconds period, Lock& lock) {
  const Instant now = clock_.now();
  if (!sampler.states.empty() && Seconds(now - sampler.states.back().time) < period) return;
  sampler.in_call = true;
  lock.unlock();
  DeviceState state = sampler.device.state();
  lock.lock();
  sampler.in_call = false;
  if (sampler.abandoned) return;
  sampler.states.push_back({.time = now, .state = std::move(state)});
}

void Meter::State::sample() {
  Lock lock(mutex_);
  ask_for_samples(lock);
}

void Meter::State::ask_for_samples(Lock& lock) {
  for (const auto& sampler : samplers_) {
    sampler->prompt = true;
    if (running_) {
      sampler->wake.notify_all();
    } else {
      take_turn(*sampler, lock);
    }
  }
}

void Meter::State::forget_the_past(Sampler& sampler) {
  const Instant now = clock_.now();
  while (sampler.states.size() > 1 && Seconds(now - sampler.states.front().time) > kept_history) {
    const auto& [time, state] = sampler.states.front();
    for (auto& [id, window] : windows_) {
      const bool inside = time > window.from && (!window.to || time <= *window.to);
      if (inside && !window.report) window.conditions[sampler.index].add(time, state);
    }
    sampler.states.pop_front();
  }

  if (++sampler.turns < turns_to_compaction) return;
  sampler.turns = 0;
  std::vector<Instant> edges;
  for (const auto& [id, window] : windows_) {
    if (window.report) continue;
    edges.push_back(window.from);
    if (window.to) edges.push_back(*window.to);
  }
  for (EnergyCurve& curve : sampler.curves) curve.compact(now - ticks(kept_points), edges);
}

WindowId Meter::State::begin(std::optional<Instant> time) {
  Lock lock(mutex_);
  const Instant from = time.value_or(clock_.now());
  check_edge(from);
  const WindowId id{++last_window_};
  windows_.emplace(id.value,
                   Window{.from = from,
                          .to = std::nullopt,
                          .conditions = std::vector(samplers_.size(), ConditionsSum(from)),
                          .report = std::nullopt});
  ask_for_samples(lock);
  return id;
}

void Meter::State::end(WindowId id, std::optional<Instant> time) {
  Lock lock(mutex_);
  Window& window = find(id);
  const Instant to = time.value_or(clock_.now());
  check_edge(to);
  if (window.to) throw Error(ErrorCode::usage, "this window has ended already");
  if (to < window.from) {
    throw Error(ErrorCode::usage, fmt::format("a window can't end {:.6f} s before it begins",
                                              Seconds(window.from - to).count()));
  }
  window.to = to;
  ask_for_samples(lock);
}

void Meter::State::check_edge(Instant time) const {
  const Seconds past = clock_.now() - time;
  if (past > kept_history) {
    throw Error(ErrorCode::usage,
                fmt::format("a window's edge lies {:.3f} s in the past: a meter's history reaches "
                            "back {:.0f} s",
                            past.count(), kept_history.count()));
  }
}

Window& Meter::State::find(WindowId id) {
  const auto found = windows_.find(id.value);
  if (found == windows_.end()) {
    throw Error(ErrorCode::usage,
                fmt::format("window {} is none of this meter, or was released", id.value));
  }
  return found->second;
}

bool Meter::State::settled(Instant time) const {
  const Instant now = clock_.now();
  return std::ranges::all_of(samplers_, [&](const auto& sampler) {
    return std::ranges::all_of(sampler->curves,
                               [&](const auto& curve) { return curve.settled(time, now); });
  });
}

// The moment to which every sensor has caught up. One that is silent for longer than its lag is not
// waited for.
Instant Meter::State::known_until() const {
  const Instant now = clock_.now();
  Instant known = now;
  for (const auto& sampler : samplers_) {
    for (const EnergyCurve& curve : sampler->curves) {
      if (curve.gone()) continue;
      const Instant waited_for = now - ticks(curve.lag());
      known = std::min(known, std::max(curve.known_until().value_or(waited_for), waited_for));
    }
  }
  return known;
}

EnergyReport Meter::State::report_until(const Window& window, Instant to) const {
  std::vector<SensorCurve> curves;
  EnergyReport report;
  report.duration = to - window.from;
  for (std::size_t i = 0; i < samplers_.size(); ++i) {
    const Sampler& sampler = *samplers_[i];
    const auto& sensors = sampler.device.sensors();
    for (std::size_t k = 0; k < sensors.size(); ++k) {
      curves.push_back({.sensor = &sensors[k]->info(), .curve = &sampler.curves[k]});
    }
    auto conditions = over_window(window.conditions[i], sampler.states, window.from, to)
                          .conditions(sampler.device.name());
    if (conditions) report.conditions.push_back(*std::move(conditions));
  }
  report.components = component_energies(curves, window.from, to, idle_);
  report.total = total_of(report.components, options_.scope);
  return report;
}

const EnergyReport& Meter::State::finish(Window& window) {
  if (!window.report) window.report = report_until(window, *window.to);
  return *window.report;
}

std::optional<EnergyReport> Meter::State::report(WindowId id) {
  const Lock lock(mutex_);
  Window& window = find(id);
  if (!window.report && !(window.to && settled(*window.to))) return std::nullopt;
  return finish(window);
}

EnergyReport Meter::State::wait(WindowId id) {
  const Seconds patience = lag();
  Lock lock(mutex_);
  if (!find(id).to) {
    throw Error(ErrorCode::usage, "a window has no figure to wait for before it ends");
  }
  const auto ready = [&] {
    const Window& window = find(id);
    return window.report || settled(*window.to);
  };
  if (running_) {
    const Seconds left = std::max<Seconds>(*find(id).to - clock_.now(), Seconds(0.0));
    progress_.wait_for(lock, left + patience, [&] { return !running_ || ready(); });
  } else if (!ready()) {
    ask_for_samples(lock);
  }
  return finish(find(id));
}

EnergyReport Meter::State::so_far(WindowId id) {
  const Lock lock(mutex_);
  const Window& window = find(id);
  if (window.report) return *window.report;
  const Instant last = std::min(known_until(), window.to.value_or(Instant::max()));
  return report_until(window, std::max(last, window.from));
}

Seconds Meter::State::lag() const {
  const Lock lock(mutex_);
  Seconds slowest = options_.interval;
  for (const auto& sampler : samplers_) {
    for (const EnergyCurve& curve : sampler->curves) slowest = std::max(slowest, curve.lag());
  }
  return slowest;
}

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
Seconds Meter::history() { return kept_history; }
std::optional<EnergyReport> Meter::report(WindowId window) { return state_->report(window); }
EnergyReport Meter::wait(WindowId window) { return state_->wait(window); }
EnergyReport Meter::so_far(WindowId window) { return state_->so_far(window); }
void Meter::release(WindowId window) { state_->release(window); }
void Meter::set_idle(const EnergyReport& idle) { state_->set_idle(idle); }
Seconds Meter::lag() const { return state_->lag(); }

EnergyReport measure_idle(Meter& meter, Seconds duration) {
  const WindowId window = meter.begin();
  std::this_thread::sleep_for(duration);
  meter.end(window);
  EnergyReport idle = meter.wait(window);
  meter.release(window);
  meter.set_idle(idle);
  return idle;
}

}  // namespace wattfor
