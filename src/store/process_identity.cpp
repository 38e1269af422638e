#include "store/process_identity.h"

#include <fmt/format.h>
#include <unistd.h>

#include <optional>
#include <sstream>
#include <system_error>

#include "base/file.h"

namespace wattfor {
namespace {

namespace fs = std::filesystem;

// What follows the command's name, which stands in brackets and may hold anything, brackets and
// spaces too: the state is field 3, the start time field 22.
struct ProcessStat {
  char state = '?';
  std::int64_t start_ticks = 0;
};

std::optional<ProcessStat> read_stat(const fs::path& procfs_root, std::int64_t pid) {
  const auto text = read_attribute(procfs_root / fmt::format("{}", pid) / "stat");
  if (!text) return std::nullopt;
  const auto bracket = text->rfind(')');
  if (bracket == std::string::npos) return std::nullopt;
  std::istringstream fields(text->substr(bracket + 1));
  ProcessStat stat;
  fields >> stat.state;
  std::string skipped;
  for (int field = 4; field < 22; ++field) fields >> skipped;
  fields >> stat.start_ticks;
  if (fields.fail()) return std::nullopt;
  return stat;
}

std::string boot_id(const fs::path& procfs_root) {
  return read_attribute(procfs_root / "sys/kernel/random/boot_id").value_or("");
}

std::string pid_namespace(const fs::path& procfs_root) {
  std::error_code failed;
  const fs::path target = fs::read_symlink(procfs_root / "self/ns/pid", failed);
  return failed ? "" : target.string();
}

}  // namespace

ProcessIdentity this_process(const fs::path& procfs_root) {
  const std::int64_t pid = getpid();
  return {.pid = pid,
          .start_ticks = read_stat(procfs_root, pid).value_or(ProcessStat{}).start_ticks,
          .boot_id = boot_id(procfs_root),
          .pid_namespace = pid_namespace(procfs_root)};
}

Liveness liveness_of(const ProcessIdentity& process, const fs::path& procfs_root) {
  if (process.boot_id != boot_id(procfs_root)) return Liveness::ended;
  if (process.pid_namespace != pid_namespace(procfs_root)) return Liveness::unknown;
  const auto stat = read_stat(procfs_root, process.pid);
  const bool runs = stat && stat->start_ticks == process.start_ticks && stat->state != 'Z';
  return runs ? Liveness::running : Liveness::ended;
}

}  // namespace wattfor
