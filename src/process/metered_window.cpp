#include "process/metered_window.h"

#include <exception>
#include <utility>

#include "base/log.h"

namespace wattfor {

MeteredWindow::MeteredWindow(std::shared_ptr<ProcessMeter> meter) : meter_(std::move(meter)) {
  const ProcessMeter::Edge edge = meter_->begin();
  window_ = edge.window;
  from_ = edge.time;
}

MeteredWindow::~MeteredWindow() {
  if (report_) return;
  try {
    meter_->release(window_, !to_);
  } catch (const std::exception& error) {
    log(LogLevel::warning, error.what());
  }
}

// After a fork the lock may be held by a thread that does not run here.
std::mutex& MeteredWindow::ours() const {
  meter_->refuse_in_child();
  return mutex_;
}

void MeteredWindow::end() {
  const std::lock_guard lock(ours());
  if (!to_) to_ = meter_->end(window_);
}

bool MeteredWindow::has_ended() const {
  const std::lock_guard lock(ours());
  return to_.has_value();
}

Seconds MeteredWindow::duration() const {
  const std::lock_guard lock(ours());
  return to_.value_or(SystemClock().now()) - from_;
}

// The meter's own record of a window whose figure is final is in nobody's way any longer.
void MeteredWindow::keep(std::optional<EnergyReport> report) {
  if (!report) return;
  report_ = std::move(report);
  meter_->release(window_, false);
}

std::optional<EnergyReport> MeteredWindow::final_report() {
  const std::lock_guard lock(ours());
  if (!report_ && to_) keep(meter_->meter().report(window_));
  return report_;
}

EnergyReport MeteredWindow::so_far() {
  const std::lock_guard lock(ours());
  return report_ ? *report_ : meter_->meter().so_far(window_);
}

Seconds MeteredWindow::patience() { return meter_->meter().lag(); }

EnergyReport MeteredWindow::settle() {
  const std::lock_guard lock(ours());
  if (!report_) keep(meter_->meter().wait(window_));
  return *report_;
}

std::optional<Joules> MeteredWindow::truth() {
  const std::lock_guard lock(ours());
  return to_ ? meter_->truth(from_, *to_) : std::nullopt;
}

}  // namespace wattfor
