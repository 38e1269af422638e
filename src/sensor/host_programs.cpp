#include "sensor/host_programs.h"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <memory>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "base/unique_fd.h"
#include "sensor/kernel_text.h"

namespace wattfor {
namespace {

struct CloseFolder {
  void operator()(DIR* folder) const { closedir(folder); }
};

// More than any process's line has.
using ProgramLine = std::array<char, 1024>;

// The file's beginning; empty where the process has ended meanwhile. Without O_NONBLOCK, opening a
// named pipe waits for its writer.
std::string_view read_line_at(int folder, const char* path, ProgramLine& text) {
  const UniqueFd file(openat(folder, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file) return {};
  const ssize_t count = read(file.get(), text.data(), text.size());
  return {text.data(), static_cast<std::size_t>(std::max<ssize_t>(count, 0))};
}

// "PID (name) state ppid pgrp session tty tpgid flags minflt cminflt majflt cmajflt utime stime
// cutime cstime priority nice threads itrealvalue starttime …", numbered from 1; the name may hold
// anything, parentheses and line ends among it.
std::optional<Program> parsed_program(std::string_view line) {
  const auto name_begin = line.find(" (");
  const auto name_end = line.rfind(')');
  if (name_begin == std::string_view::npos || name_end == std::string_view::npos ||
      name_end < name_begin + 2) {
    return std::nullopt;
  }
  constexpr int parent = 4;
  constexpr int user_time = 14;
  constexpr int childrens_system_time = 17;
  constexpr int start_time = 22;
  std::array<std::int64_t, start_time + 1> fields{};
  std::string_view rest = line.substr(name_end + 1);
  for (int field = 3; field <= start_time; ++field) {
    rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
    const std::string_view word = rest.substr(0, rest.find_first_of(" \n"));
    rest.remove_prefix(word.size());
    const bool is_wanted = field == parent || field == start_time ||
                           (field >= user_time && field <= childrens_system_time);
    if (!is_wanted) continue;
    const auto number = whole_number(word);
    if (!number) return std::nullopt;
    fields[static_cast<std::size_t>(field)] = *number;
  }
  if (!std::in_range<int>(fields[parent])) return std::nullopt;
  const auto own = static_cast<double>(fields[user_time] + fields[user_time + 1]);
  const auto of_children = static_cast<double>(fields[user_time + 2] + fields[user_time + 3]);
  return Program{.parent = static_cast<int>(fields[parent]),
                 .name = std::string(line.substr(name_begin + 2, name_end - name_begin - 2)),
                 .ticks = own,
                 .with_children = own + of_children,
                 .started = fields[start_time]};
}

std::optional<int> process_number(std::string_view text) {
  const auto number = whole_number(text);
  const bool is_one = number && *number > 0 && std::in_range<int>(*number);
  return is_one ? std::optional(static_cast<int>(*number)) : std::nullopt;
}

int own_number(const std::filesystem::path& procfs) {
  ProgramLine text{};
  const std::string_view line = read_line_at(AT_FDCWD, (procfs / "self/stat").c_str(), text);
  if (!parsed_program(line)) return 0;
  return process_number(line.substr(0, line.find(' '))).value_or(0);
}

}  // namespace

// The initial process namespace has a number of its own (the kernel's include/linux/proc_ns.h,
// PROC_PID_INIT_INO).
bool has_own_numbers(const std::filesystem::path& procfs) {
  std::error_code unknown;
  const auto link = std::filesystem::read_symlink(procfs / "self/ns/pid", unknown);
  return !unknown && link != "pid:[4026531836]";
}

bool for_each_program(const std::filesystem::path& procfs,
                      const std::function<bool(int, Program&)>& visit) {
  const std::unique_ptr<DIR, CloseFolder> folder(opendir(procfs.c_str()));
  if (!folder) return false;
  ProgramLine text{};
  std::array<char, 32> path{};
  while (const dirent* entry = readdir(folder.get())) {
    const auto pid = process_number(entry->d_name);
    if (!pid) continue;
    std::snprintf(path.data(), path.size(), "%d/stat", *pid);
    auto program = parsed_program(read_line_at(dirfd(folder.get()), path.data(), text));
    if (program && !visit(*pid, *program)) break;
  }
  return true;
}

ProgramTable read_program_table(const std::filesystem::path& procfs, std::size_t most) {
  ProgramTable table;
  table.is_whole_machine = !has_own_numbers(procfs);
  table.self = own_number(procfs);
  for_each_program(procfs, [&](int pid, Program& program) {
    table.is_complete = table.programs.size() < most;
    if (table.is_complete) {
      table.programs.insert_or_assign(table.programs.end(), pid, std::move(program));
    }
    return table.is_complete;
  });
  return table;
}

std::set<int> own_programs(const ProgramTable& table, Family family) {
  if (table.self == 0) return {};
  std::multimap<int, int> children;
  for (const auto& [pid, program] : table.programs) children.emplace(program.parent, pid);
  std::set<int> own;
  std::vector<int> waiting{table.self};
  const auto self = table.programs.find(table.self);
  if (family == Family::launched && self != table.programs.end() && self->second.parent > 1) {
    waiting.push_back(self->second.parent);
  }
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
