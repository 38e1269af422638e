#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "measurement/names.h"
#include "units/quantity.h"

namespace wattfor {

// What a program does where it works.
enum class ProgramUse {
  compute,
  graphics,  // it only draws: a desktop, a browser
  unknown,   // it ended before it could be told from the measured program
};
template <>
inline constexpr std::array enumerators<ProgramUse>{ProgramUse::compute, ProgramUse::graphics,
                                                    ProgramUse::unknown};

std::string_view name_of(ProgramUse use);

// A program besides the measured one whose energy is in a figure.
struct OtherProgram {
  std::string name;  // the kernel's; may hold anything; empty where unknown
  int pid = 0;
  std::string component;  // where it works: "cpu", or the component of a device, "gpu 0"
  std::optional<double> cpu_percent;   // of all processors' time in the window
  std::optional<double> memory_bytes;  // of the device
  ProgramUse use = ProgramUse::compute;

  bool operator==(const OtherProgram&) const = default;
};

// What surrounded a measurement and could mislead whoever reads its figures. Sensors see the whole
// machine: its energy is of everybody who worked on it.
struct HostContext {
  // Of all processors' time in the window, what others than the measured program and wattfor took;
  // nothing where that is unknown or the window too short to tell.
  std::optional<double> others_cpu_percent;
  std::vector<OtherProgram> others;  // the greediest few, and all on metered devices

  std::string cgroup;
  std::string container;                     // "docker", "kubernetes", …; empty outside of one
  std::optional<double> cpu_quota;           // processors' worth of time
  std::optional<double> memory_limit_bytes;  // of the cgroup
  std::map<std::string, std::string> job;    // a scheduler's or launcher's words: "SLURM_JOB_ID"
  std::optional<int> tasks_on_node;          // of the job's step

  std::string allowed_cpus;  // "0-3,8"; empty where unknown
  int allowed_cpu_count = 0;
  int numa_nodes = 0;
  int allowed_numa_nodes = 0;
  std::string scaling_driver;
  std::string governor;
  std::optional<bool> turbo;  // allowed
  std::optional<bool> smt;    // in use

  std::optional<double> package_temperature_c;  // the hottest, at the begin or the end
  std::optional<Seconds> slowed_by_heat;        // in the window, of the package it befell longest
  std::optional<std::int64_t> times_slowed_by_heat;
  std::string power_supply;  // "mains", "battery"; empty where unknown

  bool operator==(const HostContext&) const = default;
};

// What names the job that a measurement belongs to, on all its nodes alike: the user's own word
// ($WATTFOR_JOB), Slurm's number, torchrun's run id, mpirun's name space. Empty where none is
// known: torchrun calls every job "none" that was given no id.
std::string job_of(const HostContext& context);

}  // namespace wattfor
