#include <fmt/format.h>

#include <cstdio>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/file.h"
#include "cli/calibrate_live.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "measurement/json.h"
#include "recording/clock_offset.h"
#include "recording/courses.h"
#include "recording/marks.h"
#include "recording/nvidia_smi_log.h"
#include "recording/reference_power.h"
#include "report/calibration_view.h"
#include "report/step_response_svg.h"
#include "response/identify.h"
#include "sensor/profile_store.h"

namespace wattfor::cli {
namespace {

constexpr double seconds_an_hour = 3600.0;

// What the log's clock is ahead of UTC.
Seconds clock_offset(const CalibrateOptions& options, const NvidiaSmiLog& log,
                     const std::vector<Mark>& marks,
                     const std::optional<ReferencePower>& reference) {
  if (options.utc_offset_hours) return Seconds(seconds_an_hour * *options.utc_offset_hours);
  if (!marks.empty()) return offset_from_marks(log.polls, marks, *options.log).offset;
  if (reference) return offset_from_reference(log.polls, *reference, *options.log).offset;
  return Seconds(0.0);
}

Identification identify_recording(const CalibrateOptions& options) {
  const NvidiaSmiLog log = read_nvidia_smi_log(read_file(*options.log), *options.log,
                                               {.column = options.column, .gpu = options.gpu});
  std::vector<Mark> marks;
  if (options.marks) marks = read_marks(read_file(*options.marks), *options.marks);
  std::optional<ReferencePower> reference;
  if (options.reference) {
    reference = read_reference_power(read_file(*options.reference), *options.reference);
  }

  Identification found;
  if (!log.polls.empty()) {
    // Seconds since the log's first line: of those since 1970, a double keeps 0.2 µs.
    const Seconds origin = log.polls.front().time;
    const Seconds shift = clock_offset(options, log, marks, reference) - origin;
    std::vector<Update> polls = log.polls;
    for (Update& poll : polls) poll.time -= origin;
    if (reference) {
      found = identify_from_reference(polls, course_of(*reference, shift));
    } else if (!marks.empty()) {
      found = identify_from_load(polls, course_of(marks, shift));
    } else {
      found = identify_from_readings(polls);
    }
  }
  found.notes.insert(found.notes.end(), log.notes.begin(), log.notes.end());
  found.profile.device = log.board;
  found.profile.field = log.column;
  found.profile.origin = fmt::format("calibrated from {}", *options.log);
  return found;
}

[[noreturn]] void refuse(const std::string& file, const std::string& what) {
  throw Error(
      ErrorCode::invalid_input,
      fmt::format("{}: not written, as {} could not be told (the notes say why)", file, what));
}

// For every later measurement.
void store(const Identification& found) {
  if (!found.kind) {
    say("no profile is stored, as the kind of response could not be told\n");
    return;
  }
  say(fmt::format("profile in {}\n", store_profile(profile_folder(), found.profile).string()));
}

}  // namespace

int run_verb(const CalibrateOptions& options) {
  if (!options.log &&
      (options.marks || options.column || options.gpu || options.utc_offset_hours)) {
    throw Error(ErrorCode::usage,
                "calibrate: --marks, --column, --gpu and --utc-offset go with --log FILE");
  }
  const LiveCalibration calibration =
      options.log ? LiveCalibration{.found = identify_recording(options)} : calibrate_live(options);
  const Identification& found = calibration.found;
  fmt::print("{}", options.json ? dump(calibration_json(found), 2) + "\n"
                                : calibration_text(found, terminal_width(stdout)));
  if (options.svg) {
    if (found.points.empty()) refuse(*options.svg, "the response to a step");
    write_file(*options.svg,
               step_response_svg(found.points, found.profile.kernel(),
                                 fmt::format("{}: {} response to steps of the load",
                                             found.profile.field, name_of(*found.kind))));
  }
  if (options.output) {
    if (!found.kind) refuse(*options.output, "the kind of response");
    write_file(*options.output, dump(to_json(found.profile), 2) + "\n");
  }
  if (!options.log && !calibration.simulated && !options.no_store) store(found);
  // A counter may be known for one though it publishes too fast to tell its period.
  return found.profile.update_period || found.kind ? 0 : 1;
}

}  // namespace wattfor::cli
