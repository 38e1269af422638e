#include "sensor/process_watch.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <string_view>

#include "base/unique_fd.h"
#include "sensor/host_programs.h"

namespace wattfor {
namespace {

namespace fs = std::filesystem;

// The look may take one part in so many of one CPU's time, but its figures must not get older.
constexpr int rest_per_look = 300;
constexpr Seconds longest_rest{5.0};

// The beginning of a file of a process; empty where it has ended meanwhile.
template <std::size_t length>
std::string_view beginning_of(int folder, const char* path, std::array<char, length>& text) {
  const UniqueFd file(openat(folder, path, O_RDONLY | O_CLOEXEC));
  if (!file) return {};
  const ssize_t count = read(file.get(), text.data(), text.size());
  return count > 0 ? std::string_view(text.data(), static_cast<std::size_t>(count))
                   : std::string_view{};
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

  const double ticks_since = ticks_per_second() * Seconds(now - looked_).count();
  std::map<Identity, double> ticks;
  std::vector<BusyProcess> busy;
  const bool is_seen = for_each_program(procfs_root_, [&](int pid, const Program& program) {
    const Identity identity{pid, program.started};
    ticks.emplace_hint(ticks.end(), identity, program.ticks);
    const auto before = ticks_.find(identity);
    if (before != ticks_.end() && program.ticks > before->second) {
      busy.push_back({.pid = pid, .cores = (program.ticks - before->second) / ticks_since});
    }
    return true;
  });
  if (!is_seen) return;
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
