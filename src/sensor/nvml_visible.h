#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "sensor/sensor.h"

namespace wattfor {

// What CUDA's environment says about the GPUs that its programs compute on.
struct CudaEnvironment {
  std::optional<std::string> visible_devices = {};  // $CUDA_VISIBLE_DEVICES; unset: all of them
  std::string device_order = {};                    // $CUDA_DEVICE_ORDER
};

// A GPU that this user can open, as NVML lists it: by its place on the bus.
struct ListedGpu {
  std::string uuid;   // "GPU-…"; may be empty
  std::string board;  // what kind it is
};

struct VisibleGpus {
  std::vector<bool> visible;  // one for each that is listed
  std::vector<Obstacle> obstacles = {};
};

// Of a MIG device's UUID: the place of the GPU that it lies on.
using ParentOfMig = std::function<std::optional<std::size_t>(const std::string& uuid)>;

// The GPUs that $CUDA_VISIBLE_DEVICES names: indices, "GPU-" and as many characters of a UUID as
// name one GPU, "MIG-" and a UUID, "MIG-GPU-<uuid>/<gpu instance>/<compute instance>". As in CUDA
// the first entry that names none ends the list, quietly where that is meant (nothing, -1,
// NoDevFiles) and with an obstacle otherwise; an entry that is of another form than the first ends
// it too, and one that is named twice empties it. Sources: the CUDA programming guide's appendix on
// environment variables; for the last two and for "1x" being 1, PyTorch's torch/cuda/__init__.py,
// which rebuilds what the driver does.
VisibleGpus visible_gpus(const CudaEnvironment& cuda, const std::vector<ListedGpu>& gpus,
                         const ParentOfMig& parent_of_mig);

}  // namespace wattfor
