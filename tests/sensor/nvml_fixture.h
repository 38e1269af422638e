#pragma once

#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "base/shared_library.h"
#include "fakes/fake_nvml.h"
#include "sensor/nvml.h"
#include "support/temp_tree.h"

namespace wattfor::test {

// Holds one of the fake libraries open, in its first state, so that what a test sets is what the
// adapter meets.
class Fake {
 public:
  explicit Fake(const std::string& path) : path_(path), library_(path) {
    const FakeNvml first_state;
    state() = first_state;
  }
  FakeNvml& state() const { return *library_.symbol<FakeNvml*()>("fake_nvml_state")(); }
  FakeGpu& gpu() const { return state().gpus.front(); }
  ProbeResult find(const CudaEnvironment& cuda = {}) const {
    return find_nvml(path_, sysfs_.root().string(), cuda);
  }

 private:
  TempTree sysfs_;
  std::string path_;
  SharedLibrary library_;
};

inline const std::vector<std::unique_ptr<Sensor>>& sensors(const ProbeResult& found) {
  return found.devices.at(0)->sensors();
}

// "energy power-instant!": what each sensor's id ends with, a mark on the one in the total.
inline std::string listed(const Device& device) {
  std::string list;
  for (const auto& sensor : device.sensors()) {
    const std::string& id = sensor->info().id;
    if (!list.empty()) list += ' ';
    list += id.substr(id.rfind(':') + 1);
    if (sensor->info().in_total) list += '!';
  }
  return list;
}

inline std::string listed(const ProbeResult& found) { return listed(*found.devices.at(0)); }

// The one whose id ends so.
inline Sensor& nvml_sensor(const ProbeResult& found, const std::string& name) {
  for (const auto& candidate : sensors(found)) {
    if (candidate->info().id.ends_with(":" + name)) return *candidate;
  }
  throw std::out_of_range(name);
}

inline double watts(Sensor& sensor) { return std::get<Watts>(sensor.read()).value(); }
inline double joules(Sensor& sensor) { return std::get<Joules>(sensor.read()).value(); }
inline ReadFailure failure(Sensor& sensor) { return std::get<ReadFailure>(sensor.read()); }

}  // namespace wattfor::test
