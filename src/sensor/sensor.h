#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/error.h"
#include "measurement/energy.h"
#include "response/profile.h"
#include "units/quantity.h"

namespace wattfor {

enum class SensorKind {
  energy_counter,  // joules since some start; may restart at zero after `counter_range`
  power_gauge,     // watts, now or averaged over `averaging_window`
};

// What part of the machine a sensor sees.
enum class Domain {
  cpu_package,
  cpu_core,    // inside a package
  cpu_uncore,  // inside a package: its graphics, or what the cores share
  dram,
  gpu,         // a whole board
  gpu_memory,  // inside a board
  module,      // a CPU and a GPU with their memory on one board (Grace Hopper, Jetson)
  platform,    // RAPL's psys: what its maker wired to it, the packages among it
  battery,     // the whole machine while it discharges
  wall,        // the whole machine at its plug, by a meter outside it
  other,       // a rail or a board of its own, which `label` names
};

// "cpu package".
std::string_view name_of(Domain domain);

// A sensor as data; every number in SI.
struct SensorInfo {
  std::string id;  // stable and unique on the machine: "rapl:package-0", "nvml:GPU-…:energy"
  SensorKind kind = SensorKind::power_gauge;
  Domain domain = Domain::other;
  int domain_index = 0;  // socket, GPU number
  // Of a module: its number is that of a GPU on it and not its socket's.
  bool index_is_of_gpu = false;
  std::string unit;    // as the source counts: "µJ", "mW"
  std::string source;  // the file or function that is read
  std::string label;   // the source's own word for the domain: "VDD_CPU_GPU_CV"; may be empty
  std::optional<Joules> counter_range;
  // The count begins when the counter is opened: zero is then no sign of one that counts nothing.
  bool counts_from_opening = false;
  std::optional<Seconds> update_period;     // nominal; unknown until calibrated
  std::optional<Seconds> averaging_window;  // of a power gauge
  std::optional<Watts> power_limit;         // above 1.2 × this a reading is a fault
  // What the device keeps its power below, over a second or so; whoever administers it may set it.
  std::optional<Watts> enforced_limit = std::nullopt;
  // Of the board, one standard deviation, common to all readings; the gain's relative.
  double gain_uncertainty = 0.0;
  Watts offset_uncertainty;
  // Who answers, with its version: "nvidia 550.54.15". Another one may time and average otherwise.
  std::string driver = {};
  // What calibration found; the nominal figures above hold where it is absent.
  std::optional<SensorProfile> calibration = std::nullopt;
  // Domains that are in its readings besides its own, where a sensor of its own may show them: a
  // Grace socket's hold its memory, a module's everything on it.
  std::vector<Domain> contains = {};
  // A domain that another sensor contains, or a second sensor of the same one (the gauge beside the
  // counter), is read for a closer look and never added to a total.
  bool in_total = true;
  std::string why_not_in_total = {};
  // Whose energy is in the readings besides this user's, where the device is divided: "all MIG
  // instances of this GPU". Empty where it is not.
  std::string shared_with = {};
  // Nothing real is read: its figures have the basis `simulated`.
  bool simulated = false;
  // Set on a modelled sensor: what it assumes. Its figures have the basis `modelled`.
  std::string assumption;
};

// Whether the domain's energy is in the sensor's readings.
bool holds(const SensorInfo& info, Domain domain);

// How the sensor responds: as calibrated, or the nominal figures. Of a gauge whose averaging window
// is unknown the profile is not complete.
SensorProfile profile_of(const SensorInfo& info);

// Of a sensor that does not say: the slowest that boards usually are (github
// JimZeyuYang/GPU_Power_Benchmark, result sheet).
Seconds update_period_of(const SensorInfo& info);

enum class FailureKind {
  try_again,  // this reading failed, the next may not
  gone,       // the device vanished; it may come back, and then counts anew
  forbidden,  // this user may not read it (any more)
  broken,     // it answers, but not with a number: garbage, an empty file
};

struct ReadFailure {
  FailureKind kind = FailureKind::try_again;
  std::string reason;
};

// The component of a record that a sensor's figure belongs to: "cpu package 0", "dram 1", "gpu 0";
// of another domain its label.
std::string component_name(const SensorInfo& info);

// A failed read is a value of its own: never zero, never the last reading again.
using Reading = std::variant<Joules, Watts, ReadFailure>;

// One readable quantity of one device. Raw readings only: unwrapping, integration and plausibility
// are the meter's.
class Sensor {
 public:
  explicit Sensor(SensorInfo info) : info_(std::move(info)) {}
  Sensor(const Sensor&) = delete;
  Sensor& operator=(const Sensor&) = delete;
  virtual ~Sensor() = default;

  const SensorInfo& info() const { return info_; }
  // An energy counter answers Joules, a power gauge Watts.
  virtual Reading read() = 0;

  // Discovery's last words, when all probes have answered and nobody reads yet.
  void leave_out_of_total(std::string reason);
  void renumber(int domain_index) { info_.domain_index = domain_index; }
  void calibrate(SensorProfile found) { info_.calibration = std::move(found); }

 private:
  SensorInfo info_;
};

// What a device's driver says of its state; absent where it does not say.
struct DeviceState {
  std::optional<double> utilisation_percent;
  std::optional<double> memory_bytes;
  std::optional<double> temperature_c;
  std::optional<double> clock_mhz;
  std::optional<Watts> power_limit = std::nullopt;  // the device is held to it now
  std::vector<std::string> throttle_reasons;
  // For how long the device was slowed down, by reason, counted since its driver was loaded.
  std::map<std::string, Seconds> throttled = {};
};

// A program that uses a device.
struct DeviceProcess {
  int pid = 0;
  std::optional<double> memory_bytes;  // of the device
  bool computes = true;                // false where it only draws
};

// A piece of hardware whose sensors are read together, by one thread.
class Device {
 public:
  virtual ~Device() = default;
  virtual std::string name() const = 0;  // "NVIDIA H100 PCIe (gpu 0)", "RAPL"
  virtual const std::vector<std::unique_ptr<Sensor>>& sensors() const = 0;
  virtual DeviceState state() { return {}; }
  // The programs that use it now, asked also while another thread reads it; nothing where its
  // driver does not tell.
  virtual std::optional<std::vector<DeviceProcess>> processes() { return std::nullopt; }
  // What belongs in a machine's record: driver, UUID, limits. May be empty.
  virtual std::vector<std::string> details() const { return {}; }
};

// A device that is known by its sensors alone.
class SensorGroup final : public Device {
 public:
  SensorGroup(std::string name, std::vector<std::unique_ptr<Sensor>> sensors,
              std::vector<std::string> details = {})
      : name_(std::move(name)), sensors_(std::move(sensors)), details_(std::move(details)) {}

  std::string name() const override { return name_; }
  const std::vector<std::unique_ptr<Sensor>>& sensors() const override { return sensors_; }
  std::vector<std::string> details() const override { return details_; }

 private:
  std::string name_;
  std::vector<std::unique_ptr<Sensor>> sensors_;
  std::vector<std::string> details_;
};

// Something that exists, or could, and can't be read: why, and the exact command that would unlock
// it (empty where there is none).
struct Obstacle {
  std::string what;
  std::string reason;
  std::string remedy;
  bool asked_for = false;  // the user named it: nothing is measured without it
};

struct ProbeResult {
  std::vector<std::unique_ptr<Device>> devices;
  std::vector<Obstacle> obstacles;
  // What whoever reads the devices' figures has to know of them, a line each.
  std::vector<std::string> warnings = {};
};

}  // namespace wattfor
