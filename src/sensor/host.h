#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "units/quantity.h"

namespace wattfor {

// What the kernel says of this host without any sensor.
struct HostFacts {
  std::string hostname;
  std::string kernel;
  std::string cpu;         // /proc/cpuinfo "model name"; on arm64 the core's, e.g. "Neoverse-N1"
  std::string cpu_vendor;  // /proc/cpuinfo "vendor_id"; empty where the kernel names none (arm64)
  int logical_cpus = 0;    // that this machine (or virtual machine) has; at least 1
  double memory_bytes = 0.0;
  std::string virtualisation;  // "kvm", …, "unknown hypervisor"; empty on bare metal
};

HostFacts read_host_facts(const std::filesystem::path& procfs_root = "/proc",
                          const std::filesystem::path& sysfs_root = "/sys");

// "AMD EPYC 9575F 64-Core Processor" → "epyc-9575f": the device part of a setup's id. Only
// [a-z0-9-]; the vendor stays where the rest names no particular processor ("AMD EPYC" →
// "amd-epyc"); never empty.
std::string cpu_slug(const std::string& cpu);

}  // namespace wattfor
