#pragma once

#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/error.h"
#include "units/quantity.h"

namespace wattfor {

// Half-width of a 95 % interval in standard deviations.
inline constexpr double normal_95 = 1.96;

enum class SensorKind {
  energy_counter,  // joules since some start; may restart at zero after `counter_range`
  power_gauge,     // watts, now or averaged over `averaging_window`
};

// What part of the machine a sensor sees. `other` is a board, a battery, a wall meter.
enum class Domain { cpu_package, cpu_core, cpu_uncore, dram, gpu, platform, other };

// A sensor as data; every number in SI.
struct SensorInfo {
  std::string id;  // stable and unique on the machine: "rapl:package-0", "nvml:GPU-…:energy"
  SensorKind kind = SensorKind::power_gauge;
  Domain domain = Domain::other;
  int domain_index = 0;  // socket, GPU number
  std::string unit;      // as the source counts: "µJ", "mW"
  std::string source;    // the file or function that is read
  std::optional<Joules> counter_range;
  std::optional<Seconds> update_period;     // nominal; unknown until calibrated
  std::optional<Seconds> averaging_window;  // of a power gauge
  std::optional<Watts> power_limit;         // above 1.2 × this a reading is a fault
  double gain_uncertainty = 0.0;  // relative, one standard deviation, common to all readings
  // A domain that another sensor contains, or a second sensor of the same one (the gauge beside the
  // counter): read for a closer look, never added to a total.
  bool in_total = true;
  // Set on a modelled sensor: what it assumes. Its figures have the basis `modelled`.
  std::string assumption;
};

// Of a sensor that does not say: the slowest that boards usually are (github
// JimZeyuYang/GPU_Power_Benchmark, result sheet).
Seconds update_period_of(const SensorInfo& info);

enum class FailureKind {
  try_again,  // this reading failed, the next may not
  gone,       // the device vanished; no more readings
  broken,     // it answers, but not with a number: garbage, an empty file
};

struct ReadFailure {
  FailureKind kind = FailureKind::try_again;
  std::string reason;
};

// The component of a record that a sensor's figure belongs to: "cpu package 0", "dram 1", "gpu 0".
std::string component_name(const SensorInfo& info);

// A failed read is a value of its own: never zero, never the last reading again.
using Reading = std::variant<Joules, Watts, ReadFailure>;

// One readable quantity of one device. Raw readings only: unwrapping, integration and plausibility
// are the meter's.
class Sensor {
 public:
  virtual ~Sensor() = default;
  virtual const SensorInfo& info() const = 0;
  // An energy counter answers Joules, a power gauge Watts.
  virtual Reading read() = 0;
};

// What a device's driver says of its state; absent where it does not say.
struct DeviceState {
  std::optional<double> utilisation_percent;
  std::optional<double> memory_bytes;
  std::optional<double> temperature_c;
  std::optional<double> clock_mhz;
  std::vector<std::string> throttle_reasons;
};

// A piece of hardware whose sensors are read together, by one thread.
class Device {
 public:
  virtual ~Device() = default;
  virtual std::string name() const = 0;  // "NVIDIA H100 PCIe (gpu 0)", "RAPL"
  virtual const std::vector<std::unique_ptr<Sensor>>& sensors() const = 0;
  virtual DeviceState state() { return {}; }
  // What belongs in a machine's record: driver, UUID, limits. May be empty.
  virtual std::vector<std::string> details() const { return {}; }
};

// Something that exists, or could, and can't be read: why, and the exact command that would unlock
// it (empty where there is none).
struct Obstacle {
  std::string what;
  std::string reason;
  std::string remedy;
};

struct ProbeResult {
  std::vector<std::unique_ptr<Device>> devices;
  std::vector<Obstacle> obstacles;
};

}  // namespace wattfor
