#pragma once

#include <filesystem>
#include <optional>

namespace wattfor {

// Where the time of all processors together went since the kernel started, from its own account
// (`procfs`/stat, Documentation/filesystems/proc.rst), in ticks.
struct CpuTime {
  double programs = 0.0;    // programs and the kernel on their behalf
  double interrupts = 0.0;  // serving devices, or stolen by the hypervisor
  double idle = 0.0;

  double busy() const { return programs + interrupts; }
  double all() const { return busy() + idle; }
};

// Nothing where the kernel does not say.
std::optional<CpuTime> read_cpu_time(const std::filesystem::path& procfs = "/proc");

// What part of all processors' time between two moments was not idle; nothing where one is unknown
// or no tick (10 ms) has passed.
std::optional<double> busy_percent(const std::optional<CpuTime>& begin,
                                   const std::optional<CpuTime>& end);

}  // namespace wattfor
