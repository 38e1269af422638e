#pragma once

#include <cstdint>
#include <filesystem>
#include <variant>

#include "base/unique_fd.h"

namespace wattfor {

// What a counter of perf_event_open(2) counts, for all programs on one CPU.
struct PerfEvent {
  std::uint32_t type = 0;  // of its unit (PMU), as the kernel numbered it at this boot
  std::uint64_t config = 0;
  int cpu = 0;

  auto operator<=>(const PerfEvent&) const = default;
};

// The kernel's performance counters, or a test's.
class PerfEvents {
 public:
  PerfEvents() = default;
  PerfEvents(const PerfEvents&) = delete;
  PerfEvents& operator=(const PerfEvents&) = delete;
  virtual ~PerfEvents() = default;

  // A counter that starts at zero now and counts until it is closed; else the errno. EACCES:
  // kernel.perf_event_paranoid is above 0 and the caller has no CAP_PERFMON. EPERM: a system call
  // filter, which containers have.
  virtual std::variant<UniqueFd, int> open(const PerfEvent& event) = 0;
  // What it has counted; else the errno. ENODEV: its unit was unregistered, or the kernel could not
  // schedule it; it counts no more and may be opened again.
  virtual std::variant<std::uint64_t, int> read(int counter) = 0;
};

// The kernel's events where `sysfs_root` is a mounted sysfs, which then is this kernel's; null of
// any other folder: in a composed tree, or a copied one, the types number another kernel's units,
// and here any other may have them. What it points to lives as long as the program.
PerfEvents* perf_events_behind(const std::filesystem::path& sysfs_root);

}  // namespace wattfor
