#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <set>
#include <string>

namespace wattfor {

// A process as the kernel accounts for it (Documentation/filesystems/proc.rst, /proc/PID/stat).
struct Program {
  int parent = 0;
  std::string name;            // the kernel's, 15 bytes of anything; longer of kernel threads
  double ticks = 0.0;          // of processor time, its own
  double with_children = 0.0;  // with the time of the children that it has waited for
  std::int64_t started = 0;    // ticks since boot: tells it from a later one with its number
};

// All processes at one moment.
struct ProgramTable {
  int self = 0;  // this process's number there; 0 where unknown
  // Whether numbers are the machine's. In a container's own they say nothing of a process outside,
  // and drivers may speak of outside numbers.
  bool is_whole_machine = true;
  std::map<int, Program> programs;
};

// Processes that end meanwhile are left out. A process costs some 10 µs; at most 16384 are read.
ProgramTable read_program_table(const std::filesystem::path& procfs = "/proc");

// This process and all below it. One that left its family (a daemon) is not among them.
std::set<int> own_programs(const ProgramTable& table);

}  // namespace wattfor
