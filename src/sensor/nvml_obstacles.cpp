#include "sensor/nvml_obstacles.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <system_error>

#include "base/file.h"
#include "sensor/kernel_text.h"

namespace wattfor {

namespace fs = std::filesystem;

namespace {

std::string name_of(const std::vector<PciGpu>& gpus) {
  if (gpus.empty()) return "NVIDIA GPUs";
  std::vector<std::string> slots;
  slots.reserve(gpus.size());
  for (const PciGpu& gpu : gpus) slots.push_back(gpu.slot);
  return fmt::format("{} NVIDIA GPU{} ({})", gpus.size(), gpus.size() == 1 ? "" : "s",
                     fmt::join(slots, ", "));
}

constexpr const char* usual_driver = "nvidia";
constexpr const char* start_with_gpus = "docker run --gpus all …";

}  // namespace

std::vector<PciGpu> nvidia_gpus_on_pci(const fs::path& sysfs_root) {
  std::vector<PciGpu> gpus;
  std::error_code ignored;
  for (const fs::path& entry : entries_of(sysfs_root / "bus/pci/devices")) {
    const std::string vendor = read_attribute(entry / "vendor").value_or("");
    const std::string device_class = read_attribute(entry / "class").value_or("");
    if (vendor != "0x10de" || !device_class.starts_with("0x03")) continue;
    const fs::path driver = fs::read_symlink(entry / "driver", ignored);
    gpus.push_back({entry.filename().string(), driver.filename().string()});
  }
  return gpus;
}

Obstacle nvml_missing(const std::vector<PciGpu>& gpus, const std::string& loader_reason) {
  const std::string& driver = gpus.front().driver;
  if (driver == usual_driver) {
    return {name_of(gpus),
            fmt::format("their driver is loaded and its management library is missing ({}); in a "
                        "container, start it with `{}`",
                        loader_reason, start_with_gpus),
            "sudo apt-get install libnvidia-ml1"};
  }
  if (driver == "vfio-pci") {
    return {name_of(gpus),
            "they are handed through to a virtual machine (driver vfio-pci), which "
            "alone can read them",
            ""};
  }
  return {name_of(gpus),
          fmt::format("NVIDIA's driver is not installed{} ({})",
                      driver.empty() ? "" : fmt::format(", {} serves them", driver), loader_reason),
          "sudo apt-get install nvidia-driver"};
}

Obstacle named_nvml_missing(const std::vector<PciGpu>& gpus, const std::string& loader_reason) {
  return {name_of(gpus), loader_reason, "unset WATTFOR_NVML"};
}

Obstacle nvml_not_initialised(const std::vector<PciGpu>& gpus, NvmlReturn status,
                              const std::string& words) {
  switch (status) {
    case NvmlReturn::driver_not_loaded:
      if (std::ranges::find(gpus, usual_driver, &PciGpu::driver) != gpus.end()) {
        return {name_of(gpus),
                fmt::format("their driver is loaded and its device files are not here, as in a "
                            "container that was started without them: {}",
                            words),
                start_with_gpus};
      }
      return {name_of(gpus), fmt::format("the kernel driver is not loaded: {}", words),
              "sudo modprobe nvidia"};
    case NvmlReturn::lib_rm_version_mismatch:
      return {name_of(gpus),
              fmt::format("the driver was updated and its old version still runs: {}; in a "
                          "container, the library must be that of the host's driver",
                          words),
              "sudo reboot"};
    case NvmlReturn::no_permission:
      return {name_of(gpus), fmt::format("this user may not open /dev/nvidia*: {}", words),
              open_nvidia_files};
    default:
      return {name_of(gpus), fmt::format("NVML can't be initialised: {}", words), "nvidia-smi"};
  }
}

}  // namespace wattfor
