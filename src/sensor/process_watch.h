#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "units/quantity.h"

namespace wattfor {

// A program and the processor time it takes.
struct BusyProcess {
  int pid = 0;
  double cores = 0.0;  // logical CPUs kept busy, over the time between two looks
};

// How a person knows a program; empty where the kernel does not tell.
struct ProcessWords {
  std::string user;     // the name, else the number
  std::string command;  // with its arguments; "[name]" of one that has none (a kernel thread)
};

ProcessWords describe_process(const std::filesystem::path& procfs_root, int pid);

// Which programs keep the processors busy, from /proc/PID/stat. Processor time is counted in ticks,
// 10 ms on most kernels, so that a look after one second tells 0.01 CPUs.
class ProcessWatch {
 public:
  ProcessWatch(std::filesystem::path procfs_root, const Clock& clock);

  // Looks at every process, unless looking that often would take more than a third of a percent of
  // one CPU: a machine with 10,000 processes is looked at less often, but every five seconds. The
  // second look, the first that tells anything, is always taken.
  void look();

  // The busiest first, at most `count`, of the latest two looks. Of a process that is younger than
  // those, nothing is known.
  std::vector<BusyProcess> busiest(std::size_t count) const;

 private:
  using Identity = std::pair<int, std::int64_t>;  // pid and start time: pids are used again

  std::filesystem::path procfs_root_;
  const Clock& clock_;
  std::map<Identity, double> ticks_;  // at the latest look
  std::vector<BusyProcess> busy_;     // sorted
  Instant looked_;
  Instant next_;
};

}  // namespace wattfor
