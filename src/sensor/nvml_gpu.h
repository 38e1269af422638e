#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "sensor/nvml_library.h"
#include "sensor/nvml_reading.h"

namespace wattfor {

// One GPU of the library's: what is known of it before its sensors are tried, and a handle that
// outlives a reload of the driver. Once a call answered that the driver or the GPU is gone, the
// next one looks the GPU up again by its UUID; where the whole driver went, it initialises the
// library anew before. The calls may come from any thread.
class NvmlGpu {
 public:
  // `index` as NVML counts, by the bus.
  NvmlGpu(std::shared_ptr<NvmlLibrary> nvml, nvmlDevice_t handle, unsigned index);

  // `ask` takes (const NvmlFunctions&, nvmlDevice_t) and answers an NvmlAnswer.
  template <class Ask>
  NvmlAnswer ask(const Ask& ask) {
    const Handle handle = current_handle();
    if (handle.status != NvmlReturn::success) return handle.status;
    NvmlAnswer answer = ask(nvml_->functions(), handle.device);
    if (const auto* status = std::get_if<NvmlReturn>(&answer)) note(*status, handle.generation);
    return answer;
  }

  // Null while the GPU is gone.
  nvmlDevice_t handle() { return current_handle().device; }

  const NvmlLibrary& library() const { return *nvml_; }
  const NvmlFunctions& functions() const { return nvml_->functions(); }

  unsigned index() const { return index_; }
  const std::string& board() const { return board_; }  // "NVIDIA H100 PCIe"; may be empty
  const std::string& uuid() const { return uuid_; }    // may be empty
  std::optional<unsigned> architecture() const { return architecture_; }
  bool mig_enabled() const { return mig_enabled_; }

  // GPUs of a machine are told apart by their UUID; their order may change.
  std::string id() const;
  std::string name() const;  // "NVIDIA H100 PCIe (gpu 0)"

  std::string driver_version() const;  // "550.54.15"; may be empty
  // As it was at discovery.
  std::optional<Watts> enforced_limit() const { return enforced_limit_; }
  // Above which a reading can't be true: the highest limit that the board can be set to, as one
  // that is enforced now may be raised later; where it tells none, the enforced or the default one.
  std::optional<Watts> believable_power() const;

  // Driver, UUID, limits, MIG, for a machine's record.
  std::vector<std::string> details() const;

 private:
  struct Handle {
    nvmlDevice_t device = nullptr;
    int generation = 0;  // of the library
    NvmlReturn status = NvmlReturn::success;
  };

  Handle current_handle();
  NvmlReturn look_up(nvmlDevice_t& device) const;
  void note(NvmlReturn status, int generation);

  std::shared_ptr<NvmlLibrary> nvml_;
  unsigned index_;
  std::string board_;
  std::string uuid_;
  std::optional<unsigned> architecture_;
  bool mig_enabled_ = false;
  unsigned mig_devices_ = 0;
  std::optional<Watts> enforced_limit_;  // whoever administers the machine may change it
  std::optional<Watts> default_limit_;   // that the board boots with
  std::optional<Watts> lowest_limit_;    // that the board can be set to
  std::optional<Watts> highest_limit_;

  std::mutex mutex_;  // guards what follows
  nvmlDevice_t handle_;
  int generation_;
  bool gone_ = false;
  bool driver_gone_ = false;
};

}  // namespace wattfor
