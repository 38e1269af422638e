#include "recording/replay.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "recording/log_holes.h"
#include "recording/log_updates.h"
#include "response/default_profiles.h"
#include "response/gauge_estimator.h"
#include "response/padded_energy.h"

namespace wattfor {
namespace {

constexpr double periods_to_a_hole = 1.5;
// Of a period; a profile and a log that differ by more do not speak of the same sensor.
constexpr double same_period = 0.2;

std::optional<PowerReading> reading_of(std::string_view column) {
  if (column == "power.draw") return PowerReading::draw;
  if (column == "power.draw.average") return PowerReading::average;
  if (column == "power.draw.instant") return PowerReading::instant;
  return std::nullopt;
}

std::string milliseconds_text(Seconds duration) {
  return fmt::format("{:.3g} ms", duration.count() * 1e3);
}

// Where the boundaries between marked and unmarked time are.
class UnmarkedTime {
 public:
  explicit UnmarkedTime(std::span<const Mark> marks) : marked_(joined(marks)) {}

  // How long nothing was marked right before and right after the mark; nothing where another mark
  // adjoins or overlaps.
  Seconds before(const Mark& mark) const {
    const auto own = stretch_of(mark);
    if (own->start_us != mark.start_us) return Seconds(0.0);
    if (own == marked_.begin()) return Seconds(HUGE_VAL);
    return microseconds(own->start_us - (own - 1)->end_us);
  }
  Seconds after(const Mark& mark) const {
    const auto own = stretch_of(mark);
    if (own->end_us != mark.end_us) return Seconds(0.0);
    if (own + 1 == marked_.end()) return Seconds(HUGE_VAL);
    return microseconds((own + 1)->start_us - own->end_us);
  }

 private:
  static Seconds microseconds(std::int64_t count) {
    return Seconds(static_cast<double>(count) * 1e-6);
  }
  std::vector<Mark>::const_iterator stretch_of(const Mark& mark) const {
    return std::ranges::upper_bound(marked_, mark.start_us, {}, &Mark::start_us) - 1;
  }

  std::vector<Mark> marked_;
};

// One log and how its sensor responds, asked for window after window.
class Replayer {
 public:
  Replayer(const NvidiaSmiLog& log, const SensorProfile& profile, Seconds padding)
      : log_(log),
        updates_(updates_of_log(log.polls, period_of(profile))),
        holes_(log, periods_to_a_hole * updates_.series.period()),
        estimator_(profile, updates_.series.period(), age_of(updates_, profile), padding) {
    const auto [low, high] = std::ranges::minmax(log.polls, {}, &Update::power);
    const Watts highest = std::max(high.power, log.limit.value_or(high.power));
    bounds_ = {
        .lowest = low.power, .highest = highest, .most = log.limit ? highest : 2.0 * highest};
    if (updates_.lattice) phase_error_ = updates_.lattice->phase_error();
  }

  const LogUpdates& updates() const { return updates_; }

  ReplayedWindow window(const Mark& mark, Seconds offset, const UnmarkedTime& unmarked) const {
    ReplayedWindow result{.mark = mark};
    const Seconds from = mark.start() + offset;
    const Seconds to = mark.end() + offset;
    const Seconds begin = log_.polls.front().time;
    const Seconds end = log_.polls.back().time;
    const auto number_before = [this](Seconds time) {
      const auto found = std::ranges::lower_bound(log_.polls, time, {}, &Update::time);
      return static_cast<std::size_t>(found - log_.polls.begin());
    };
    result.samples = number_before(to) - number_before(from);
    if (to <= begin || from >= end) {
      result.reason =
          to <= begin ? fmt::format("it ends {:.3g} s before the log begins", (begin - to).count())
                      : fmt::format("it begins {:.3g} s after the log ends", (from - end).count());
      return result;
    }
    if (from == to) {
      result.reason = "it has no length";
      return result;
    }
    result.gaps = holes_.in(from, to);
    if (from >= begin && to <= end) result.naive = naive_energy(log_.polls, from, to);
    result.estimate =
        estimator_.energy(updates_.series, from, to, {unmarked.before(mark), unmarked.after(mark)},
                          bounds_, phase_error_);
    if (!result.estimate) {
      result.reason =
          fmt::format("less than half of its {:.3g} s was seen: {} updates of {} lie in it",
                      (to - from).count(), updates_.series.after(to) - updates_.series.after(from),
                      milliseconds_text(updates_.series.period()));
    }
    return result;
  }

 private:
  static std::optional<Seconds> period_of(const SensorProfile& profile) {
    if (!profile.update_period) return std::nullopt;
    return profile.update_period->value;
  }

