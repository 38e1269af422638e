#include "support/probe_rigs.h"

#include <cmath>
#include <memory>
#include <string>

#include "sensor/rapl.h"
#include "support/file_rig.h"

namespace wattfor::test {
namespace {

std::string count(double value) { return std::to_string(std::llround(value)) + "\n"; }

std::string microjoules_text(Joules energy, Watts) { return count(energy.value() * 1e6); }

// The first device of a probe that was told to look at a tree.
std::unique_ptr<Device> only_device(ProbeResult found) {
  if (found.devices.size() != 1) throw std::runtime_error("the probe should find one device");
  return std::move(found.devices.front());
}

FileRig::Source powercap() {
  constexpr const char* zone = "class/powercap/intel-rapl:0/";
  return {.kind = SensorKind::energy_counter,
          .counter_range = Joules(262'143.32885),
          .file = std::string(zone) + "energy_uj",
          .compose =
              [](const TempTree& tree) {
                tree.write(std::string(zone) + "name", "package-0\n");
                tree.write(std::string(zone) + "max_energy_range_uj", "262143328850\n");
              },
          .text = microjoules_text,
          .find =
              [](const TempTree& tree) {
                return only_device(find_rapl(tree.root(), tree / "no-procfs", nullptr));
              }};
}

NamedRig file_rig(std::string name, FileRig::Source (*source)()) {
  return {.name = std::move(name),
          .make = [source] { return std::make_unique<FileRig>(source()); }};
}

}  // namespace

std::vector<NamedRig> probe_rigs() { return {file_rig("powercap", powercap)}; }

}  // namespace wattfor::test
