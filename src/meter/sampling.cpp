#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <set>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/log.h"
#include "base/signals_held.h"
#include "meter/meter_state.h"

namespace wattfor {
namespace {

// Points are joined a little behind the history, so that the curve around the oldest edge is still
// whole.
constexpr Seconds kept_points{12.0};
constexpr int turns_to_compaction = 256;

// A device's state changes slowly and asking for it takes a driver longer than a power reading.
constexpr Seconds state_period{1.0};
constexpr Seconds prompt_state_period{0.1};

// A device that has vanished may be back: its driver was loaded again, it was plugged in.
constexpr Seconds asking_again{1.0};

// Shorter sleeps don't reset a counter; the two clocks behind the figure are not read at once.
constexpr Seconds shortest_sleep{0.5};

// How long stop() waits for threads that are not stuck in a read.
constexpr auto grace = std::chrono::milliseconds(100);

// The next multiple of the interval after `now`: deadlines that were missed are skipped, so that
// readings never bunch.
Instant next_deadline(Instant deadline, Instant::duration interval, Instant now) {
  if (deadline > now) return deadline;
  return deadline + ((now - deadline) / interval + 1) * interval;
}

// A device's code is anybody's (a modelled one, a library behind it): what it throws is one reading
// that failed and not the end of the measured program, which an exception out of a thread would be.
Reading guarded_read(Sensor& sensor) {
  try {
    return sensor.read();
  } catch (const std::exception& error) {
    return ReadFailure{FailureKind::broken, error.what()};
  }
}

DeviceState guarded_state(Device& device) {
  try {
    return device.state();
  } catch (const std::exception&) {
    return {};
  }
}

std::optional<std::vector<DeviceProcess>> guarded_processes(Device& device) {
  try {
    return device.processes();
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

Seconds settling(const Sampler& sampler) {
  Seconds longest{0.0};
  for (const auto& curve : sampler.curves) longest = std::max(longest, curve->settling());
  return longest;
}

std::set<std::pair<Domain, int>> domains_in_total(
    const std::vector<std::unique_ptr<Device>>& devices) {
  std::set<std::pair<Domain, int>> domains;
  for (const auto& device : devices) {
    for (const auto& sensor : device->sensors()) {
      const SensorInfo& info = sensor->info();
      if (info.in_total) domains.emplace(info.domain, info.domain_index);
    }
  }
  return domains;
}

}  // namespace

Meter::State::State(std::vector<std::unique_ptr<Device>> devices, const Clock& clock,
                    MeterOptions options)
    : devices_(std::move(devices)), clock_(clock), options_(options) {
  if (options.interval < Seconds(1e-6)) {
    throw Error(ErrorCode::usage, fmt::format("a sampling interval of {} s: expected more than 0",
                                              options.interval.count()));
  }
  for (const auto& device : devices_) {
    samplers_.push_back(std::make_unique<Sampler>(*device, samplers_.size(), options.interval));
    samplers_.back()->suspended = clock_.suspended();
  }
  const std::set<std::pair<Domain, int>> counted = domains_in_total(devices_);
  for (const auto& sampler : samplers_) {
    for (std::size_t i = 0; i < sampler->curves.size(); ++i) {
      const SensorInfo& sensor = sampler->device.sensors()[i]->info();
      if (counted.empty() || counted.contains({sensor.domain, sensor.domain_index})) {
        awaited_.push_back(sampler->curves[i].get());
      }
    }
  }
}

void Meter::State::start() {
  const std::lock_guard lifecycle(lifecycle_mutex_);
  const Lock lock(mutex_);
  if (running_) return;
  running_ = true;
  for (const auto& sampler : samplers_) {
    if (sampler->abandoned) continue;
    sampler->exited = false;
    const SignalsHeld held;
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
  Lock lock(mutex_);
  std::ranges::fill(sampler.due, clock_.now());
  while (!stopping_) {
    take_turn(sampler, lock, Wanted::due);
    if (sampler.abandoned) return;
    const Instant now = clock_.now();
    for (std::size_t i = 0; i < sampler.due.size(); ++i) {
      sampler.due[i] = next_deadline(sampler.due[i], ticks(sampler.intervals[i]), now);
    }
    Instant next = sampler.second.value_or(Instant::max());
    for (const Instant due : sampler.due) next = std::min(next, due);
    sampler.wake.wait_until(lock, next, [&] { return stopping_ || sampler.prompt; });
  }
  sampler.exited = true;
  progress_.notify_all();
}

void Meter::State::take_turn(Sampler& sampler, Lock& lock, Wanted wanted) {
  if (sampler.in_turn || sampler.abandoned) return;
  sampler.in_turn = true;
  const Instant begin = clock_.now();
  const bool prompted = std::exchange(sampler.prompt, false);
  const bool settling_now = sampler.second && begin >= *sampler.second;
  if (settling_now) sampler.second.reset();
  if (prompted || settling_now) wanted = Wanted::all;
  if (prompted) sampler.second = begin + ticks(settling(sampler));
  notice_a_sleep(sampler);
  if (read_sensors(sampler, lock, wanted)) {
    progress_.notify_all();
    read_state(sampler, prompted ? prompt_state_period : state_period, lock);
  }
  if (sampler.abandoned) return;
  forget_the_past(sampler);
  sampler.in_turn = false;
  progress_.notify_all();
}

// A counter may have been reset while the machine slept, and what flowed then is nobody's work.
void Meter::State::notice_a_sleep(Sampler& sampler) {
  const auto before =
      std::exchange(sampler.suspended, std::max(sampler.suspended, clock_.suspended()));
  const Seconds slept = sampler.suspended - before;
  if (slept < shortest_sleep) return;
  const std::string reason =
      fmt::format("the machine was suspended for {:.1f} s, which are in no figure", slept.count());
  for (const auto& curve : sampler.curves) curve->interrupt(clock_.now(), reason);
}

// False where the turn is to end: stop() waits, or has not waited and the clock may be gone.
bool Meter::State::read_sensors(Sampler& sampler, Lock& lock, Wanted wanted) {
  const auto& sensors = sampler.device.sensors();
  for (std::size_t i = 0; i < sensors.size(); ++i) {
    const Instant before = clock_.now();
    if (wanted == Wanted::due && before < sampler.due[i]) continue;
    if (sampler.curves[i]->gone()) {
      if (before < sampler.asked_again[i]) continue;
      sampler.asked_again[i] = before + ticks(asking_again);
    }
    sampler.in_call = true;
    lock.unlock();
    const Reading reading = guarded_read(*sensors[i]);
    lock.lock();
    sampler.in_call = false;
    if (sampler.abandoned) return false;
    const Instant::duration call = clock_.now() - before;
    const Instant time = before + call / 2;
    sampler.curves[i]->add({.time = time, .reading = reading, .call = call});

    lock.unlock();
    show({.sensor = &sensors[i]->info(), .time = time, .reading = reading});
    lock.lock();
    if (stopping_) return false;
  }
  return true;
}

void Meter::State::show(const Sample& sample) {
  const std::lock_guard observing(observer_mutex_);
  if (!observer_) return;
  try {
    observer_(sample);
  } catch (const std::exception& error) {
    log(LogLevel::warning,
        fmt::format("samples are no longer passed on, as their observer failed: {}", error.what()));
    observer_ = nullptr;
  }
}

void Meter::State::read_state(Sampler& sampler, Seconds period, Lock& lock) {
  const Instant now = clock_.now();
  if (!sampler.states.empty() && Seconds(now - sampler.states.back().time) < period) return;
  sampler.in_call = true;
  lock.unlock();
  DeviceState state = guarded_state(sampler.device);
  std::optional<std::vector<DeviceProcess>> processes;
  if (options_.processes) processes = guarded_processes(sampler.device);
  lock.lock();
  sampler.in_call = false;
  if (sampler.abandoned) return;
  sampler.processes = std::move(processes);
  sampler.states.push_back({.time = now, .state = std::move(state)});
}

// By threads of their own: a driver that takes long over its programs still tells its power.
void Meter::State::ask_for_processes(Seconds longest) {
  Lock lock(mutex_);
  std::vector<std::pair<Sampler*, std::thread>> asked;
  asked.reserve(samplers_.size());
  for (const auto& sampler : samplers_) {
    sampler->processes.reset();
    if (sampler->keeps_silent) continue;
    try {
      const SignalsHeld held;
      asked.emplace_back(sampler.get(), std::thread([self = shared_from_this(), &own = *sampler] {
                           self->read_processes(own);
                         }));
      sampler->processes_wanted = true;
    } catch (const std::system_error& error) {
      log(LogLevel::warning, fmt::format("{} is not asked which programs use it: {}",
                                         sampler->device.name(), error.what()));
    }
  }
  progress_.wait_for(lock, longest, [&] {
    return std::ranges::none_of(asked,
                                [](const auto& each) { return each.first->processes_wanted; });
  });
  for (auto& [sampler, thread] : asked) {
    if (sampler->processes_wanted) {
      sampler->keeps_silent = true;
      thread.detach();
      log(LogLevel::warning, fmt::format("{} does not tell in time which programs use it; the "
                                         "record names none of them",
                                         sampler->device.name()));
      continue;
    }
    lock.unlock();
    thread.join();
    lock.lock();
  }
}

void Meter::State::read_processes(Sampler& sampler) {
  auto processes = guarded_processes(sampler.device);
  const Lock lock(mutex_);
  // What comes too late is of another moment.
  if (!sampler.keeps_silent) sampler.processes = std::move(processes);
  sampler.processes_wanted = false;
  progress_.notify_all();
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
      take_turn(*sampler, lock, Wanted::all);
    }
  }
}

void Meter::State::forget_the_past(Sampler& sampler) {
  const Instant now = clock_.now();
  while (sampler.states.size() > 1 && Seconds(now - sampler.states.front().time) > kept_history) {
    const auto& [time, state] = sampler.states.front();
    for (auto& [id, window] : windows_) {
      if (window.report) continue;
      ConditionsSum& sum = window.conditions[sampler.index];
      if (time <= window.from) {
        sum.begin_with(state);
        continue;
      }
      const Instant to = window.to.value_or(time);
      if (!sum.reached(to)) sum.add(std::min(time, to), state);
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
  for (const auto& curve : sampler.curves) curve->compact(now - ticks(kept_points), edges);
}

}  // namespace wattfor
