#include "bench/host_load.h"

#include <sstream>
#include <string>

#include "base/file.h"

namespace wattfor {

HostLoad::HostLoad(const std::filesystem::path& procfs)
    : file_(procfs / "stat"), begin_(read(file_)) {}

std::optional<double> HostLoad::busy_percent() const {
  const auto now = read(file_);
  if (!begin_ || !now) return std::nullopt;
  const double busy = now->busy - begin_->busy;
  const double all = busy + now->idle - begin_->idle;
  if (busy < 0.0 || all <= 0.0) return std::nullopt;
  return 100.0 * busy / all;
}

// "cpu  user nice system idle iowait irq softirq steal …"; what guests took lies within user.
std::optional<HostLoad::CpuTime> HostLoad::read(const std::filesystem::path& file) {
  std::istringstream line(read_attribute(file).value_or(""));
  std::string name;
  double user = 0.0;
  double nice = 0.0;
  double system = 0.0;
  double idle = 0.0;
  double waiting = 0.0;
  if (!(line >> name >> user >> nice >> system >> idle >> waiting) || name != "cpu") {
    return std::nullopt;
  }
  CpuTime time{.busy = user + nice + system, .idle = idle + waiting};
  // Interrupts, soft interrupts and time stolen by the hypervisor; old kernels stop earlier.
  double other = 0.0;
  for (int i = 0; i < 3 && line >> other; ++i) time.busy += other;
  return time;
}

}  // namespace wattfor
