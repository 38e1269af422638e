#include "simulation/simulated_log.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <string_view>

#include "base/error.h"
#include "recording/nvidia_smi_text.h"
#include "simulation/waveforms.h"

namespace wattfor {
namespace {

constexpr std::string_view logged_column = "power.draw.instant";
constexpr std::int64_t begin_us = 1'767'225'600'000'000;  // 2026-01-01 00:00:00 UTC
constexpr double us_per_second = 1e6;
// A poll comes up to this share of the interval late.
constexpr double poll_lateness = 0.1;
constexpr double log_quantum_w = 0.01;
constexpr double most_lines = 5e6;
constexpr double most_pieces = 2e7;  // of the course of power

bool is_periodic(Waveform waveform) {
  return waveform == Waveform::square || waveform == Waveform::training;
}

std::string nvidia_smi_words(FailureKind kind) {
  switch (kind) {
    case FailureKind::try_again:
      return "[N/A]";
    case FailureKind::gone:
      return "[GPU is lost]";
    case FailureKind::forbidden:
      return "[Insufficient Permissions]";
    case FailureKind::broken:
      return "[Unknown Error]";
  }
  return "";
}

void check_size(const SimulationSpec& spec, const WorkPlan& plan, Seconds update_period) {
  const Seconds all = plan.windows * (plan.length + plan.idle + update_period) + plan.idle;
  // Noise and slow edges are drawn in pieces of a millisecond.
  Seconds piece = std::min(update_period, Seconds(0.001));
  if (is_periodic(spec.load.waveform)) piece = std::min(piece, spec.load.period);
  const Seconds longest = std::min(most_lines * plan.poll_interval, most_pieces * piece);
  if (all <= longest) return;
  throw Error(ErrorCode::usage,
              fmt::format("{} windows of {:g} s and the idle time around them are {:.0f} s, of "
                          "which {:.0f} s at most can be simulated: ask for fewer or shorter ones, "
                          "or for a longer --interval-ms",
                          plan.windows, plan.length.count(), all.count(), longest.count()));
}

std::int64_t whole_microseconds(Seconds time) { return std::llround(time.count() * us_per_second); }

Seconds of_microseconds(std::int64_t count) {
  return Seconds(static_cast<double>(count) / us_per_second);
}

// Appends what `piece` draws, from where the course ends.
void append(PowerCourse& course, const PowerCourse& piece) {
  for (std::size_t i = 0; i < piece.powers().size(); ++i) {
    course.then(piece.powers()[i], piece.edges()[i + 1] - piece.edges()[i]);
  }
}

std::vector<LogLine> lines_of(const std::vector<Publication>& polls,
                              const std::vector<ReadFault>& faults, Seconds begin, Random& random) {
  std::vector<LogLine> lines;
  lines.reserve(polls.size());
  for (const Publication& poll : polls) {
    LogLine line{.time = begin + poll.time, .said = Watts(poll.value)};
    for (const ReadFault& fault : faults) {
      const bool during = poll.time >= fault.from && poll.time < fault.from + fault.duration;
      if (!during || random.uniform() >= fault.probability) continue;
      line.said = nvidia_smi_words(fault.kind);
      break;
    }
    lines.push_back(std::move(line));
  }
  return lines;
}

}  // namespace

const SimulatedSensorSpec& gauge_of(const SimulationSpec& spec,
                                    const std::optional<std::string>& id) {
  std::vector<std::string_view> gauges;
  for (const SimulatedSensorSpec& sensor : spec.sensors) {
    if (sensor.model.kernel.kind == ResponseKind::counter) continue;
    if (!id || sensor.id == *id) return sensor;
    gauges.push_back(sensor.id);
  }
  const std::string remedy = gauges.empty()
                                 ? "expected one among its sensors"
                                 : fmt::format("expected one of: {}", fmt::join(gauges, ", "));
  throw Error(
      ErrorCode::invalid_input,
      fmt::format("{}: {}, and a log holds watts; {}", spec.device,
                  id ? fmt::format("'{}' is no gauge of it", *id) : "it has no gauge", remedy));
}

SimulatedLog simulated_log(const SimulationSpec& spec, const SimulatedSensorSpec& gauge,
                           const WorkPlan& plan) {
  SensorModel sensor = gauge.model;
  check_size(spec, plan, sensor.update_period);
  Random random(spec.seed);
  if (gauge.random_phase) sensor.phase = random.uniform() * sensor.update_period;

  const Load& load = spec.load;
  SimulatedLog log{.begin = of_microseconds(begin_us),
                   .course = PowerCourse(Seconds(0.0), load.idle),
                   .published = {},
                   .marks = {},
                   .truths = {},
                   .text = ""};
  PowerCourse& course = log.course;
  for (int i = 0; i < plan.windows; ++i) {
    const Seconds idle = plan.idle + random.uniform() * sensor.update_period;
    const std::int64_t start = whole_microseconds(course.end() + idle);
    const std::int64_t end = start + whole_microseconds(plan.length);
    course.then(load.idle, of_microseconds(start) - course.end());
    append(course,
           work(load, course.end(), of_microseconds(end) - course.end(), load.idle, random));
    log.marks.push_back({.start_us = begin_us + start, .end_us = begin_us + end});
  }
  course.then(load.idle, plan.idle);
  course.finally(load.idle);
  course = with_rise(course, load.rise);
  for (const Mark& mark : log.marks) {
    log.truths.push_back(course.energy(of_microseconds(mark.start_us - begin_us),
                                       of_microseconds(mark.end_us - begin_us)));
  }

  const Seconds end = of_microseconds(log.marks.back().end_us - begin_us) + plan.idle;
  log.published = publications(course, sensor, -2.0 * sensor.update_period, end, random);
  const auto polls = polled(log.published, Seconds(0.0), end, plan.poll_interval,
                            poll_lateness * plan.poll_interval, random);
  log.text = nvidia_smi_text(
      {.column = std::string(logged_column), .board = spec.device, .limit = spec.power_limit},
      lines_of(polls, gauge.read_faults, log.begin, random));
  return log;
}

SensorProfile profile_of(const SimulationSpec& spec, const SimulatedSensorSpec& gauge) {
  const SensorModel& model = gauge.model;
  SensorProfile profile;
  profile.device = spec.device;
  profile.field = logged_column;
  profile.origin = fmt::format("the simulated gauge '{}'", gauge.id);
  profile.kind = model.kernel.kind;
  profile.update_period = Uncertain<Seconds>{.value = model.update_period};
  if (profile.kind == ResponseKind::boxcar) {
    profile.window = Uncertain<Seconds>{.value = model.kernel.window};
  }
  if (profile.kind == ResponseKind::exponential) {
    profile.time_constant = Uncertain<Seconds>{.value = model.kernel.time_constant};
  }
  profile.delay = Uncertain<Seconds>{.value = model.kernel.delay};
  profile.quantum = std::max(model.quantum, log_quantum_w);
  return profile;
}

CheckedReplay checked_replay(const SimulatedLog& log, const SensorProfile& profile,
                             const std::string& file) {
  CheckedReplay result{.replay = replay(read_nvidia_smi_log(log.text, file), log.marks,
                                        {.profile = profile, .utc_offset = Seconds(0.0)}, file),
                       .windows = {}};
  result.windows = checked(result.replay, log.truths);
  return result;
}

std::vector<PeriodErrors> errors_by_period(const SimulationSpec& spec,
                                           const SimulatedSensorSpec& gauge, const WorkPlan& plan,
                                           std::span<const Seconds> periods) {
  if (!is_periodic(spec.load.waveform)) {
    throw Error(ErrorCode::invalid_input,
                fmt::format("{}: a load of the waveform `{}` has no period: expected `square` or "
                            "`training`",
                            spec.device, name_of(spec.load.waveform)));
  }
  const SensorProfile profile = profile_of(spec, gauge);
  std::vector<PeriodErrors> result;
  for (const Seconds period : periods) {
    SimulationSpec varied = spec;
    varied.load.period = period;
    const SimulatedLog log = simulated_log(varied, gauge, plan);
    result.push_back(
        {.period = period,
         .errors = summary_of(checked_replay(log, profile, "the simulated log").windows)});
  }
  return result;
}

}  // namespace wattfor