  // How long before a poll its value may have been published, where polls are all there is.
  static Seconds age_of(const LogUpdates& updates, const SensorProfile& profile) {
    if (!updates.one_a_poll) return Seconds(0.0);
    return period_of(profile).value_or(updates.poll_interval);
  }

  const NvidiaSmiLog& log_;
  LogUpdates updates_;
  LogHoles holes_;
  GaugeEstimator estimator_;
  PowerBounds bounds_;
  Seconds phase_error_{0.0};
};

// The default of the board that the log names, or a profile of which nothing is known.
SensorProfile profile_of(const NvidiaSmiLog& log, std::vector<std::string>& notes) {
  const auto reading = reading_of(log.column);
  const auto generation = generation_of(log.board);
  if (reading && generation) {
    if (const auto* known = default_profile(*generation, log.board, *reading)) {
      SensorProfile profile = to_profile(*known, log.column);
      profile.device = log.board;
      return profile;
    }
  }
  notes.push_back(fmt::format(
      "{}: how long the readings look back is taken as unknown, which makes the intervals as wide "
      "as that is; --profile NAME or FILE tells it",
      log.board.empty() ? "the log names no board" : "nothing is known about " + log.board));
  SensorProfile profile;
  profile.kind = ResponseKind::boxcar;
  profile.device = log.board;
  profile.field = log.column;
  profile.origin = "unknown";
  return profile;
}

void note_updates(const LogUpdates& updates, SensorProfile& profile,
                  std::vector<std::string>& notes) {
  if (updates.one_a_poll) {
    notes.push_back(fmt::format(
        "the log has a line each {}, no more often than the sensor publishes: each is taken for an "
        "update; log with -lms 20 or less",
        milliseconds_text(updates.poll_interval)));
    return;
  }
  if (!updates.lattice) return;
  const Seconds found = updates.lattice->period;
  if (!profile.update_period) {
    profile.update_period =
        Uncertain<Seconds>{.value = found, .standard_error = updates.lattice->period_error};
    return;
  }
  const Seconds expected = profile.update_period->value;
  if (std::abs((found - expected).count()) > same_period * expected.count()) {
    notes.push_back(
        fmt::format("the log shows an update each {}, the profile says {}: is it this sensor's?",
                    milliseconds_text(found), milliseconds_text(expected)));
  }
}

void note_windows(const std::vector<ReplayedWindow>& windows, const UnmarkedTime& unmarked,
                  std::vector<std::string>& notes) {
  const auto crowded = std::ranges::count_if(windows, [&](const ReplayedWindow& window) {
    return unmarked.before(window.mark) == Seconds(0.0) ||
           unmarked.after(window.mark) == Seconds(0.0);
  });
  if (crowded > 0) {
    notes.push_back(fmt::format(
        "{} of {} windows adjoin another one: what flowed right beside them is less well known "
        "than idle power, and their intervals are wider",
        crowded, windows.size()));
  }
  const auto without =
      std::ranges::count_if(windows, [](const ReplayedWindow& window) { return !window.estimate; });
  if (without > 0) {
    notes.push_back(fmt::format("{} of {} windows have no figure", without, windows.size()));
  }
}

}  // namespace

Replay replay(const NvidiaSmiLog& log, std::span<const Mark> marks, const ReplaySettings& settings,
              const std::string& file) {
  Replay result;
  result.notes = log.notes;
  result.profile = settings.profile ? *settings.profile : profile_of(log, result.notes);
  if (result.profile.kind == ResponseKind::counter) {
    throw Error(ErrorCode::invalid_input,
                fmt::format("{}: the log holds watts, and the profile is of a counter of joules; "
                            "expected the profile of {}",
                            file, log.column));
  }
  result.clock = settings.utc_offset ? ClockOffset{.offset = *settings.utc_offset, .how = "given"}
                                     : offset_from_marks(log.polls, marks, file);
  const Replayer replayer(log, result.profile, settings.idle_padding);
  note_updates(replayer.updates(), result.profile, result.notes);
  const double share = inattention(result.profile.kernel(), replayer.updates().series.period());
  if (result.profile.window && share > 0.0) {
    result.notes.push_back(fmt::format(
        "the sensor looks at {:.0f} % of the time: what a load that keeps step with it does "
        "meanwhile shows in no reading, and the intervals allow for it",
        100.0 * result.profile.window->value / replayer.updates().series.period()));
  }
  const UnmarkedTime unmarked(marks);
  result.windows.reserve(marks.size());
  for (const Mark& mark : marks) {
    result.windows.push_back(replayer.window(mark, result.clock.offset, unmarked));
  }
  note_windows(result.windows, unmarked, result.notes);
  return result;
}

}  // namespace wattfor
