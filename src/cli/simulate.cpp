#include <fmt/format.h>

#include <cstdio>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/file.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "document/text_table.h"
#include "measurement/json.h"
#include "recording/known_truth.h"
#include "recording/marks.h"
#include "report/period_errors_svg.h"
#include "report/truth_report.h"
#include "report/window_svg.h"
#include "response/profile.h"
#include "response/update_series.h"
#include "simulation/period_list.h"
#include "simulation/simulated_log.h"
#include "simulation/simulation_spec.h"

namespace wattfor::cli {
namespace {

std::string title_of(const SimulationSpec& spec, const SimulatedSensorSpec& gauge) {
  return fmt::format("{}, gauge '{}': {}", spec.device, gauge.id,
                     gauge_text(profile_of(spec, gauge)));
}

// What says which simulation an answer is of.
nlohmann::json heading_json(const SimulationSpec& spec, const SimulatedSensorSpec& gauge,
                            const WorkPlan& plan) {
  return {{"device", spec.device},       {"sensor", gauge.id},
          {"seed", spec.seed},           {"window_s", plan.length.count()},
          {"idle_s", plan.idle.count()}, {"interval_s", plan.poll_interval.count()}};
}

std::string heading_text(const SimulationSpec& spec, const SimulatedSensorSpec& gauge,
                         const WorkPlan& plan, int width) {
  return wrapped_text(printable(title_of(spec, gauge)), width) +
         fmt::format("simulated with seed {}: a read each {:g} ms, windows of {:g} s\n", spec.seed,
                     plan.poll_interval.count() * 1e3, plan.length.count());
}

std::vector<Update> updates_of(const SimulatedLog& log) {
  std::vector<Update> updates;
  updates.reserve(log.published.size());
  for (const Publication& each : log.published) updates.push_back({each.time, Watts(each.value)});
  return updates;
}

void answer_windows(const SimulateOptions& options, const SimulationSpec& spec,
                    const SimulatedSensorSpec& gauge, const WorkPlan& plan) {
  const SimulatedLog log = simulated_log(spec, gauge, plan);
  const SensorProfile profile = profile_of(spec, gauge);
  const CheckedReplay answer =
      checked_replay(log, profile, options.log.value_or("the simulated log"));
  if (options.log) write_file(*options.log, log.text);
  if (options.marks) write_file(*options.marks, marks_text(log.marks));
  if (options.truth) write_file(*options.truth, truth_text(log.marks, log.truths));
  if (options.profile) write_file(*options.profile, dump(to_json(profile), 2) + "\n");
  if (options.svg) {
    const Seconds start = log.marks.front().start() - log.begin;
    write_file(*options.svg, window_svg(log.course, updates_of(log), gauge.model.kernel, start,
                                        answer.windows.front(), title_of(spec, gauge)));
  }
  if (options.json) {
    nlohmann::json object = heading_json(spec, gauge, plan);
    object.update(truth_json(answer.replay, answer.windows));
    fmt::print("{}\n", dump(object, 2));
    return;
  }
  const int width = terminal_width(stdout);
  fmt::print("{}{}", heading_text(spec, gauge, plan, width),
             truth_table(answer.replay, answer.windows, width));
}

void answer_periods(const SimulateOptions& options, const SimulationSpec& spec,
                    const SimulatedSensorSpec& gauge, const WorkPlan& plan) {
  const PeriodList list = period_list(*options.periods_ms);
  const auto errors = errors_by_period(spec, gauge, plan, list.all);
  if (options.svg) {
    write_file(*options.svg,
               period_errors_svg(errors, list.single, plan.length, title_of(spec, gauge)));
  }
  if (options.json) {
    nlohmann::json object = heading_json(spec, gauge, plan);
    object["periods"] = period_errors_json(errors);
    fmt::print("{}\n", dump(object, 2));
    return;
  }
  const int width = terminal_width(stdout);
  fmt::print("{}{}", heading_text(spec, gauge, plan, width), period_errors_table(errors, width));
}

}  // namespace

int run_verb(const SimulateOptions& options) {
  SimulationSpec spec = options.spec ? simulation_from_json(read_file(*options.spec), *options.spec)
                                     : half_blind_board();
  if (options.seed) spec.seed = *options.seed;
  const SimulatedSensorSpec& gauge = gauge_of(spec, options.sensor);
  const WorkPlan plan{.windows = options.windows,
                      .length = Seconds(options.window_seconds),
                      .idle = Seconds(options.idle_seconds),
                      .poll_interval = Seconds(options.interval_ms * 1e-3)};
  if (options.periods_ms) {
    answer_periods(options, spec, gauge, plan);
  } else {
    answer_windows(options, spec, gauge, plan);
  }
  return 0;
}

}  // namespace wattfor::cli
