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
  std::map<int, std::optional<double>> memory_of;
  for (const auto& entries : {compute, graphics}) {
    if (!entries) continue;
    for (std::size_t i = 0; i < entries->count; ++i) {
      nvmlProcessInfo_v1_t entry{};
      std::memcpy(&entry, &entries->bytes[i * nvml.process_entry_bytes], sizeof entry);
      auto& memory = memory_of[static_cast<int>(entry.pid)];
      if (!memory && entry.usedGpuMemory != ~0ULL) {
        memory = static_cast<double>(entry.usedGpuMemory);
      }
    }
  }
  std::vector<DeviceProcess> processes;
  processes.reserve(memory_of.size());
  for (const auto& [pid, memory] : memory_of) processes.push_back({pid, memory});
  return processes;
}

}  // namespace wattfor
