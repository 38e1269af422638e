#include "measurement/warnings.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <map>
#include <string_view>
#include <utility>

namespace wattfor {
namespace {

// "SW power cap for 1.2 s"; without a time where the driver does not count it.
std::vector<std::string> throttling(const DeviceConditions& device) {
  std::vector<std::string> reasons = device.throttle_reasons;
  for (const auto& [reason, time] : device.throttled) {
    const std::string timed = fmt::format("{} for {:.2g} s", reason, time.count());
    const auto seen = std::ranges::find(reasons, reason);
    if (seen == reasons.end()) {
      reasons.push_back(timed);
    } else {
      *seen = timed;
    }
  }
  return reasons;
}

// "chrome, pid 17".
std::string described(const OtherProgram& program) {
  return fmt::format("{}pid {}", program.name.empty() ? "" : program.name + ", ", program.pid);
}

constexpr std::string_view on_cpu = "cpu";

void warn_of_device_programs(const HostContext& context, std::vector<std::string>& warnings) {
  // Every desktop draws on a GPU, and what ended too early to be known may be the measured program.
  std::map<std::string, std::vector<std::string>> computing;
  for (const OtherProgram& program : context.others) {
    if (program.component == on_cpu || program.use != ProgramUse::compute) continue;
    computing[program.component].push_back(described(program));
  }
  for (const auto& [component, programs] : computing) {
    const bool is_one = programs.size() == 1;
    warnings.push_back(fmt::format(
        "{} on {} ({}): {} energy is in the figure; stop {}, or measure on a device of your own",
        is_one ? "another program computes" : "other programs compute", component,
        fmt::join(programs, "; "), is_one ? "its" : "their", is_one ? "it" : "them"));
  }
}

// Of a simulated device their energy is no part, and what it draws does not depend on them.
void warn_of_cpu_programs(const HostContext& context, const EnergyReport& report,
                          std::vector<std::string>& warnings) {
  constexpr double usual_percent = 5.0;  // what an idle desktop's or server's services take
  if (context.others_cpu_percent.value_or(0.0) <= usual_percent) return;
  bool is_in_figure = false;
  for (const ComponentEnergy& component : report.components) {
    if (component.basis == Basis::simulated) return;
    const bool counts = component.in_total && component.gross;
    is_in_figure = is_in_figure || (counts && component.kind != ComponentKind::gpu);
  }
  std::vector<std::string> greediest;
  for (const OtherProgram& program : context.others) {
    if (program.component != on_cpu) continue;
    greediest.push_back(
        fmt::format("{}, {:.0f} %", described(program), program.cpu_percent.value_or(0.0)));
  }
  warnings.push_back(fmt::format(
      "other programs took {:.0f} % of the CPUs' time{}: {}; stop them and measure again",
      *context.others_cpu_percent,
      greediest.empty() ? "" : fmt::format(" ({})", fmt::join(greediest, "; ")),
      is_in_figure ? "their energy is in the figure" : "the work may have waited for them"));
}

bool has_figure(const EnergyReport& report, ComponentKind kind) {
  return std::ranges::any_of(report.components, [&](const ComponentEnergy& component) {
    return component.kind == kind && component.in_total && component.gross;
  });
}

// A modelled figure, too, is of everybody's time on the processors.
void warn_of_partial_machine(const HostContext& context, const Machine& machine,
                             const EnergyReport& report, std::vector<std::string>& warnings) {
  const bool in_job = context.job.contains("SLURM_JOB_ID");
  if (context.container.empty() && !in_job) return;
  if (!has_figure(report, ComponentKind::cpu)) return;
  double cpus = machine.logical_cpus;
  if (context.allowed_cpu_count > 0) cpus = std::min<double>(cpus, context.allowed_cpu_count);
  if (context.cpu_quota) cpus = std::min(cpus, *context.cpu_quota);
  if (cpus >= machine.logical_cpus) return;
  warnings.push_back(fmt::format(
      "this {} may use {:.3g} of {} CPUs, the figure is of the whole package: whoever uses the "
      "rest is in it; measure on a machine of your own",
      context.container.empty() ? "job" : "container", cpus, machine.logical_cpus));
}

void warn_of_slow_processors(const HostContext& context, std::vector<std::string>& warnings) {
  if (context.slowed_by_heat && *context.slowed_by_heat > Seconds(0.0)) {
    warnings.push_back(fmt::format(
        "the processors were slowed down by heat for {:.2g} s: let them cool, or cool them better",
        context.slowed_by_heat->count()));
  } else if (!context.slowed_by_heat && context.times_slowed_by_heat.value_or(0) > 0) {
    warnings.push_back(fmt::format(
        "the processors were slowed down by heat ({} times): let them cool, or cool them better",
        *context.times_slowed_by_heat));
  }
  if (context.power_supply == "battery") {
    warnings.push_back(
        "the machine ran on battery, where its firmware may slow it down: plug it in to compare");
  }
  // Drivers that scale the frequency themselves call so what is usual.
  constexpr std::array own_scaling{"intel_pstate", "amd-pstate-epp"};
  const bool is_usual = std::ranges::find(own_scaling, context.scaling_driver) != own_scaling.end();
  if (context.governor.find("powersave") != std::string::npos && !is_usual) {
    warnings.push_back(
        fmt::format("the governor is {} ({}), which keeps processors at their lowest clock; set "
                    "another: `cpupower frequency-set -g schedutil`",
                    context.governor, context.scaling_driver));
  }
}

// The words of a text, its numbers as #.
std::string without_numbers(std::string_view text) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  std::string words;
  for (std::size_t i = 0; i < text.size();) {
    if (!is_digit(text[i])) {
      words += text[i++];
      continue;
    }
    words += '#';
    while (i < text.size() && (is_digit(text[i]) || text[i] == '.')) ++i;
    const std::string_view rest = text.substr(i);
    if (rest.starts_with("e+") || rest.starts_with("e-")) i += 2;
    while (i < text.size() && is_digit(text[i])) ++i;
  }
  return words;
}

// Faults that differ in their numbers alone, as those of one cause do in each of many windows, by
// the first of them and how many more there were.
std::vector<std::string> told_once(const std::vector<std::string>& faults) {
  struct Alike {
    std::string words;
    std::string first;
    std::size_t more = 0;
  };
  std::vector<Alike> kinds;
  for (const std::string& fault : faults) {
    std::string words = without_numbers(fault);
    const auto known = std::ranges::find(kinds, words, &Alike::words);
    if (known == kinds.end()) {
      kinds.push_back({.words = std::move(words), .first = fault});
    } else if (fault != known->first) {
      ++known->more;
    }
  }
  std::vector<std::string> told;
  told.reserve(kinds.size());
  for (const auto& [words, first, more] : kinds) {
    told.push_back(more == 0 ? first : fmt::format("{} (and {} more such)", first, more));
  }
  return told;
}

// What befell several components alike, as a machine that slept, is one line.
void warn_of_gaps_and_faults(const EnergyReport& report, std::vector<std::string>& warnings) {
  std::vector<std::pair<std::string, std::vector<std::string>>> names_by_words;
  const auto add = [&](const std::string& words, const std::string& name) {
    auto known =
        std::ranges::find(names_by_words, words, [](const auto& each) { return each.first; });
    if (known == names_by_words.end()) {
      known = names_by_words.insert(known, {words, {}});
    }
    // Of a fault that came more than once, a component is named once.
    if (std::ranges::find(known->second, name) == known->second.end()) {
      known->second.push_back(name);
    }
  };
  for (const ComponentEnergy& component : report.components) {
    if (!component.gaps.empty()) {
      Seconds unread{0.0};
      for (const Gap& gap : component.gaps) unread += gap.duration;
      // Not "unseen": a counter that went on counts what flowed meanwhile.
      add(fmt::format("no new reading for {:.3g} s of {:.3g} s ({})", unread.count(),
                      report.duration.count(), component.gaps.front().reason),
          component.name);
    }
    for (const std::string& fault : told_once(component.faults)) add(fault, component.name);
  }
  for (const auto& [words, names] : names_by_words) {
    warnings.push_back(fmt::format("{}: {}", fmt::join(names, ", "), words));
  }
}

}  // namespace

