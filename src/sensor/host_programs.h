#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
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
  // Whether numbers are the machine's: has_own_numbers(). In a container's own they say nothing of
  // a process outside, and drivers may speak of outside numbers.
  bool is_whole_machine = true;
  // False where the machine has more processes than were to be read, in no order: who is missing is
  // unknown, and whether this process's own are among them.
  bool is_complete = true;
  std::map<int, Program> programs;
};

// Whether process numbers are a container's own and not the machine's.
bool has_own_numbers(const std::filesystem::path& procfs);

// Visits every process, with its number, until one visit answers false; processes that end
// meanwhile are left out. False where the folder can't be read.
bool for_each_program(const std::filesystem::path& procfs,
                      const std::function<bool(int, Program&)>& visit);

// At most `most` processes, of which each costs some µs.
ProgramTable read_program_table(const std::filesystem::path& procfs = "/proc",
                                std::size_t most = 65'536);

enum class Family {
  own,       // a process and all below it
  launched,  // its launcher and all that this one started: the other ranks of a job are among them
};

// The programs that are this process's. One that left the family (a daemon) is not among them; the
// machine's first process launches nobody in particular.
std::set<int> own_programs(const ProgramTable& table, Family family = Family::own);

}  // namespace wattfor
