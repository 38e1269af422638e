#include "process/meter_on_demand.h"

#include <utility>

#include "base/forks.h"

namespace wattfor {

MeterOnDemand::MeterOnDemand(std::optional<std::string> simulate, Seconds interval)
    : simulate_(std::move(simulate)), interval_(interval) {}

std::shared_ptr<ProcessMeter> MeterOnDemand::meter() {
  // After a fork the lock may be held by a thread that does not run here.
  if (!is_ours()) refuse_forked();
  const std::lock_guard lock(mutex_);
  if (!meter_) meter_ = std::make_shared<ProcessMeter>(simulate_, interval_);
  return meter_;
}

void MeterOnDemand::stop() {
  if (!is_ours()) return;
  const std::lock_guard lock(mutex_);
  if (meter_) meter_->stop();
}

}  // namespace wattfor
