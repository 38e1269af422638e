#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "measurement/host_context.h"
#include "meter/meter.h"
#include "sensor/discovery.h"
#include "sensor/host_container.h"
#include "sensor/host_heat.h"
#include "sensor/host_job.h"
#include "sensor/host_load.h"
#include "sensor/host_processors.h"
#include "sensor/host_programs.h"
#include "sensor/sensor.h"

namespace wattfor {

// A program that uses a metered device.
struct ProgramOnDevice {
  std::string component;  // of the device: "gpu 0"
  DeviceProcess process;
};

// What surrounds a measurement at one moment.
struct SurroundingsNow {
  std::optional<CpuTime> cpu_time;
  ProgramTable programs;
  std::vector<ProgramOnDevice> on_devices;
  HeatState heat;
};

// Tells what surrounded a measurement from a look before it and a look after it. A look costs some
// µs for each process of the machine, so there is none while something is measured.
class Surroundings {
 public:
  // A driver that does not answer within `patience` is left alone from then on.
  Surroundings(const DiscoveryRoots& roots, const Environment& environment,
               Seconds patience = Seconds(2.0));

  std::optional<CpuTime> cpu_time() const { return read_cpu_time(procfs_); }
  // The meter asks its devices which programs use them.
  SurroundingsNow look(Meter& meter) const;

  // Everything that this process started is the measurement's, and where it is one of a job's ranks
  // what its launcher started; what left the family (a daemon) counts among the others. A program
  // that came and went between the looks is in their share of the time, without a name.
  HostContext between(const SurroundingsNow& begin, const SurroundingsNow& end) const;

 private:
  std::filesystem::path procfs_;
  Seconds patience_;
  ProcessorSettings processors_;
  Confinement confinement_;
  JobFacts job_;
  Family family_;
  HeatReader heat_;
};

}  // namespace wattfor
