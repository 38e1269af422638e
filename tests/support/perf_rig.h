#pragma once

#include <cerrno>
#include <functional>
#include <memory>
#include <utility>
#include <variant>

#include "sensor/rapl.h"
#include "support/fake_perf_events.h"
#include "support/fault_rig.h"
#include "support/temp_tree.h"

namespace wattfor::test {

// RAPL's package through perf events.
class PerfRig final : public FaultRig {
 public:
  PerfRig() {
    const std::string unit = "bus/event_source/devices/power/";
    tree_.write("devices/system/cpu/cpu0/topology/physical_package_id", "0\n");
    tree_.write("devices/system/cpu/cpu0/topology/die_id", "0\n");
    tree_.write(unit + "type", "9\n");
    tree_.write(unit + "cpumask", "0\n");
    tree_.write(unit + "format/event", "config:0-7\n");
    tree_.write(unit + "events/energy-pkg", "event=0x02\n");
    tree_.write(unit + "events/energy-pkg.unit", "Joules\n");
    tree_.write(unit + "events/energy-pkg.scale", "2.3283064365386962890625e-10\n");
  }

  SensorKind kind() const override { return SensorKind::energy_counter; }

  std::unique_ptr<Device> find() override {
    ProbeResult found = find_rapl(tree_.root(), tree_ / "no-procfs", &events_);
    return std::move(found.devices.at(0));
  }

  void show(Joules energy, Watts) override {
    events_.set(package, static_cast<std::uint64_t>(energy.value() * 0x1p32));
  }

  void put(SourceFault fault) override {
    events_.fail_reads(0);
    events_.refuse(0);
    switch (fault) {
      case SourceFault::error_code:
        events_.fail_reads(EIO);
        break;
      case SourceFault::permission_lost:
        events_.fail_reads(EACCES);
        break;
      case SourceFault::vanished:
        events_.unregister();
        events_.refuse(ENODEV);
        break;
      default:
        break;
    }
  }

  void before_next_read(std::function<void()> action) override {
    events_.before_next_read(std::move(action));
  }

 private:
  static constexpr PerfEvent package{.type = 9, .config = 2, .cpu = 0};

  TempTree tree_;
  FakePerfEvents events_;
};

}  // namespace wattfor::test
