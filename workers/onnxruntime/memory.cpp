#include "workers/onnxruntime/memory.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <string>
#include <string_view>
#include <system_error>

#include "base/error.h"
#include "base/file.h"

namespace wattfor::ort {
namespace {

namespace fs = std::filesystem;

std::optional<std::uint64_t> number_at(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc()) return std::nullopt;
  return number;
}

std::optional<std::uint64_t> number_in(const fs::path& path) {
  const auto text = read_attribute(path);
  return text ? number_at(*text) : std::nullopt;
}

// The number after `key` in a file of lines such as "MemAvailable:   123 kB".
std::optional<std::uint64_t> number_after(std::string_view key, const fs::path& path) {
  const auto text = read_attribute(path);
  const auto found = text ? text->find(key) : std::string::npos;
  if (found == std::string::npos) return std::nullopt;
  return number_at(std::string_view(*text).substr(found + key.size()));
}

// The folder of this process's control group below `hierarchy`. Its line in /proc/self/cgroup is
// "0::/path" in version 2 and "9:memory:/path" in version 1.
fs::path group_folder(const fs::path& root, std::string_view mark, const fs::path& hierarchy) {
  const std::string text = read_attribute(root / "proc/self/cgroup").value_or("");
  const auto found = text.find(mark);
  if (found == std::string::npos) return hierarchy;
  const auto begin = found + mark.size();
  return hierarchy / fs::path(text.substr(begin, text.find('\n', begin) - begin)).relative_path();
}

// What the groups from `folder` up to `hierarchy` leave: a limit of any of them binds. A group
// without a limit says "max", or in version 1 a number beyond any memory. Cached files count as
// used and are given up when memory is asked for.
std::optional<std::uint64_t> left_by_groups(fs::path folder, const fs::path& hierarchy,
                                            const char* limit_file, const char* usage_file) {
  std::optional<std::uint64_t> least;
  for (;;) {
    const auto limit = number_in(folder / limit_file);
    const auto usage = number_in(folder / usage_file);
    if (limit && usage) {
      const auto cached = number_after("inactive_file ", folder / "memory.stat").value_or(0);
      const std::uint64_t left = *limit - std::min(*limit, *usage - std::min(*usage, cached));
      least = std::min(left, least.value_or(left));
    }
    if (folder == hierarchy || !folder.has_relative_path()) return least;
    folder = folder.parent_path();
  }
}

}  // namespace

std::optional<std::uint64_t> available_memory(const fs::path& root) {
  const fs::path version_2 = root / "sys/fs/cgroup";
  const fs::path version_1 = version_2 / "memory";
  std::optional<std::uint64_t> least;
  const auto bound = [&least](std::optional<std::uint64_t> bytes) {
    if (bytes) least = std::min(*bytes, least.value_or(*bytes));
  };
  if (const auto kilobytes = number_after("MemAvailable:", root / "proc/meminfo")) {
    bound(*kilobytes * 1024);
  }
  bound(left_by_groups(group_folder(root, "0::", version_2), version_2, "memory.max",
                       "memory.current"));
  bound(left_by_groups(group_folder(root, ":memory:", version_1), version_1,
                       "memory.limit_in_bytes", "memory.usage_in_bytes"));
  return least;
}

std::optional<double> peak_memory(const fs::path& root) {
  const auto kilobytes = number_after("VmHWM:", root / "proc/self/status");
  if (!kilobytes) return std::nullopt;
  return static_cast<double>(*kilobytes) * 1024.0;
}

void limit_address_space_growth(std::uint64_t bytes) {
  const auto pages = number_in("/proc/self/statm");
  rlimit limit{};
  if (!pages || ::getrlimit(RLIMIT_AS, &limit) != 0) return;
  const auto size = *pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  limit.rlim_cur = std::min<rlim_t>(size + bytes, limit.rlim_max);
  if (::setrlimit(RLIMIT_AS, &limit) != 0) {
    throw error_from_errno(errno, "this process's address space can't be limited");
  }
}

}  // namespace wattfor::ort
