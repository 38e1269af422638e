#pragma once

#include <algorithm>
#include <functional>
#include <memory>
#include <utility>

#include "base/shared_library.h"
#include "fakes/fake_nvml.h"
#include "sensor/nvml.h"
#include "support/fault_rig.h"

namespace wattfor::test {

// A GPU that has one sensor: its energy counter, or its power field 186.
class NvmlRig final : public FaultRig {
 public:
  explicit NvmlRig(SensorKind kind) : kind_(kind), library_(FAKE_NVML_MODERN) {
    fake() = FakeNvml{};
    const bool counter = kind == SensorKind::energy_counter;
    const auto absent = NvmlReturn::not_supported;
    gpu().energy_mj.status = counter ? NvmlReturn::success : absent;
    gpu().energy_field_mj.status = absent;
    gpu().power_instant.scope_gpu = counter ? absent : NvmlReturn::success;
    gpu().power_average.scope_gpu = absent;
    gpu().power_usage_mw.status = absent;
  }
  NvmlRig(const NvmlRig&) = delete;
  NvmlRig& operator=(const NvmlRig&) = delete;
  ~NvmlRig() override { fake() = FakeNvml{}; }

  SensorKind kind() const override { return kind_; }

  std::unique_ptr<Device> find() override {
    ProbeResult found = find_nvml(FAKE_NVML_MODERN, "no-sysfs");
    return std::move(found.devices.at(0));
  }

  void show(Joules energy, Watts power) override {
    energy_ = energy;
    power_ = power;
    answer();
  }

  void put(SourceFault fault) override {
    // A GPU that is back belongs to a driver that was loaded again.
    if (fault_ == SourceFault::vanished) ++fake().driver_load;
    fault_ = fault;
    answer();
  }

  void before_next_read(std::function<void()> action) override {
    fake().before_answer = std::move(action);
  }

 private:
  FakeNvml& fake() const { return *library_.symbol<FakeNvml*()>("fake_nvml_state")(); }
  FakeGpu& gpu() const { return fake().gpus.at(0); }

  static NvmlReturn status_of(SourceFault fault) {
    switch (fault) {
      case SourceFault::error_code:
        return NvmlReturn::unknown;
      case SourceFault::permission_lost:
        return NvmlReturn::no_permission;
      case SourceFault::empty:
        return NvmlReturn::no_data;
      default:
        return NvmlReturn::success;
    }
  }

  // All ones are NVML's garbage: "not available" beside a success.
  void answer() {
    const bool garbage = fault_ == SourceFault::garbage;
    gpu().state = fault_ == SourceFault::vanished ? NvmlReturn::gpu_is_lost : NvmlReturn::success;
    if (kind_ == SensorKind::energy_counter) {
      const auto count = static_cast<unsigned long long>(energy_.value() * 1e3);
      gpu().energy_mj = {.value = garbage ? ~0ULL : count, .status = status_of(fault_)};
    } else {
      constexpr double all_ones = 4294967295.0;  // 32 bits end at 4 MW
      const double milliwatts = std::min(power_.value() * 1e3, all_ones - 1.0);
      gpu().power_instant.milliwatts = garbage ? all_ones : milliwatts;
      gpu().power_instant.scope_gpu = status_of(fault_);
    }
  }

  SensorKind kind_;
  SharedLibrary library_;
  Joules energy_;
  Watts power_;
  SourceFault fault_ = SourceFault::none;
};

}  // namespace wattfor::test
