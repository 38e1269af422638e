#include "sensor/nvml_processes.h"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <map>

namespace wattfor {
namespace {

// Entries of any version fit in this. Whoever is wrong about a driver's version then reads nonsense
// of its own memory and of nobody else's.
constexpr std::size_t largest_entry = 32;

constexpr unsigned first_room = 64;
constexpr unsigned most_processes = 65'536;

// Programs start while they are counted: this often more room is offered.
constexpr int most_tries = 4;

using ListProcesses = decltype(nvmlDeviceGetComputeRunningProcesses)*;

struct Entries {
  std::vector<unsigned char> bytes;
  std::size_t count = 0;
};

std::optional<Entries> list(ListProcesses function, nvmlDevice_t gpu) {
  if (function == nullptr) return std::nullopt;
  unsigned room = first_room;
  for (int i = 0; i < most_tries; ++i) {
    Entries entries{.bytes = std::vector<unsigned char>(room * largest_entry)};
    unsigned count = room;
    const NvmlReturn status = function(gpu, &count, entries.bytes.data());
    if (status == NvmlReturn::success) {
      entries.count = std::min(count, room);
      return entries;
    }
    if (status != NvmlReturn::insufficient_size) return std::nullopt;
    room = 2 * std::min(std::max(count, room), most_processes);
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::vector<DeviceProcess>> read_processes(const NvmlFunctions& nvml,
                                                         nvmlDevice_t gpu) {
  const auto compute = list(nvml.compute_processes, gpu);
  const auto graphics = list(nvml.graphics_processes, gpu);
  if (!compute && !graphics) return std::nullopt;
  std::map<int, DeviceProcess> by_number;
  const auto add = [&](const std::optional<Entries>& entries, bool computes) {
    for (std::size_t i = 0; entries && i < entries->count; ++i) {
      nvmlProcessInfo_v1_t entry{};
      std::memcpy(&entry, &entries->bytes[i * nvml.process_entry_bytes], sizeof entry);
      const int pid = static_cast<int>(entry.pid);
      const DeviceProcess unseen{.pid = pid, .memory_bytes = std::nullopt, .computes = computes};
      DeviceProcess& process = by_number.try_emplace(pid, unseen).first->second;
      if (!process.memory_bytes && entry.usedGpuMemory != ~0ULL) {
        process.memory_bytes = static_cast<double>(entry.usedGpuMemory);
      }
    }
  };
  add(compute, true);
  add(graphics, false);
  std::vector<DeviceProcess> processes;
  processes.reserve(by_number.size());
  for (const auto& [pid, process] : by_number) processes.push_back(process);
  return processes;
}

}  // namespace wattfor
