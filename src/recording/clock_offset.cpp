#include "recording/clock_offset.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "base/error.h"

namespace wattfor {
namespace {

constexpr Seconds quarter_hour{900.0};
constexpr int westernmost = -12 * 4;  // in quarter-hours
constexpr int easternmost = 14 * 4;

// A zone is told from the next best where it explains so many times as much of the power's
// variance, and at least so much.
constexpr double clearly_better = 2.0;
constexpr double least_explained = 0.1;

// Correlations are taken over no more readings than this, spread over the log.
constexpr std::size_t enough_readings = 20'000;
constexpr std::size_t fewest_readings = 10;
// As long as most updates last.
constexpr Seconds of_a_reading{0.1};

constexpr Seconds widest_rest{0.25};
constexpr Seconds rest_step{0.001};
constexpr int coarse_steps = 10;  // no longer than any gauge's window

struct Zone {
  int quarter_hours = 0;
  double explained = 0.0;  // share of the power's variance
  Seconds offset() const { return quarter_hours * quarter_hour; }
};

std::string zone_text(Seconds offset) {
  const long minutes = std::lround(offset.count() / 60.0);
  return fmt::format("UTC{}{}:{:02}", minutes < 0 ? "-" : "+", std::labs(minutes) / 60,
                     std::labs(minutes) % 60);
}

// The squared correlation of pairs, fed one by one.
class Correlation {
 public:
  void add(double x, double y) {
    ++count_;
    const double dx = x - mean_x_;
    const double dy = y - mean_y_;
    mean_x_ += dx / count_;
    mean_y_ += dy / count_;
    xx_ += dx * (x - mean_x_);
    yy_ += dy * (y - mean_y_);
    xy_ += dx * (y - mean_y_);
  }
  double count() const { return count_; }
  // 0 where one falls as the other rises.
  double squared() const {
    return xx_ > 0.0 && yy_ > 0.0 && xy_ > 0.0 ? xy_ * xy_ / (xx_ * yy_) : 0.0;
  }

 private:
  double count_ = 0.0;
  double mean_x_ = 0.0;
  double mean_y_ = 0.0;
  double xx_ = 0.0;
  double yy_ = 0.0;
  double xy_ = 0.0;
};

// How much of the power's variance whether a reading lies inside the marks explains; nothing where
// no mark lies in the log whole.
class MarkContrast {
 public:
  MarkContrast(std::span<const Update> polls, std::span<const Mark> marks)
      : polls_(polls), marks_(joined(marks)) {
    sums_.reserve(polls.size() + 1);
    sums_.push_back(0.0);
    double mean = 0.0;
    for (const Update& poll : polls) mean += poll.power.value();
    mean /= static_cast<double>(polls.size());
    for (const Update& poll : polls) {
      const double power = poll.power.value() - mean;
      sums_.push_back(sums_.back() + power);
      squares_ += power * power;
    }
  }

  std::optional<double> under(Seconds offset) const {
    bool some = false;
    double inside = 0.0;
    double sum = 0.0;
    for (const Mark& mark : marks_) {
      const Seconds from = mark.start();
      const Seconds to = mark.end();
      some = some || (from + offset >= polls_.front().time && to + offset <= polls_.back().time);
      const auto first = number_before(from + offset);
      const auto last = number_before(to + offset);
      inside += static_cast<double>(last - first);
      sum += sums_[last] - sums_[first];
    }
    if (!some) return std::nullopt;
    const auto all = static_cast<double>(polls_.size());
    // Work draws more than what is beside it.
    if (inside == 0.0 || inside == all || squares_ == 0.0 || sum <= 0.0) return 0.0;
    return sum * sum * all / (inside * (all - inside) * squares_);
  }

 private:
  std::size_t number_before(Seconds time) const {
    const auto found = std::ranges::lower_bound(polls_, time, {}, &Update::time);
    return static_cast<std::size_t>(found - polls_.begin());
  }

