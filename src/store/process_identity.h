#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace wattfor {

// Names one process of one boot for good: a pid alone is used again, its start time with it is not.
struct ProcessIdentity {
  std::int64_t pid = 0;
  std::int64_t start_ticks = 0;  // since boot, from /proc/PID/stat (proc(5), field 22)
  std::string boot_id;
  std::string pid_namespace;  // pids of another container can't be looked up from here

  bool operator==(const ProcessIdentity&) const = default;
};

ProcessIdentity this_process(const std::filesystem::path& procfs_root = "/proc");

enum class Liveness {
  running,
  ended,
  unknown,  // a process of another container of this boot
};

Liveness liveness_of(const ProcessIdentity& process,
                     const std::filesystem::path& procfs_root = "/proc");

}  // namespace wattfor
