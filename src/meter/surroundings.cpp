#include "meter/surroundings.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <set>
#include <utility>

namespace wattfor {
namespace {

// The component that most of a device's energy is of.
std::string component_of(const Device& device) {
  for (const auto& sensor : device.sensors()) {
    const Domain domain = sensor->info().domain;
    if (domain == Domain::gpu || domain == Domain::module) return component_name(sensor->info());
  }
  return device.name();
}

std::vector<ProgramOnDevice> programs_on(Meter& meter, Seconds longest) {
  meter.ask_for_processes(longest);
  const auto processes = meter.processes();
  std::vector<ProgramOnDevice> programs;
  for (std::size_t i = 0; i < processes.size(); ++i) {
    if (!processes[i]) continue;
    const std::string component = component_of(*meter.devices()[i]);
    for (const DeviceProcess& process : *processes[i]) {
      programs.push_back({.component = component, .process = process});
    }
  }
  return programs;
}

// The table's entry of a process that is in both: numbers are given again.
const Program* same_program(const ProgramTable& table, int pid, const Program& program) {
  const auto found = table.programs.find(pid);
  const bool is_same = found != table.programs.end() && found->second.started == program.started;
  return is_same ? &found->second : nullptr;
}

double time_of(const ProgramTable& table, const std::set<int>& programs) {
  double ticks = 0.0;
  for (const int pid : programs) {
    const auto found = table.programs.find(pid);
    if (found != table.programs.end()) ticks += found->second.with_children;
  }
  return ticks;
}

std::vector<OtherProgram> greediest_programs(const ProgramTable& begin, const ProgramTable& end,
                                             const std::set<int>& own, double all_ticks) {
  constexpr std::size_t most = 3;
  constexpr double least_percent = 1.0;
  std::vector<OtherProgram> programs;
  for (const auto& [pid, program] : end.programs) {
    if (own.contains(pid)) continue;
    const Program* before = same_program(begin, pid, program);
    const double ticks = program.ticks - (before == nullptr ? 0.0 : before->ticks);
    const double percent = 100.0 * ticks / all_ticks;
    if (percent < least_percent) continue;
    programs.push_back({.name = program.name,
                        .pid = pid,
                        .component = "cpu",
                        .cpu_percent = percent,
                        .memory_bytes = std::nullopt});
  }
  std::ranges::stable_sort(programs, std::ranges::greater(), &OtherProgram::cpu_percent);
  programs.resize(std::min(programs.size(), most));
  return programs;
}

void compare_cpu_time(const SurroundingsNow& begin, const SurroundingsNow& end, Family family,
                      HostContext& context) {
  // Programs' times and the machine's are rounded to ticks, each by itself.
  constexpr double fewest_ticks = 100.0;
  if (!begin.cpu_time || !end.cpu_time || end.programs.self == 0) return;
  if (!begin.programs.is_complete || !end.programs.is_complete) return;
  const double all = end.cpu_time->all() - begin.cpu_time->all();
  if (all < fewest_ticks) return;
  const std::set<int> own = own_programs(end.programs, family);
  const double own_ticks =
      time_of(end.programs, own) - time_of(begin.programs, own_programs(begin.programs, family));
  const double others = end.cpu_time->programs - begin.cpu_time->programs - own_ticks;
  context.others_cpu_percent = 100.0 * std::clamp(others / all, 0.0, 1.0);
  context.others = greediest_programs(begin.programs, end.programs, own, all);
}

enum class Moment { begin, end };

// What a program that is not known as one of our own does on a device. It is another's where it is
// in the table of all; who has ended before that was read may as well have been the measured one.
// In a container with numbers of its own nobody outside is in the table, and before the measurement
// nobody is its.
ProgramUse use_of(const DeviceProcess& process, const ProgramTable& table, Moment moment) {
  const bool is_anothers = table.is_whole_machine
                               ? table.is_complete && table.programs.contains(process.pid)
                               : moment == Moment::begin;
  if (!is_anothers) return ProgramUse::unknown;
  return process.computes ? ProgramUse::compute : ProgramUse::graphics;
}

void add_programs_on_devices(const SurroundingsNow& now, Moment moment, const std::set<int>& own,
                             HostContext& context) {
  // In a container, a driver may speak of the outside's numbers (NVIDIA's did before it learnt of
  // namespaces), so there nothing is said while a program of our own could be meant.
  if (!now.programs.is_whole_machine && own.size() > 1) return;
  for (const auto& [component, process] : now.on_devices) {
    if (own.contains(process.pid)) continue;
    const ProgramUse use = use_of(process, now.programs, moment);
    const auto known = std::ranges::find_if(context.others, [&](const OtherProgram& other) {
      return other.pid == process.pid && other.component == component;
    });
    if (known != context.others.end()) {
      known->use = std::min(known->use, use);
      continue;
    }
    const auto named = now.programs.programs.find(process.pid);
    const bool has_name = now.programs.is_whole_machine && named != now.programs.programs.end();
    context.others.push_back({.name = has_name ? named->second.name : "",
                              .pid = process.pid,
                              .component = component,
                              .cpu_percent = std::nullopt,
                              .memory_bytes = process.memory_bytes,
                              .use = use});
  }
}

// The greatest increase of any package; nothing where none says.
template <class Value>
std::optional<Value> greatest_increase(const HeatState& begin, const HeatState& end,
                                       std::optional<Value> HeatState::SlowedDown::* member) {
  std::optional<Value> greatest;
  const std::size_t packages = std::min(begin.slowed_down.size(), end.slowed_down.size());
  for (std::size_t i = 0; i < packages; ++i) {
    const auto& before = begin.slowed_down[i].*member;
    const auto& after = end.slowed_down[i].*member;
    if (before && after) greatest = std::max(greatest.value_or(Value(0)), *after - *before);
  }
  return greatest;
}

}  // namespace

Surroundings::Surroundings(const DiscoveryRoots& roots, const Environment& environment,
                           Seconds patience)
    : procfs_(roots.procfs),
      patience_(patience),
      processors_(read_processor_settings(roots.procfs, roots.sysfs)),
      confinement_(read_confinement(roots.procfs, roots.sysfs, environment)),
      job_(read_job_facts(environment)),
      family_(job_.tasks_on_node.value_or(1) > 1 ? Family::launched : Family::own),
      heat_(roots.sysfs) {}

SurroundingsNow Surroundings::look(Meter& meter) const {
  SurroundingsNow now;
  now.heat = heat_.read();
  now.cpu_time = cpu_time();
  now.programs = read_program_table(procfs_);
  now.on_devices = programs_on(meter, patience_);
  // One that ends before it can be looked up is in the table from before the asking, one that began
  // since in the table from after it.
  const bool has_newcomer =
      std::ranges::any_of(now.on_devices, [&](const ProgramOnDevice& program) {
        return !now.programs.programs.contains(program.process.pid);
      });
  if (has_newcomer) now.programs.programs.merge(read_program_table(procfs_).programs);
  return now;
}

HostContext Surroundings::between(const SurroundingsNow& begin, const SurroundingsNow& end) const {
  HostContext context;
  compare_cpu_time(begin, end, family_, context);
  std::set<int> own = own_programs(begin.programs, family_);
  own.merge(own_programs(end.programs, family_));
  add_programs_on_devices(begin, Moment::begin, own, context);
  add_programs_on_devices(end, Moment::end, own, context);

  context.cgroup = confinement_.cgroup;
  context.container = confinement_.container;
  context.cpu_quota = confinement_.cpu_quota;
  context.memory_limit_bytes = confinement_.memory_limit_bytes;
  context.job = job_.variables;
  context.tasks_on_node = job_.tasks_on_node;

  context.allowed_cpus = processors_.allowed_cpus;
  context.allowed_cpu_count = processors_.allowed_cpu_count;
  context.numa_nodes = processors_.numa_nodes;
  context.allowed_numa_nodes = processors_.allowed_numa_nodes;
  context.scaling_driver = processors_.scaling_driver;
  context.governor = processors_.governor;
  context.turbo = processors_.turbo;
  context.smt = processors_.smt;

  context.package_temperature_c =
      std::max(begin.heat.package_temperature_c, end.heat.package_temperature_c);
  context.slowed_by_heat = greatest_increase(begin.heat, end.heat, &HeatState::SlowedDown::time);
  context.times_slowed_by_heat =
      greatest_increase(begin.heat, end.heat, &HeatState::SlowedDown::times);
  const bool on_battery =
      begin.heat.power_supply == "battery" || end.heat.power_supply == "battery";
  context.power_supply = on_battery ? "battery" : end.heat.power_supply;
  return context;
}

}  // namespace wattfor
