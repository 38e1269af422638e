#include "sensor/nvml.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "sensor/nvml_device.h"
#include "sensor/nvml_gpu.h"
#include "sensor/nvml_library.h"
#include "sensor/nvml_obstacles.h"
#include "sensor/nvml_sensors.h"

namespace wattfor {
namespace {

// No machine has more; a count beyond it is an error of the driver's.
constexpr unsigned most_gpus = 1024;

using SharedNvml = std::shared_ptr<NvmlLibrary>;
using Gpus = std::vector<std::shared_ptr<NvmlGpu>>;

// Those that can be opened, in NVML's order.
Gpus open_all(const SharedNvml& nvml, ProbeResult& result) {
  Gpus gpus;
  const NvmlFunctions& f = nvml->functions();
  unsigned count = 0;
  const NvmlReturn status = f.count != nullptr && f.handle_by_index != nullptr
                                ? f.count(&count)
                                : NvmlReturn::function_not_found;
  if (status != NvmlReturn::success) {
    result.obstacles.push_back(
        {"NVIDIA GPUs", fmt::format("NVML does not list them: {}", nvml->explain(status)), ""});
    return gpus;
  }
  if (count > most_gpus) {
    result.obstacles.push_back(
        {"NVIDIA GPUs",
         fmt::format("NVML claims {} of them, at most {} are believed", count, most_gpus),
         "nvidia-smi -L"});
  }
  for (unsigned i = 0; i < std::min(count, most_gpus); ++i) {
    nvmlDevice_t handle = nullptr;
    const NvmlReturn opened = f.handle_by_index(i, &handle);
    if (opened == NvmlReturn::success) {
      gpus.push_back(std::make_shared<NvmlGpu>(nvml, handle, i));
      continue;
    }
    result.obstacles.push_back({fmt::format("NVIDIA GPU {}", i),
                                fmt::format("NVML can't open it: {}", nvml->explain(opened)),
                                opened == NvmlReturn::no_permission ? open_nvidia_files : ""});
    // There are no more: the count was wrong.
    if (opened == NvmlReturn::invalid_argument) break;
  }
  return gpus;
}

std::optional<std::size_t> parent_of_mig(const NvmlFunctions& f, const Gpus& gpus,
                                         const std::string& mig_uuid) {
  nvmlDevice_t mig = nullptr;
  nvmlDevice_t parent = nullptr;
  if (f.handle_by_uuid == nullptr || f.gpu_of_mig == nullptr || f.uuid == nullptr ||
      f.handle_by_uuid(mig_uuid.c_str(), &mig) != NvmlReturn::success ||
      f.gpu_of_mig(mig, &parent) != NvmlReturn::success) {
    return std::nullopt;
  }
  const std::string uuid =
      nvml_text([&](char* text, unsigned n) { return f.uuid(parent, text, n); });
  const auto gpu = std::ranges::find(gpus, uuid, [](const auto& g) { return g->uuid(); });
  if (uuid.empty() || gpu == gpus.end()) return std::nullopt;
  return gpu - gpus.begin();
}

VisibleGpus visible_of(const CudaEnvironment& cuda, const Gpus& gpus, const NvmlFunctions& f) {
  std::vector<ListedGpu> listed;
  listed.reserve(gpus.size());
  for (const auto& gpu : gpus) listed.push_back({gpu->uuid(), gpu->board()});
  return visible_gpus(cuda, listed,
                      [&](const std::string& uuid) { return parent_of_mig(f, gpus, uuid); });
}

void examine(const std::shared_ptr<NvmlGpu>& gpu, bool visible, ProbeResult& result) {
  NvmlSensors found = find_nvml_sensors(gpu);
  if (!found.has_total || found.forbidden) {
    const std::string_view which = found.sensors.empty() ? "no sensor"
                                   : found.has_total     ? "not every sensor"
                                                         : "no sensor of the GPU alone";
    result.obstacles.push_back(
        {"Power of " + gpu->name(),
         fmt::format("{} answers: {}", which, fmt::join(found.reasons, "; ")),
         found.forbidden ? "sudo wattfor sensors" : ""});
  }
  if (!visible) {
    for (const auto& sensor : found.sensors) {
      sensor->leave_out_of_total("not in CUDA_VISIBLE_DEVICES");
    }
  }
  result.devices.push_back(std::make_unique<NvmlDevice>(gpu, std::move(found.sensors)));
}

}  // namespace

ProbeResult find_nvml(const std::string& library, const std::string& sysfs_root,
                      const CudaEnvironment& cuda) {
  if (library.empty()) return {};
  const std::vector<PciGpu> on_bus = nvidia_gpus_on_pci(sysfs_root);
  // A library that the user named is expected to be there; without it a machine that shows no such
  // GPU misses nothing.
  const bool named = library != "libnvidia-ml.so.1";
  const bool expected = named || !on_bus.empty();
  ProbeResult result;
  SharedNvml nvml;
  try {
    nvml = std::make_shared<NvmlLibrary>(library);
  } catch (const Error& error) {
    if (named) {
      result.obstacles.push_back(named_nvml_missing(on_bus, error.what()));
    } else if (expected) {
      result.obstacles.push_back(nvml_missing(on_bus, error.what()));
    }
    return result;
  }
  const NvmlReturn status = nvml->initialise();
  if (status != NvmlReturn::success) {
    if (expected || status != NvmlReturn::driver_not_loaded) {
      result.obstacles.push_back(nvml_not_initialised(on_bus, status, nvml->explain(status)));
    }
    return result;
  }
  const Gpus gpus = open_all(nvml, result);
  VisibleGpus visible = visible_of(cuda, gpus, nvml->functions());
  for (std::size_t i = 0; i < gpus.size(); ++i) examine(gpus[i], visible.visible[i], result);
  std::ranges::move(visible.obstacles, std::back_inserter(result.obstacles));
  return result;
}

}  // namespace wattfor