  std::span<const Update> polls_;
  std::vector<Mark> marks_;
  std::vector<double> sums_;  // of the powers less their mean, before each poll
  double squares_ = 0.0;
};

// Whole and half hours, and the three places whose clocks are at three quarters (Nepal, Eucla, the
// Chatham Islands in winter and summer).
bool is_a_zone(int quarter_hours) {
  if (quarter_hours % 2 == 0) return true;
  return quarter_hours == 23 || quarter_hours == 35 || quarter_hours == 51 || quarter_hours == 55;
}

// `explained_under` answers how well a zone goes with the log, and nothing where it is out of the
// question. `what` is the marks or the reference.
ClockOffset best_zone(const std::function<std::optional<double>(Seconds)>& explained_under,
                      std::string_view what, const std::string& file) {
  std::vector<Zone> zones;
  for (int quarter = westernmost; quarter <= easternmost; ++quarter) {
    Zone zone{.quarter_hours = quarter};
    if (!is_a_zone(quarter)) continue;
    const auto explained = explained_under(zone.offset());
    if (!explained) continue;
    zone.explained = *explained;
    zones.push_back(zone);
  }
  if (zones.empty()) {
    throw Error(ErrorCode::invalid_input,
                fmt::format("{}: {} lie outside the log in every time zone; expected times in "
                            "microseconds since 1970 (UTC) of the same run",
                            file, what));
  }
  std::ranges::sort(zones, std::greater{}, &Zone::explained);
  const Zone& best = zones.front();
  if (zones.size() == 1) {
    return {.offset = best.offset(),
            .how = fmt::format("{} lie in the log under {} only", what, zone_text(best.offset()))};
  }
  if (best.explained < least_explained || best.explained < clearly_better * zones[1].explained) {
    throw Error(ErrorCode::invalid_input,
                fmt::format("{}: the log's time zone can't be told: {} fit {} about as well as {}; "
                            "name the hours between the log's clock and UTC with --utc-offset, "
                            "such as --utc-offset {:g}",
                            file, what, zone_text(best.offset()), zone_text(zones[1].offset()),
                            best.offset() / Seconds(3600.0)));
  }
  return {.offset = best.offset(),
          .how = fmt::format("power goes with {} under {}, and under no other zone", what,
                             zone_text(best.offset()))};
}

}  // namespace

ClockOffset offset_from_marks(std::span<const Update> polls, std::span<const Mark> marks,
                              const std::string& file) {
  const MarkContrast contrast(polls, marks);
  return best_zone([&](Seconds offset) { return contrast.under(offset); }, "the marks", file);
}

ClockOffset offset_from_reference(std::span<const Update> polls, const ReferencePower& reference,
                                  const std::string& file) {
  const auto explained_under = [&](Seconds offset) -> std::optional<double> {
    const Seconds first = reference.begin() + offset + of_a_reading;
    const auto begin = std::ranges::lower_bound(polls, first, {}, &Update::time);
    const auto end = std::ranges::upper_bound(polls, reference.end() + offset, {}, &Update::time);
    const auto stride =
        1 + (std::max(begin, end) - begin) / static_cast<std::ptrdiff_t>(enough_readings);
    Correlation correlation;
    for (auto poll = begin; poll < end; poll += std::min(stride, end - poll)) {
      const Seconds time = poll->time - offset;
      correlation.add(poll->power.value(), reference.energy(time - of_a_reading, time).value());
    }
    if (correlation.count() < static_cast<double>(fewest_readings)) return std::nullopt;
    return correlation.squared();
  };
  return best_zone(explained_under, "the reference's readings", file);
}

Seconds remaining_offset(const UpdateSeries& series, const Kernel& kernel,
                         const ReferencePower& reference, Seconds offset) {
  // An RC filter looks back as far, on average, as a mean over twice its time constant does.
  const Seconds window = std::max(
      kernel.kind == ResponseKind::exponential ? 2.0 * kernel.time_constant : kernel.window,
      rest_step);
  const std::size_t first =
      series.after(reference.begin() + offset + kernel.delay + window + widest_rest);
  const std::size_t last = series.after(reference.end() + offset + kernel.delay - widest_rest);
  const auto explained_under = [&](Seconds rest) {
    Correlation correlation;
    const std::size_t stride = 1 + (std::max(last, first) - first) / enough_readings;
    for (std::size_t k = first; k < last; k += stride) {
      const Seconds seen = series.updates()[k].time - offset - rest - kernel.delay;
      correlation.add(series.updates()[k].power.value(),
                      reference.energy(seen - window, seen).value());
    }
    return correlation.squared();
  };
  const int steps = static_cast<int>(std::lround(widest_rest / rest_step));
  int best = 0;
  double most = explained_under(Seconds(0.0));
  const auto look_around = [&](int middle, int reach, int stride) {
    for (int step = middle - reach; step <= middle + reach; step += stride) {
      const double explained = explained_under(step * rest_step);
      if (explained <= most) continue;
      most = explained;
      best = step;
    }
  };
  look_around(0, steps, coarse_steps);
  look_around(best, coarse_steps, 1);
  if (most < least_explained) return Seconds(0.0);
  // The top of the parabola through the best shift and its neighbours.
  const double before = explained_under((best - 1) * rest_step);
  const double after = explained_under((best + 1) * rest_step);
  const double bend = before - 2.0 * most + after;
  const double fraction = bend < 0.0 ? std::clamp(0.5 * (before - after) / bend, -0.5, 0.5) : 0.0;
  return (best + fraction) * rest_step;
}

}  // namespace wattfor
