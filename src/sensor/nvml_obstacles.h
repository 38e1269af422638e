#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "sensor/nvml_api.h"
#include "sensor/sensor.h"

namespace wattfor {

// What unlocks device files that this user may not open, until the next boot.
constexpr const char* open_nvidia_files = "sudo chmod a+rw /dev/nvidiactl /dev/nvidia[0-9]*";

// An NVIDIA display or 3D controller on the PCI bus, whether or not a driver serves it.
struct PciGpu {
  std::string slot;    // "0000:17:00.0"
  std::string driver;  // "nvidia", "nouveau", "vfio-pci"; empty where none is bound
};

// By slot; from `sysfs_root`/bus/pci/devices.
std::vector<PciGpu> nvidia_gpus_on_pci(const std::filesystem::path& sysfs_root);

// The library can't be opened: what stands in its way depends on which driver holds the GPUs, of
// which there is one at least.
Obstacle nvml_missing(const std::vector<PciGpu>& gpus, const std::string& loader_reason);

// Nor can the one that $WATTFOR_NVML names, without which the usual one would be looked for.
Obstacle named_nvml_missing(const std::vector<PciGpu>& gpus, const std::string& loader_reason);

// The library is there and nvmlInit refuses; `words` are the library's own for `status`.
Obstacle nvml_not_initialised(const std::vector<PciGpu>& gpus, NvmlReturn status,
                              const std::string& words);

}  // namespace wattfor
