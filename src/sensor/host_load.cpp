#include "sensor/host_load.h"

#include <sstream>
#include <string>

#include "sensor/kernel_text.h"

namespace wattfor {

// "cpu  user nice system idle iowait irq softirq steal …"; what guests took lies within user.
std::optional<CpuTime> read_cpu_time(const std::filesystem::path& procfs) {
  constexpr std::size_t longest_line = 512;  // of more than the 10 numbers of 20 digits
  std::istringstream line(beginning_of(procfs / "stat", longest_line).value_or(""));
  std::string name;
  double user = 0.0;
  double nice = 0.0;
  double system = 0.0;
  double idle = 0.0;
  double waiting = 0.0;
  if (!(line >> name >> user >> nice >> system >> idle >> waiting) || name != "cpu") {
    return std::nullopt;
  }
  CpuTime time{.programs = user + nice + system, .interrupts = 0.0, .idle = idle + waiting};
  // Interrupts, soft interrupts and time stolen by the hypervisor; old kernels stop earlier.
  double other = 0.0;
  for (int i = 0; i < 3 && line >> other; ++i) time.interrupts += other;
  return time;
}

std::optional<double> busy_percent(const std::optional<CpuTime>& begin,
                                   const std::optional<CpuTime>& end) {
  if (!begin || !end) return std::nullopt;
  const double busy = end->busy() - begin->busy();
  const double all = end->all() - begin->all();
  if (busy < 0.0 || all <= 0.0) return std::nullopt;
  return 100.0 * busy / all;
}

}  // namespace wattfor
