#include "sensor/host_programs.h"

#include <array>
#include <optional>
#include <sstream>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "sensor/kernel_text.h"

namespace wattfor {
namespace {

constexpr std::size_t longest_program_line = 1024;
constexpr std::size_t most_programs = 16384;

// "PID (name) state ppid pgrp session tty tpgid flags minflt cminflt majflt cmajflt utime stime
// cutime cstime priority nice threads itrealvalue starttime …"; the name may hold anything,
// parentheses and line ends among it.
std::optional<std::pair<int, Program>> parsed_program(std::string_view line) {
  const auto name_begin = line.find(" (");
  const auto name_end = line.rfind(')');
  if (name_begin == std::string_view::npos || name_end == std::string_view::npos ||
      name_end < name_begin + 2) {
    return std::nullopt;
  }
  const auto pid = whole_number(line.substr(0, name_begin));
  if (!pid || !std::in_range<int>(*pid)) return std::nullopt;
  std::istringstream rest(std::string(line.substr(name_end + 1)));
  std::string state;
  Program program;
  rest >> state >> program.parent;
  std::string passed_over;
  for (int i = 0; i < 9; ++i) rest >> passed_over;
  std::array<double, 4> ticks{};  // user, system, and both of the children
  for (double& each : ticks) rest >> each;
  for (int i = 0; i < 4; ++i) rest >> passed_over;
  if (!(rest >> program.started)) return std::nullopt;
  program.name = line.substr(name_begin + 2, name_end - name_begin - 2);
  program.ticks = ticks[0] + ticks[1];
  program.with_children = program.ticks + ticks[2] + ticks[3];
  return std::pair(static_cast<int>(*pid), std::move(program));
}

// The initial process namespace has a number of its own (the kernel's include/linux/proc_ns.h,
// PROC_PID_INIT_INO).
bool has_own_numbers(const std::filesystem::path& procfs) {
  std::error_code unknown;
  const auto link = std::filesystem::read_symlink(procfs / "self/ns/pid", unknown);
  return !unknown && link != "pid:[4026531836]";
}

}  // namespace

ProgramTable read_program_table(const std::filesystem::path& procfs) {
  ProgramTable table;
  table.is_whole_machine = !has_own_numbers(procfs);
  const auto read = [](const std::filesystem::path& folder) {
    return parsed_program(beginning_of(folder / "stat", longest_program_line).value_or(""));
  };
  if (const auto self = read(procfs / "self")) table.self = self->first;
  std::error_code error;
  std::filesystem::directory_iterator entry(procfs, error);
  while (!error && entry != std::filesystem::directory_iterator() &&
         table.programs.size() < most_programs) {
    if (whole_number(entry->path().filename().string())) {
      if (auto program = read(entry->path())) table.programs.insert(*std::move(program));
    }
    entry.increment(error);
  }
  return table;
}

std::set<int> own_programs(const ProgramTable& table) {
  if (table.self == 0) return {};
  std::multimap<int, int> children;
  for (const auto& [pid, program] : table.programs) children.emplace(program.parent, pid);
  std::set<int> own;
  std::vector<int> waiting{table.self};
  while (!waiting.empty()) {
    const int pid = waiting.back();
    waiting.pop_back();
    if (!own.insert(pid).second) continue;
    const auto [first, last] = children.equal_range(pid);
    for (auto child = first; child != last; ++child) waiting.push_back(child->second);
  }
  return own;
}

}  // namespace wattfor