std::vector<std::string> warnings_of(const EnergyReport& report) {
  // Boards slow down from about here on; a clock this far below its mean has fallen.
  constexpr double hot_c = 85.0;
  constexpr double fallen_clock = 0.9;
  std::vector<std::string> warnings;
  for (const DeviceConditions& device : report.conditions) {
    if (const auto reasons = throttling(device); !reasons.empty()) {
      warnings.push_back(
          fmt::format("{}: throttled ({})", device.device, fmt::join(reasons, ", ")));
    }
    if (device.clock_mhz && device.clock_minimum_mhz &&
        *device.clock_minimum_mhz < fallen_clock * *device.clock_mhz) {
      warnings.push_back(fmt::format("{}: its clock fell to {:.0f} MHz, {:.0f} MHz on average",
                                     device.device, *device.clock_minimum_mhz, *device.clock_mhz));
    }
    if (device.temperature_c && *device.temperature_c > hot_c) {
      warnings.push_back(fmt::format("{}: {:.0f} °C, above the usual {:.0f} °C", device.device,
                                     *device.temperature_c, hot_c));
    }
  }
  warn_of_gaps_and_faults(report, warnings);
  for (const ComponentEnergy& component : report.components) {
    if (!component.shared_with.empty()) {
      warnings.push_back(
          fmt::format("{} is divided: the figure is of {}", component.name, component.shared_with));
    }
  }
  return warnings;
}

std::vector<std::string> warnings_of(const HostContext& context, const Machine& machine,
                                     const EnergyReport& report) {
  std::vector<std::string> warnings;
  warn_of_device_programs(context, warnings);
  warn_of_cpu_programs(context, report, warnings);
  warn_of_partial_machine(context, machine, report, warnings);
  warn_of_slow_processors(context, warnings);
  return warnings;
}

std::vector<std::string> warnings_of_tasks(const HostContext& context) {
  if (context.tasks_on_node.value_or(1) <= 1) return {};
  return {fmt::format(
      "{} tasks of this job run on this node, and the record of each holds the whole node: count "
      "one of them",
      *context.tasks_on_node)};
}

}  // namespace wattfor
