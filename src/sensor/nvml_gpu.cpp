#include "sensor/nvml_gpu.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

namespace wattfor {
namespace {

// A board is divided into seven at most; a count beyond this is an error of the driver's.
constexpr unsigned most_mig_devices = 64;

// Zero and all ones stand for none.
std::optional<Watts> limit_of(unsigned count) {
  return count == 0 || count == ~0U ? std::nullopt : std::optional(milliwatts(count));
}

std::optional<Watts> read_limit(NvmlReturn (*function)(nvmlDevice_t, unsigned*), nvmlDevice_t gpu) {
  unsigned count = 0;
  if (function == nullptr || function(gpu, &count) != NvmlReturn::success) return std::nullopt;
  return limit_of(count);
}

bool has_mig_enabled(const NvmlFunctions& f, nvmlDevice_t gpu) {
  unsigned current = 0;
  unsigned pending = 0;
  return f.mig_mode != nullptr && f.mig_mode(gpu, &current, &pending) == NvmlReturn::success &&
         current == nvml_mig_enabled;
}

unsigned count_mig_devices(const NvmlFunctions& f, nvmlDevice_t gpu) {
  unsigned most = 0;
  if (f.most_migs == nullptr || f.mig_by_index == nullptr ||
      f.most_migs(gpu, &most) != NvmlReturn::success) {
    return 0;
  }
  unsigned found = 0;
  for (unsigned i = 0; i < std::min(most, most_mig_devices); ++i) {
    nvmlDevice_t mig = nullptr;
    if (f.mig_by_index(gpu, i, &mig) == NvmlReturn::success) ++found;
  }
  return found;
}

// After these every handle is void.
bool driver_is_gone(NvmlReturn status) {
  return status == NvmlReturn::uninitialized || status == NvmlReturn::driver_not_loaded;
}

}  // namespace

NvmlGpu::NvmlGpu(std::shared_ptr<NvmlLibrary> nvml, nvmlDevice_t handle, unsigned index)
    : nvml_(std::move(nvml)), index_(index), handle_(handle), generation_(nvml_->generation()) {
  const NvmlFunctions& f = nvml_->functions();
  if (f.name != nullptr) {
    board_ = nvml_text([&](char* text, unsigned n) { return f.name(handle, text, n); });
  }
  if (f.uuid != nullptr) {
    uuid_ = nvml_text([&](char* text, unsigned n) { return f.uuid(handle, text, n); });
  }
  unsigned architecture = 0;
  if (f.architecture != nullptr && f.architecture(handle, &architecture) == NvmlReturn::success) {
    architecture_ = architecture;
  }
  mig_enabled_ = has_mig_enabled(f, handle);
  if (mig_enabled_) mig_devices_ = count_mig_devices(f, handle);
  enforced_limit_ = read_limit(f.enforced_power_limit, handle);
  default_limit_ = read_limit(f.default_power_limit, handle);
  unsigned lowest = 0;
  unsigned highest = 0;
  if (f.power_limit_constraints != nullptr &&
      f.power_limit_constraints(handle, &lowest, &highest) == NvmlReturn::success) {
    lowest_limit_ = limit_of(lowest);
    highest_limit_ = limit_of(highest);
  }
}

std::string NvmlGpu::id() const { return uuid_.empty() ? fmt::format("gpu-{}", index_) : uuid_; }

std::string NvmlGpu::name() const {
  return fmt::format("{} (gpu {})", board_.empty() ? "NVIDIA GPU" : board_, index_);
}

std::string NvmlGpu::driver_version() const {
  const NvmlFunctions& f = nvml_->functions();
  return f.driver_version == nullptr ? "" : nvml_text(f.driver_version);
}

std::optional<Watts> NvmlGpu::believable_power() const {
  if (highest_limit_) return highest_limit_;
  return std::max(enforced_limit_, default_limit_);
}

std::vector<std::string> NvmlGpu::details() const {
  std::vector<std::string> details;
  if (const std::string version = driver_version(); !version.empty()) {
    details.push_back("driver " + version);
  }
  if (!uuid_.empty()) details.push_back(uuid_);
  if (enforced_limit_) {
    std::vector<std::string> others;
    if (default_limit_) others.push_back(fmt::format("default {:g} W", default_limit_->value()));
    if (lowest_limit_ && highest_limit_) {
      others.push_back(fmt::format("{:g} W to {:g} W may be set", lowest_limit_->value(),
                                   highest_limit_->value()));
    }
    details.push_back(
        fmt::format("power limit {:g} W{}", enforced_limit_->value(),
                    others.empty() ? "" : fmt::format(" ({})", fmt::join(others, ", "))));
  }
  if (mig_enabled_) {
    details.push_back(
        fmt::format("MIG on, {} instance{}", mig_devices_, mig_devices_ == 1 ? "" : "s"));
  }
  return details;
}

NvmlGpu::Handle NvmlGpu::current_handle() {
  const std::lock_guard lock(mutex_);
  if (driver_gone_) {
    const NvmlReturn status = nvml_->initialise_again(generation_);
    if (status != NvmlReturn::success) return {nullptr, generation_, status};
  }
  const int generation = nvml_->generation();
  if (gone_ || generation != generation_) {
    nvmlDevice_t found = nullptr;
    const NvmlReturn status = look_up(found);
    gone_ = status != NvmlReturn::success;
    driver_gone_ = driver_is_gone(status);
    generation_ = generation;
    if (gone_) return {nullptr, generation_, status};
    handle_ = found;
  }
  return {handle_, generation_, NvmlReturn::success};
}

// A number may name another GPU after a reload, so its UUID is compared.
NvmlReturn NvmlGpu::look_up(nvmlDevice_t& device) const {
  const NvmlFunctions& f = nvml_->functions();
  if (!uuid_.empty() && f.handle_by_uuid != nullptr)
    return f.handle_by_uuid(uuid_.c_str(), &device);
  const NvmlReturn status = f.handle_by_index(index_, &device);
  if (status != NvmlReturn::success || uuid_.empty()) return status;
  const std::string uuid =
      nvml_text([&](char* text, unsigned n) { return f.uuid(device, text, n); });
  return uuid == uuid_ ? NvmlReturn::success : NvmlReturn::gpu_not_found;
}

void NvmlGpu::note(NvmlReturn status, int generation) {
  if (kind_of(status) != FailureKind::gone) return;
  const std::lock_guard lock(mutex_);
  // Another thread's call has looked it up anew since.
  if (generation != generation_) return;
  gone_ = true;
  driver_gone_ = driver_is_gone(status);
}

}  // namespace wattfor
