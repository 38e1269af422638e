#include "meter/modelled_host.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "base/file.h"
#include "meter/processor_table.h"

namespace wattfor {
namespace {

namespace fs = std::filesystem;

// Of a processor that the table does not know: notebooks have about 2 W a thread, servers 1.5 to 4
// W, desktops 4 to 6 W.
constexpr Watts per_thread{4.0};
constexpr double unknown_idle_share = 0.3;
constexpr double unknown_processor = 0.9;
constexpr double known_limit = 0.5;
constexpr Watts impossible_package{10'000.0};

// DRAM modules draw 2 to 6 W whether they hold 8 or 64 GiB, and a third of that when idle: 0.2
// W/GiB lies in the middle for common sizes. Where there is more memory the modules are larger
// rather than more, so beyond 256 GiB each GiB costs a quarter; 150 W is what a board full of large
// modules draws (an estimate that grows in proportion reaches hundreds of watts, CodeCarbon's issue
// 629).
constexpr double watts_per_gib = 0.2;
constexpr double watts_per_further_gib = 0.05;
constexpr double first_gib = 256.0;
constexpr double most_dram_watts = 150.0;
constexpr double dram_uncertainty = 1.0;
constexpr double gib = 1024.0 * 1024.0 * 1024.0;

// The power of all CPU packages (or of a virtual machine's share in one) and why.
struct CpuPower {
  Watts busy;
  Watts idle;
  double uncertainty = 0.0;  // relative half-width, 95 %
  std::string origin;
};

// A zone's long-term limit. Nothing where the firmware filled in none, or no power that a package
// could have.
std::optional<Watts> limit_of(const fs::path& zone) {
  const std::string text = read_attribute(zone / "constraint_0_max_power_uw").value_or("");
  std::uint64_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  const Watts limit = microwatts(static_cast<double>(count));
  return limit > Watts(0.0) && limit < impossible_package ? std::optional(limit) : std::nullopt;
}

// The sum of the packages' limits, which the kernel shows to everybody.
std::optional<Watts> rapl_limit(const fs::path& sysfs_root) {
  Watts sum;
  std::error_code ignored;
  for (const auto& zone : fs::directory_iterator(sysfs_root / "class/powercap", ignored)) {
    if (!zone.path().filename().string().starts_with("intel-rapl:")) continue;
    if (!read_attribute(zone.path() / "name").value_or("").starts_with("package-")) continue;
    const auto limit = limit_of(zone.path());
    if (!limit) return std::nullopt;
    sum += *limit;
  }
  return sum > Watts(0.0) ? std::optional(sum) : std::nullopt;
}

// From the topology, as not every architecture's cpuinfo names the packages. Firmware that does not
// tell shows −1 for each CPU.
int sockets(const fs::path& sysfs_root) {
  std::set<std::string> ids;
  std::error_code ignored;
  for (const auto& cpu : fs::directory_iterator(sysfs_root / "devices/system/cpu", ignored)) {
    const auto id = read_attribute(cpu.path() / "topology/physical_package_id");
    if (id && !id->empty()) ids.insert(*id);
  }
  return std::max(1, static_cast<int>(ids.size()));
}

CpuPower cpu_power(const HostFacts& host, const DiscoveryRoots& roots) {
  const auto processor = find_processor(host.cpu);
  const double idle_share = processor ? processor->idle_share : unknown_idle_share;
  const auto from = [&](Watts busy, double uncertainty, std::string origin) {
    return CpuPower{.busy = busy,
                    .idle = idle_share * busy,
                    .uncertainty = uncertainty,
                    .origin = std::move(origin)};
  };

  const bool virtual_machine = !host.virtualisation.empty();
  if (!virtual_machine) {
    if (const auto limit = rapl_limit(roots.sysfs)) {
      return from(*limit, known_limit, fmt::format("RAPL's limit of {:g} W", limit->value()));
    }
  }
  if (!processor) {
    return from(host.logical_cpus * per_thread, unknown_processor,
                fmt::format("{:g} W × {} threads, as the table does not know \"{}\"",
                            per_thread.value(), host.logical_cpus, host.cpu));
  }
  if (virtual_machine || processor->power_goes_with_threads) {
    const double share = static_cast<double>(host.logical_cpus) / processor->threads;
    return from(share * processor->tdp, processor->uncertainty,
                fmt::format("TDP {:g} W × {} of {} threads ({})", processor->tdp.value(),
                            host.logical_cpus, processor->threads, processor->name));
  }
  const int packages = sockets(roots.sysfs);
  return from(
      packages * processor->tdp, processor->uncertainty,
      fmt::format("TDP {:g} W × {} ({})", processor->tdp.value(), packages, processor->name));
}

// What /proc/stat counts: CPUs, and their time in which nothing ran here (idle, waiting for a disk,
// or given to another virtual machine).
struct CpuTimes {
  int cpus = 0;
  Seconds not_busy{0.0};
};

std::optional<CpuTimes> read_cpu_times(const fs::path& stat) {
  const auto text = read_attribute(stat);
  if (!text) return std::nullopt;
  const double ticks_per_second = static_cast<double>(sysconf(_SC_CLK_TCK));
  CpuTimes times;
  bool counted = false;
  std::istringstream lines(*text);
  for (std::string line; std::getline(lines, line) && line.starts_with("cpu");) {
    std::istringstream fields(line);
    std::string name;
    double user = 0.0;
    double nice = 0.0;
    double system = 0.0;
    double idle = 0.0;
    if (!(fields >> name >> user >> nice >> system >> idle)) return std::nullopt;
    if (name != "cpu") {
      ++times.cpus;
      continue;
    }
    double iowait = 0.0;
    double interrupts = 0.0;
    double soft_interrupts = 0.0;
    double steal = 0.0;
    fields >> iowait >> interrupts >> soft_interrupts >> steal;  // old kernels have fewer
    counted = user + nice + system + idle > 0.0;                 // some sandboxes show zeros
    times.not_busy = Seconds((idle + iowait + steal) / ticks_per_second);
  }
  if (!counted || times.cpus == 0) return std::nullopt;
  return times;
}

SensorInfo cpu_info(const CpuPower& power, const fs::path& stat) {
  SensorInfo info;
  info.id = "modelled:cpu-package";
  info.kind = SensorKind::energy_counter;
  info.domain = Domain::cpu_package;
  info.unit = "J";
  info.source = stat.string();
  info.update_period = Seconds(1.0 / static_cast<double>(sysconf(_SC_CLK_TCK)));
  info.power_limit = power.busy;
  info.gain_uncertainty = power.uncertainty / normal_95;
  info.assumption =
      fmt::format("no CPU power sensor: {:.1f} W busy, {:.1f} W idle from {}; ±{:.0f} %",
                  power.busy.value(), power.idle.value(), power.origin, 100.0 * power.uncertainty);
  return info;
}

Watts dram_power(double gibibytes) {
  return Watts(std::min(watts_per_gib * std::min(gibibytes, first_gib) +
                            watts_per_further_gib * std::max(gibibytes - first_gib, 0.0),
                        most_dram_watts));
}

SensorInfo dram_info(double memory_bytes, const fs::path& procfs_root) {
  const double gibibytes = memory_bytes / gib;
  SensorInfo info;
  info.id = "modelled:dram";
  info.kind = SensorKind::energy_counter;
  info.domain = Domain::dram;
  info.unit = "J";
  info.source = (procfs_root / "meminfo").string();
  info.update_period = Seconds(0.0);
  info.power_limit = dram_power(gibibytes);
  info.gain_uncertainty = dram_uncertainty / normal_95;
  info.assumption =
      fmt::format("no DRAM power sensor: {:.1f} W at all times for {:.1f} GiB; ±{:.0f} %",
                  info.power_limit->value(), gibibytes, 100.0 * dram_uncertainty);
  return info;
}

// Busy time is what is left of the CPUs' wall time, so that a machine without an idle moment has no
// noise from the kernel's 10 ms ticks.
class ModelledCpu final : public Sensor {
 public:
  ModelledCpu(CpuPower power, const fs::path& stat, std::shared_ptr<const Clock> clock)
      : Sensor(cpu_info(power, stat)),
        power_(std::move(power)),
        stat_(stat),
        clock_(std::move(clock)) {}

  Reading read() override {
    const Instant now = clock_->now();
    const auto times = read_cpu_times(stat_);
    if (!times) {
      return ReadFailure{FailureKind::broken, stat_.string() + ": expected the CPUs' times"};
    }
    if (last_time_) {
      const Seconds wall = now - *last_time_;
      const Seconds busy = times->cpus * wall - (times->not_busy - last_.not_busy);
      modelled_ += power_.idle * wall + (power_.busy - power_.idle) * (busy / times->cpus);
    }
    last_time_ = now;
    last_ = *times;
    // Idle time comes in ticks, so that the model steps back by one now and then; a counter does
    // not.
    shown_ = std::max(shown_, modelled_);
    return shown_;
  }

 private:
  CpuPower power_;
  fs::path stat_;
  std::shared_ptr<const Clock> clock_;
  std::optional<Instant> last_time_;
  CpuTimes last_;
  Joules modelled_;
  Joules shown_;
};

class ModelledDram final : public Sensor {
 public:
  ModelledDram(double memory_bytes, const fs::path& procfs_root, std::shared_ptr<const Clock> clock)
      : Sensor(dram_info(memory_bytes, procfs_root)),
        clock_(std::move(clock)),
        start_(clock_->now()) {}

  Reading read() override { return *info().power_limit * Seconds(clock_->now() - start_); }

 private:
  std::shared_ptr<const Clock> clock_;
  Instant start_;
};

}  // namespace

std::unique_ptr<Device> modelled_host(const HostFacts& host, ModelledParts parts,
                                      const DiscoveryRoots& roots,
                                      const std::shared_ptr<const Clock>& clock) {
  std::vector<std::unique_ptr<Sensor>> sensors;
  if (parts.cpu) {
    sensors.push_back(
        std::make_unique<ModelledCpu>(cpu_power(host, roots), roots.procfs / "stat", clock));
  }
  // A host that hides its memory's size has no modelled DRAM: it would be 0 W.
  if (parts.dram && host.memory_bytes > 0.0) {
    sensors.push_back(std::make_unique<ModelledDram>(host.memory_bytes, roots.procfs, clock));
  }
  return std::make_unique<SensorGroup>("modelled host", std::move(sensors));
}

}  // namespace wattfor
