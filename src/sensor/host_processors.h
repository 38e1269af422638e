#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace wattfor {

// Which processors this process may use, and how they are set. Kernel documents:
// Documentation/filesystems/proc.rst (/proc/PID/status), Documentation/admin-guide/pm/cpufreq.rst
// and intel_pstate.rst, Documentation/ABI/testing/sysfs-devices-system-cpu (smt) and
// Documentation/ABI/stable/sysfs-devices-node.
struct ProcessorSettings {
  std::string allowed_cpus;  // "0-3,8", as the kernel lists them; empty where it does not
  int allowed_cpu_count = 0;
  int numa_nodes = 0;          // 0 where the kernel names none
  int allowed_numa_nodes = 0;  // with processors that may be used
  std::string scaling_driver;  // "intel_pstate"; empty where the frequency is not the kernel's
  std::string governor;        // in force; several, where processors differ, with commas
  std::optional<bool> turbo;   // whether clocks above the nominal one are allowed
  std::optional<bool> smt;     // whether cores run more than one thread
};

ProcessorSettings read_processor_settings(const std::filesystem::path& procfs = "/proc",
                                          const std::filesystem::path& sysfs = "/sys");

}  // namespace wattfor
