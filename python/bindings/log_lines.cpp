#include "log_lines.h"

#include <cstddef>
#include <mutex>
#include <string_view>
#include <utility>

#include "base/log.h"

namespace wattfor::python {
namespace {

constexpr std::size_t most_lines = 100;

struct KeptLines {
  std::mutex mutex;
  std::vector<std::string> lines;
};

// Never destroyed: a thread that is stuck in a driver may log while the process ends.
KeptLines& kept() {
  static KeptLines& lines = *new KeptLines;
  return lines;
}

}  // namespace

void keep_log_lines() {
  set_log_sink([](LogLevel level, std::string_view line) {
    if (level != LogLevel::warning) return;
    KeptLines& all = kept();
    const std::lock_guard lock(all.mutex);
    if (all.lines.size() == most_lines) all.lines.erase(all.lines.begin());
    all.lines.emplace_back(line);
  });
}

std::vector<std::string> take_log_lines() {
  KeptLines& all = kept();
  const std::lock_guard lock(all.mutex);
  return std::exchange(all.lines, {});
}

}  // namespace wattfor::python
