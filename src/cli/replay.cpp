#include "recording/replay.h"

#include <fmt/format.h>

#include <filesystem>

#include "base/error.h"
#include "base/file.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "measurement/json.h"
#include "report/replay_report.h"
#include "response/default_profiles.h"

namespace wattfor::cli {
namespace {

constexpr Seconds hour{3600.0};

// One of the defaults by its name, or a file of `wattfor calibrate`.
SensorProfile named_profile(const std::string& name, const std::string& column) {
  if (const DefaultProfile* known = default_profile(name)) return to_profile(*known, column);
  if (!std::filesystem::exists(name)) {
    std::string names;
    for (const DefaultProfile& profile : default_profiles()) {
      names += fmt::format("{}{}", names.empty() ? "" : ", ", profile.name);
    }
    throw Error(ErrorCode::not_found,
                fmt::format("--profile: '{}' is neither a file nor one of: {}", name, names));
  }
  return profile_from_json(read_file(name), name);
}

}  // namespace

int run_verb(const ReplayOptions& options) {
  const NvidiaSmiLog log = read_nvidia_smi_log(read_file(options.log), options.log,
                                               {.column = options.column, .gpu = options.gpu});
  const auto marks = read_marks(read_file(options.marks), options.marks);
  ReplaySettings settings{.idle_padding = Seconds(options.idle_padding_s)};
  if (options.profile) settings.profile = named_profile(*options.profile, log.column);
  if (options.utc_offset_hours) settings.utc_offset = *options.utc_offset_hours * hour;
  const Replay answer = replay(log, marks, settings, options.log);
  fmt::print("{}", options.json
                       ? dump(replay_json(answer, options.log, log.column), 2) + "\n"
                       : replay_table(answer, options.log, log.column, terminal_width(stdout)));
  return 0;
}

}  // namespace wattfor::cli
