#include "sensor/process_watch.h"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <ctime>
#include <memory>
#include <optional>
#include <string_view>

#include "base/unique_fd.h"

namespace wattfor {
namespace {

namespace fs = std::filesystem;

// The look may take one part in so many of one CPU's time, but its figures must not get older.
constexpr int rest_per_look = 300;
constexpr Seconds longest_rest{5.0};

struct CloseFolder {
  void operator()(DIR* folder) const { closedir(folder); }
};

struct ProcessTicks {
  unsigned long long start = 0;  // since boot
  unsigned long long used = 0;   // in the program and in the kernel on its behalf
};

// The beginning of a file of a process; empty where it has ended meanwhile.
template <std::size_t length>
std::string_view beginning_of(int folder, const char* path, std::array<char, length>& text) {
  const UniqueFd file(openat(folder, path, O_RDONLY | O_CLOEXEC));
  if (!file) return {};
  const ssize_t count = read(file.get(), text.data(), text.size());
  return count > 0 ? std::string_view(text.data(), static_cast<std::size_t>(count))
                   : std::string_view{};
}

// The fields of /proc/PID/stat as proc(5) numbers them; the second, the name, may hold blanks and
// parentheses and ends at the last one.
std::optional<ProcessTicks> parse_stat(std::string_view stat) {
  const auto name_end = stat.rfind(')');
  if (name_end == std::string_view::npos) return std::nullopt;
  stat.remove_prefix(name_end + 1);
  ProcessTicks ticks;
  constexpr int user_time = 14;
  constexpr int system_time = 15;
  constexpr int start_time = 22;
  for (int field = 3; field <= start_time; ++field) {
    const auto begin = stat.find_first_not_of(' ');
    if (begin == std::string_view::npos) return std::nullopt;
    stat.remove_prefix(begin);
    const auto end = std::min(stat.find(' '), stat.size());
    const std::string_view word = stat.substr(0, end);
    unsigned long long number = 0;
    if (field == user_time || field == system_time || field == start_time) {
      if (std::from_chars(word.data(), word.data() + word.size(), number).ec != std::errc{}) {
        return std::nullopt;
      }
      (field == start_time ? ticks.start : ticks.used) += number;
    }
    stat.remove_prefix(end);
  }
  return ticks;
}

std::optional<int> pid_in(const char* name) {
  int pid = 0;
  const std::string_view text(name);
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), pid);
  if (error != std::errc{} || end != text.data() + text.size() || pid <= 0) return std::nullopt;
  return pid;
}

double ticks_per_second() {
  const long ticks = sysconf(_SC_CLK_TCK);
  return ticks > 0 ? static_cast<double>(ticks) : 100.0;
}

Seconds cpu_time_of_this_thread() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return Seconds(static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec));
}

std::string user_name(uid_t user) {
  // A directory service may take long to answer: each user is asked for once.
  thread_local std::map<uid_t, std::string> known;
  const auto [place, is_new] = known.try_emplace(user);
  if (is_new) {
    passwd entry{};
    passwd* found = nullptr;
    std::array<char, 4096> text{};
    getpwuid_r(user, &entry, text.data(), text.size(), &found);
    place->second = found != nullptr ? found->pw_name : fmt::format("{}", user);
  }
  return place->second;
}

}  // namespace

ProcessWords describe_process(const fs::path& procfs_root, int pid) {
  const fs::path folder = procfs_root / fmt::format("{}", pid);
  ProcessWords words;
  struct stat status{};
  if (stat(folder.c_str(), &status) != 0) return words;
  words.user = user_name(status.st_uid);
  std::array<char, 1024> text{};
  words.command = beginning_of(AT_FDCWD, (folder / "cmdline").c_str(), text);
  // Arguments end with a zero byte each.
  while (words.command.ends_with('\0')) words.command.pop_back();
  std::ranges::replace(words.command, '\0', ' ');
  if (words.command.empty()) {
    std::string_view name = beginning_of(AT_FDCWD, (folder / "comm").c_str(), text);
    if (name.ends_with('\n')) name.remove_suffix(1);
    if (!name.empty()) words.command = fmt::format("[{}]", name);
  }
  return words;
}

ProcessWatch::ProcessWatch(fs::path procfs_root, const Clock& clock)
    : procfs_root_(std::move(procfs_root)), clock_(clock) {}

void ProcessWatch::look() {
  const Instant now = clock_.now();
  if (now < next_) return;
  const Seconds cpu_before = cpu_time_of_this_thread();
  const std::unique_ptr<DIR, CloseFolder> folder(opendir(procfs_root_.c_str()));
  if (!folder) return;

  const double ticks_since = ticks_per_second() * Seconds(now - looked_).count();
  std::map<Identity, unsigned long long> ticks;
  std::vector<BusyProcess> busy;
  std::array<char, 1024> text{};
  while (const dirent* entry = readdir(folder.get())) {
    const auto pid = pid_in(entry->d_name);
    if (!pid) continue;
    std::array<char, 32> path{};
    std::snprintf(path.data(), path.size(), "%d/stat", *pid);
    const auto used = parse_stat(beginning_of(dirfd(folder.get()), path.data(), text));
    if (!used) continue;
    const Identity identity{*pid, used->start};
    ticks.emplace_hint(ticks.end(), identity, used->used);
    const auto before = ticks_.find(identity);
    if (before != ticks_.end() && used->used > before->second) {
      busy.push_back(
          {.pid = *pid, .cores = static_cast<double>(used->used - before->second) / ticks_since});
    }
  }
  std::ranges::sort(busy, [](const BusyProcess& a, const BusyProcess& b) {
    return a.cores != b.cores ? a.cores > b.cores : a.pid < b.pid;
  });
  // The first look tells nothing yet: no rest before the second.
  if (!ticks_.empty()) {
    const Seconds rest = rest_per_look * (cpu_time_of_this_thread() - cpu_before);
    next_ = now + std::chrono::duration_cast<Instant::duration>(std::min(rest, longest_rest));
  }
  ticks_ = std::move(ticks);
  busy_ = std::move(busy);
  looked_ = now;
}

std::vector<BusyProcess> ProcessWatch::busiest(std::size_t count) const {
  const auto end = busy_.begin() + static_cast<std::ptrdiff_t>(std::min(count, busy_.size()));
  return {busy_.begin(), end};
}

}  // namespace wattfor
