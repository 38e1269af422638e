#include "tracking/heartbeat.h"

#include <exception>
#include <utility>

#include "base/log.h"
#include "base/signals_held.h"

namespace wattfor {

Heartbeat::Heartbeat(std::chrono::milliseconds period, std::function<void()> beat)
    : period_(period), beat_(std::move(beat)) {
  const SignalsHeld held;
  thread_ = std::jthread([this](const std::stop_token& stopping) { run(stopping); });
}

Heartbeat::~Heartbeat() = default;

void Heartbeat::run(const std::stop_token& stopping) {
  std::unique_lock lock(mutex_);
  while (!stopping.stop_requested()) {
    wake_.wait_for(lock, stopping, period_, [] { return false; });
    if (!stopping.stop_requested()) beat();
  }
}

void Heartbeat::beat() {
  std::string failure;
  try {
    beat_();
  } catch (const std::exception& error) {
    failure = error.what();
  }
  if (!failure.empty() && failure != failure_) log(LogLevel::warning, failure);
  failure_ = failure;
}

}  // namespace wattfor
