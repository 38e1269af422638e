#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "sensor/host_job.h"

namespace wattfor {

// What this process is confined to. Sensors see the whole machine all the same.
struct Confinement {
  std::string cgroup;     // its path: version 2's, or that of version 1's cpu controller
  std::string container;  // "docker", "podman", "kubernetes", "lxc", …; empty outside of one
  std::optional<double> cpu_quota;  // processors' worth of time
  std::optional<double> memory_limit_bytes;
};

// Sources: Documentation/admin-guide/cgroup-v2.rst (cpu.max, memory.max), cgroup-v1/memory.rst and
// Documentation/scheduler/sched-bwc.rst (cpu.cfs_quota_us); systemd's "Container Interface" (the
// variable `container` of process 1); the files that docker (/.dockerenv) and podman
// (/run/.containerenv) leave in a container, seen through `procfs`/self/root; Kubernetes sets
// KUBERNETES_SERVICE_HOST in every container. The lowest limit from the cgroup upwards counts.
Confinement read_confinement(const std::filesystem::path& procfs,
                             const std::filesystem::path& sysfs, const Environment& environment);

}  // namespace wattfor
