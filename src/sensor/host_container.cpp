#include "sensor/host_container.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "sensor/kernel_text.h"

namespace wattfor {
namespace {

namespace fs = std::filesystem;

// The paths of /proc/self/cgroup, "NUMBER:CONTROLLERS:PATH" a line; version 2's has no controllers.
struct CgroupPaths {
  std::string unified;
  std::string cpu;
  std::string memory;

  // Version 1's are empty where version 2 rules.
  const std::string& shown() const { return cpu.empty() ? unified : cpu; }
};

bool has_word(std::string_view list, std::string_view word) {
  while (true) {
    const auto comma = list.find(',');
    if (list.substr(0, comma) == word) return true;
    if (comma == std::string_view::npos) return false;
    list.remove_prefix(comma + 1);
  }
}

CgroupPaths read_cgroup_paths(const fs::path& procfs) {
  CgroupPaths paths;
  for (const std::string& line : lines_of(kernel_text(procfs / "self/cgroup").value_or(""))) {
    const auto first = line.find(':');
    const auto second = first == std::string::npos ? first : line.find(':', first + 1);
    if (second == std::string::npos) continue;
    const std::string_view controllers =
        std::string_view(line).substr(first + 1, second - first - 1);
    const std::string path = line.substr(second + 1);
    if (controllers.empty()) paths.unified = path;
    if (has_word(controllers, "cpu")) paths.cpu = path;
    if (has_word(controllers, "memory")) paths.memory = path;
  }
  return paths;
}

// The folders from a cgroup up to the root of its hierarchy. A container's own view may begin
// anywhere, so what is not there is passed over later; ".." (of a cgroup outside this view) would
// lead out of the tree.
std::vector<fs::path> upwards(const fs::path& root, const std::string& cgroup) {
  constexpr std::size_t deepest = 64;
  std::vector<fs::path> folders;
  const fs::path path(cgroup);
  const bool leads_out = std::ranges::find(path, fs::path("..")) != path.end();
  fs::path relative = leads_out ? fs::path() : path.relative_path();
  while (!relative.empty() && folders.size() < deepest) {
    folders.push_back(root / relative);
    relative = relative.parent_path();
  }
  folders.push_back(root);
  return folders;
}

void lower(std::optional<double>& limit, double value) {
  if (value > 0.0) limit = std::min(limit.value_or(value), value);
}

// "200000 100000": 200 of every 100 ms; "max" is no limit.
void take_cpu_max(const fs::path& folder, std::optional<double>& quota) {
  const std::string text = kernel_text(folder / "cpu.max").value_or("");
  const auto blank = text.find(' ');
  if (blank == std::string::npos) return;
  const auto time = whole_number(std::string_view(text).substr(0, blank));
  const auto period = whole_number(std::string_view(text).substr(blank + 1));
  if (time && period && *period > 0) {
    lower(quota, static_cast<double>(*time) / static_cast<double>(*period));
  }
}

void take_cfs_quota(const fs::path& folder, std::optional<double>& quota) {
  const auto time = kernel_number(folder / "cpu.cfs_quota_us");  // -1: no limit
  const auto period = kernel_number(folder / "cpu.cfs_period_us");
  if (time && period && *period > 0) {
    lower(quota, static_cast<double>(*time) / static_cast<double>(*period));
  }
}

void take_memory_limit(const fs::path& file, std::optional<double>& limit) {
  // Version 1 writes the largest number of whole pages for no limit.
  constexpr double no_limit = 4e18;
  const auto bytes = kernel_number(file);
  if (bytes && static_cast<double>(*bytes) < no_limit) lower(limit, static_cast<double>(*bytes));
}

void read_limits(const fs::path& mounted, const CgroupPaths& paths, Confinement& confinement) {
  for (const fs::path& folder : upwards(mounted, paths.unified)) {
    take_cpu_max(folder, confinement.cpu_quota);
    take_memory_limit(folder / "memory.max", confinement.memory_limit_bytes);
  }
  for (const char* controller : {"cpu", "cpu,cpuacct"}) {
    for (const fs::path& folder : upwards(mounted / controller, paths.cpu)) {
      take_cfs_quota(folder, confinement.cpu_quota);
    }
  }
  for (const fs::path& folder : upwards(mounted / "memory", paths.memory)) {
    take_memory_limit(folder / "memory.limit_in_bytes", confinement.memory_limit_bytes);
  }
}

// What process 1 was told that it runs in; only its own user may read that.
std::string container_variable(const fs::path& procfs) {
  const std::string environment = kernel_text(procfs / "1/environ").value_or("");
  constexpr std::string_view key("container=");
  std::size_t begin = 0;
  while (begin < environment.size()) {
    const std::size_t end = std::min(environment.find('\0', begin), environment.size());
    const auto entry = std::string_view(environment).substr(begin, end - begin);
    if (entry.starts_with(key)) return std::string(entry.substr(key.size()).substr(0, 64));
    begin = end + 1;
  }
  return "";
}

std::string container_by_cgroup(std::string_view path) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 9> signs{{
      {"kubepods", "kubernetes"},
      {"libpod-", "podman"},
      {"/docker/", "docker"},
      {"docker-", "docker"},
      {"cri-containerd-", "containerd"},
      {"lxc.payload", "lxc"},
      {"/lxc/", "lxc"},
      {"systemd-nspawn@", "systemd-nspawn"},
      {"/machine-", "systemd-nspawn"},
  }};
  for (const auto& [sign, container] : signs) {
    if (path.find(sign) != std::string_view::npos) return std::string(container);
  }
  return "";
}

std::string read_container(const fs::path& procfs, const std::string& cgroup,
                           const Environment& environment) {
  std::string by_cgroup = container_by_cgroup(cgroup);
  const auto service = environment("KUBERNETES_SERVICE_HOST");
  if (by_cgroup == "kubernetes" || (service && !service->empty())) return "kubernetes";
  if (auto named = container_variable(procfs); !named.empty()) return named;
  const fs::path root = procfs / "self/root";
  std::error_code unknown;
  if (fs::exists(root / "run/.containerenv", unknown)) return "podman";
  if (fs::exists(root / ".dockerenv", unknown)) return "docker";
  return by_cgroup;
}

}  // namespace

Confinement read_confinement(const fs::path& procfs, const fs::path& sysfs,
                             const Environment& environment) {
  const CgroupPaths paths = read_cgroup_paths(procfs);
  Confinement confinement;
  confinement.cgroup = paths.shown();
  confinement.container = read_container(procfs, paths.shown(), environment);
  read_limits(sysfs / "fs/cgroup", paths, confinement);
  return confinement;
}

}  // namespace wattfor
