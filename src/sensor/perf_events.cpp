#include "sensor/perf_events.h"

#include <linux/magic.h>
#include <linux/perf_event.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <cerrno>

namespace wattfor {
namespace {

class KernelPerfEvents final : public PerfEvents {
 public:
  std::variant<UniqueFd, int> open(const PerfEvent& event) override {
    perf_event_attr attributes{};
    attributes.size = sizeof(attributes);
    attributes.type = event.type;
    attributes.config = event.config;
    constexpr int every_process = -1;
    constexpr int no_group = -1;
    const long counter = syscall(SYS_perf_event_open, &attributes, every_process, event.cpu,
                                 no_group, PERF_FLAG_FD_CLOEXEC);
    if (counter < 0) return errno;
    return UniqueFd(static_cast<int>(counter));
  }

  std::variant<std::uint64_t, int> read(int counter) override {
    std::uint64_t count = 0;
    ssize_t length = 0;
    do {
      length = ::read(counter, &count, sizeof(count));
    } while (length < 0 && errno == EINTR);
    if (length < 0) return errno;
    // An end of file is the kernel's word for an event in error or of a unit that is gone
    // (kernel/events/core.c, __perf_read).
    if (length != sizeof(count)) return ENODEV;
    return count;
  }
};

}  // namespace

PerfEvents* perf_events_behind(const std::filesystem::path& sysfs_root) {
  static KernelPerfEvents kernel;
  struct statfs system{};
  if (statfs(sysfs_root.c_str(), &system) != 0 || system.f_type != SYSFS_MAGIC) return nullptr;
  return &kernel;
}

}  // namespace wattfor
