#include "report/run_summary.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <optional>
#include <vector>

#include "document/numbers.h"
#include "document/text_table.h"
#include "report/scope_words.h"
#include "report/windows_text.h"

namespace wattfor {
namespace {

// Energy above idle is the difference of two numbers that may be alike: what is left of their
// rounding is none.
std::string net_text(const std::optional<EnergyFigure>& gross,
                     const std::optional<EnergyFigure>& net) {
  constexpr double rounding = 1e-9;  // of the gross energy
  const bool none =
      gross && net && std::abs(net->energy.value()) < rounding * std::abs(gross->energy.value());
  return none ? si_number(0.0, "J") : energy_text(net);
}

std::string interval_text(const std::optional<EnergyFigure>& figure) {
  if (!figure) return std::string(unknown_number);
  return relative_interval(figure->energy.value(), figure->absolute);
}

// The total's average follows from its energy; peaks of components need not coincide.
std::optional<Watts> average_power(const EnergyReport& energy) {
  if (!energy.total.gross || energy.duration <= Seconds(0.0)) return std::nullopt;
  return energy.total.gross->energy / energy.duration;
}

std::string energy_table(const EnergyReport& energy, int width) {
  TextTable table({{.title = ""},
                   {.title = "energy", .align = Align::right},
                   {.title = "95 %", .align = Align::right},
                   {.title = "above idle", .align = Align::right},
                   {.title = "average", .align = Align::right},
                   {.title = "peak", .align = Align::right, .worth = 2},
                   {.title = "idle", .align = Align::right, .worth = 1},
                   {.title = "basis"}});
  for (const ComponentEnergy& component : energy.components) {
    const std::string name = printable(component.name);
    table.add({component.in_total ? name : fmt::format("  {} (not added)", name),
               energy_text(component.gross), interval_text(component.gross),
               net_text(component.gross, component.net), power_text(component.average_power),
               power_text(component.peak_power), power_text(component.idle_power),
               std::string(name_of(component.basis))});
  }
  const TotalEnergy& total = energy.total;
  table.add({total.scope.empty()
                 ? "total"
                 : fmt::format("total: {}", printable(scope_words(total.scope, energy.components))),
             energy_text(total.gross), interval_text(total.gross), net_text(total.gross, total.net),
             power_text(average_power(energy)), "", "", std::string(name_of(total.basis))});
  table.fit(width);
  return table.text();
}

// What is unusual about where the command ran; empty where nothing is.
std::string context_text(const Measurement& run) {
  if (!run.context) return "";
  const HostContext& context = *run.context;
  std::vector<std::string> parts;
  const auto job = [&](const char* variable, const char* text) {
    const auto found = context.job.find(variable);
    if (found != context.job.end()) parts.push_back(fmt::format("{} {}", text, found->second));
  };
  if (!context.container.empty()) parts.push_back("in a container: " + context.container);
  job("SLURM_JOB_ID", "Slurm job");
  job("SLURM_STEP_ID", "step");
  job("SLURM_ARRAY_TASK_ID", "array task");
  job("RANK", "rank");
  const int cpus = run.machine.logical_cpus;
  if (context.allowed_cpu_count > 0 && context.allowed_cpu_count < cpus) {
    parts.push_back(fmt::format("CPUs {} of {}", context.allowed_cpus, cpus));
  }
  if (context.cpu_quota) {
    parts.push_back(fmt::format("the time of {:.3g} CPUs of {}", *context.cpu_quota, cpus));
  }
  if (context.turbo == false) parts.emplace_back("turbo off");
  if (context.power_supply == "battery") parts.emplace_back("on battery");
  return fmt::format("{}", fmt::join(parts, ", "));
}

// What was assumed or warned of.
std::vector<std::string> notes(const Measurement& run) {
  std::vector<std::string> all;
  for (const ComponentEnergy& component : run.energy.components) {
    if (!component.assumption.empty()) {
      all.push_back(fmt::format("assumed for {}: {}", component.name, component.assumption));
    }
  }
  if (const auto context = context_text(run); !context.empty()) {
    all.push_back("context: " + context);
  }
  for (const std::string& warning : run.warnings) all.push_back("warning: " + warning);
  return all;
}

}  // namespace

std::string run_summary(const Measurement& run, int width) {
  std::string head = fmt::format("{}: {}", run.name, duration_text(run.energy.duration));
  if (run.command && run.command->exit_status) {
    head += fmt::format(", exit status {}", *run.command->exit_status);
  }
  std::string text = wrapped_text(printable(head), width) + energy_table(run.energy, width) +
                     windows_table(run, width);
  if (const auto training = training_sentence(run); !training.empty()) {
    text += wrapped_text(printable(training), width);
  }
  for (const std::string& note : notes(run)) text += wrapped_text(printable(note), width);
  return text;
}

}  // namespace wattfor
