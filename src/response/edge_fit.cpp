#include "response/edge_fit.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "response/course_edges.h"
#include "response/identify_publishing.h"
#include "response/power_course.h"

namespace wattfor {
namespace {

constexpr Seconds widest_view{3.0};  // of updates on each side of a step
constexpr Seconds greatest_width{1.5};
constexpr double width_ratio = 1.06;      // of the widths tried
constexpr double narrowest_tried = 0.25;  // of a period
constexpr double resolved = 3.0;          // periods that the width is above for certain
constexpr double times_a_period = 20.0;   // that are tried for a step …
constexpr double most_times = 200.0;      // … and at most in a width
constexpr std::size_t most_edges = 24;
constexpr std::size_t fewest_beside = 3;  // updates before and after a step
constexpr double too_scattered = 0.3;     // an error, as a share of the width
constexpr double two_errors = 4.0;
constexpr double least_step = 8.0;    // times the updates' usual change
constexpr double least_ahead = 1.15;  // the squares of the kind that is not chosen

// A step of the readings, alone with the updates around it.
struct Jump {
  std::span<const Update> updates;
  Seconds about{0.0};  // where it is, roughly
  bool up = true;
};

struct JumpFit {
  Seconds time{0.0};
  double before = 0.0;
  double rise = 0.0;
  double squares = std::numeric_limits<double>::infinity();
};

Kernel jump_kernel(ResponseKind kind, Seconds width) {
  return kind == ResponseKind::boxcar ? Kernel{.kind = kind, .window = width}
                                      : Kernel{.kind = kind, .time_constant = width};
}

JumpFit with_levels(const Jump& jump, const Kernel& kernel, Seconds time) {
  const auto n = static_cast<double>(jump.updates.size());
  double mean_x = 0.0;
  double mean_y = 0.0;
  for (const Update& update : jump.updates) {
    mean_x += step_response(kernel, update.time - time) / n;
    mean_y += update.power.value() / n;
  }
  double xx = 0.0;
  double xy = 0.0;
  double yy = 0.0;
  for (const Update& update : jump.updates) {
    const double x = step_response(kernel, update.time - time) - mean_x;
    const double y = update.power.value() - mean_y;
    xx += x * x;
    xy += x * y;
    yy += y * y;
  }
  JumpFit fit{.time = time};
  if (xx <= 0.0) return fit;
  fit.rise = xy / xx;
  fit.before = mean_y - fit.rise * mean_x;
  fit.squares = std::max(0.0, yy - xy * fit.rise);
  return fit;
}

JumpFit best_time(const Jump& jump, const Kernel& kernel, Seconds period) {
  JumpFit best;
  // As fine as the updates, but for a window of very many of them.
  const Seconds step = std::max(period / times_a_period, width_of(kernel) / most_times);
  for (Seconds time = jump.about - width_of(kernel) - period; time <= jump.about + period;
       time += step) {
    const JumpFit fit = with_levels(jump, kernel, time);
    if (fit.squares < best.squares) best = fit;
  }
  return best;
}

double squares_of(std::span<const Jump> jumps, const Kernel& kernel, Seconds period) {
  double squares = 0.0;
  for (const Jump& jump : jumps) squares += best_time(jump, kernel, period).squares;
  return squares;
}

std::vector<Jump> jumps_of(std::span<const Update> updates) {
  if (updates.size() < 2 * fewest_beside) return {};
  PowerCourse course(updates.front().time, updates.front().power);
  std::vector<double> changes;
  for (std::size_t k = 1; k < updates.size(); ++k) {
    course.then(updates[k - 1].power, updates[k].time - updates[k - 1].time);
    changes.push_back(std::abs((updates[k].power - updates[k - 1].power).value()));
  }
  course.finally(updates.back().power);
  std::ranges::nth_element(changes, changes.begin() + static_cast<long>(changes.size() / 2));
  const CourseLevels levels = levels_of(course);
  if ((levels.high - levels.low).value() < least_step * changes[changes.size() / 2]) return {};

  const auto edges = edges_of(course);
  std::vector<Jump> jumps;
  for (std::size_t i = 0; i < edges.size() && jumps.size() < most_edges; ++i) {
    Seconds from = edges[i].time - widest_view;
    Seconds to = edges[i].time + widest_view;
    // Neighbours keep their halves of what lies between.
    if (i > 0) from = std::max(from, 0.5 * (edges[i - 1].time + edges[i].time));
    if (i + 1 < edges.size()) to = std::min(to, 0.5 * (edges[i].time + edges[i + 1].time));
    const auto first = std::ranges::lower_bound(updates, from, {}, &Update::time);
    const auto middle = std::ranges::lower_bound(updates, edges[i].time, {}, &Update::time);
    const auto last = std::ranges::upper_bound(updates, to, {}, &Update::time);
    if (middle - first < static_cast<long>(fewest_beside) ||
        last - middle < static_cast<long>(fewest_beside)) {
      continue;
    }
    jumps.push_back({{first, last}, edges[i].time, edges[i].up});
  }
  return jumps;
}

// The width with the least squares, and the range that fits as well but for chance.
struct WidthFit {
  Kernel kernel;
  Seconds low{0.0};
  Seconds high{0.0};
  double squares = std::numeric_limits<double>::infinity();
};

WidthFit best_width(ResponseKind kind, std::span<const Jump> jumps, Seconds period) {
  std::size_t updates = 0;
  for (const Jump& jump : jumps) updates += jump.updates.size();
  const double freedom =
      std::max(1.0, static_cast<double>(updates) - 3.0 * static_cast<double>(jumps.size()) - 1.0);

  std::vector<std::pair<Seconds, double>> tried;
  WidthFit best;
  for (Seconds width = narrowest_tried * period; width <= greatest_width; width *= width_ratio) {
    tried.emplace_back(width, squares_of(jumps, jump_kernel(kind, width), period));
    if (tried.back().second < best.squares) {
      best.squares = tried.back().second;
      best.kernel = jump_kernel(kind, width);
    }
  }
  best.low = greatest_width;
  for (const auto& [width, squares] : tried) {
    if (squares > best.squares * (1.0 + two_errors / freedom)) continue;
    best.low = std::min(best.low, width);
    best.high = std::max(best.high, width);
  }
  // The grid is no finer than this.
  best.low /= std::sqrt(width_ratio);
  best.high *= std::sqrt(width_ratio);
  return best;
}

// The standard error that follows from what each step tells alone: a load is no ideal step, and its
// shape is in all residuals of one.
Seconds scatter_of(std::span<const Jump> jumps, const WidthFit& fit, Seconds period) {
  std::vector<Seconds> widths;
  Seconds mean{0.0};
  for (const Jump& jump : jumps) {
    widths.push_back(width_of(best_width(fit.kernel.kind, {&jump, 1}, period).kernel));
    mean += widths.back() / static_cast<double>(jumps.size());
  }
  if (widths.size() < 2) return mean;
  double squares = 0.0;
  for (const Seconds width : widths) squares += std::pow((width - mean).count(), 2.0);
  const auto n = static_cast<double>(widths.size());
  return Seconds(std::sqrt(squares / (n - 1.0) / n));
}

std::vector<StepPoint> points_of(std::span<const Jump> jumps, const Kernel& kernel,
                                 Seconds period) {
  const Seconds reach = 2.0 * reach_of(kernel);
  std::vector<StepPoint> points;
  for (const Jump& jump : jumps) {
    const JumpFit fit = best_time(jump, kernel, period);
    for (const Update& update : jump.updates) {
      const Seconds age = update.time - fit.time;
      if (age < -0.25 * reach || age > reach) continue;
      points.push_back({age, (update.power.value() - fit.before) / fit.rise});
    }
  }
  std::ranges::sort(points, {}, &StepPoint::age);
  return points;
}

}  // namespace

EdgeFit fit_edges(std::span<const Update> updates, Seconds period) {
  EdgeFit result;
  const auto jumps = jumps_of(updates);
  if (jumps.empty()) {
    result.refusal = "the readings show no step of a load with updates enough before and after it";
    return result;
  }
  const WidthFit boxcar = best_width(ResponseKind::boxcar, jumps, period);
  const WidthFit exponential = best_width(ResponseKind::exponential, jumps, period);
  const bool is_boxcar = boxcar.squares <= exponential.squares;
  const WidthFit& best = is_boxcar ? boxcar : exponential;
  const WidthFit& other = is_boxcar ? exponential : boxcar;
  if (best.low < resolved * period) {
    result.refusal = fmt::format(
        "{} steps of the readings are over within an update or two (a window of at most {:.0f} "
        "ms), "
        "and the moment of each is a parameter of its own: give the load's marks or a reference",
        jumps.size(), in_ms(boxcar.high));
    return result;
  }
  if (best.high >= greatest_width) {
    result.refusal = "the readings drift for longer than the steps of a load do";
    return result;
  }
  if (other.squares < least_ahead * best.squares) {
    result.refusal = fmt::format(
        "a window and an RC filter explain {} steps of the readings equally well", jumps.size());
    return result;
  }
  result.kernel = best.kernel;
  result.width_error = std::max(0.25 * (best.high - best.low), scatter_of(jumps, best, period));
  if (!(result.width_error < too_scattered * width_of(best.kernel))) {
    result.refusal = fmt::format("{} steps of the readings tell different widths", jumps.size());
    return result;
  }
  result.points = points_of(jumps, best.kernel, period);
  return result;
}

}  // namespace wattfor
