#include "response/identify.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "response/course_edges.h"
#include "response/edge_fit.h"
#include "response/identify_publishing.h"
#include "response/response_fit.h"

namespace wattfor {
namespace {

constexpr double keeps_step = 0.9;  // of keeping_step(): 1 is a load that never gets out of step
constexpr double too_coarse = 0.3;  // a window's error, as a share of it
constexpr double least_explained = 0.5;
constexpr double comparable = 0.01;  // share of the variance explained less than by the best
constexpr double clear = 6.0;        // difference of two kinds' criteria: 20 to 1
constexpr double hardly_any = 2.0;
constexpr std::size_t least_steps = 12;
// Six updates spread over a ramp count as so many: those at its end tell most of its width.
constexpr double least_evidence = 3.0;
constexpr double least_window = 2.0;   // times the resolution
constexpr double whole_windows = 3.0;  // standard errors that W is longer than T, to look always
// What an exponential looks at is as old, in the mean, as what a window of 2 τ does.
constexpr double windows_a_time_constant = 2.0;
constexpr Seconds longest_rise{0.008};
constexpr Seconds shortest_time_constant{0.010};  // that a load's rise is not taken for …
constexpr Seconds shortest_marked_window{0.006};  // … nor a window
constexpr Seconds finest_reference{0.001};
constexpr Seconds around_the_load{2.0};

constexpr std::size_t fewest_updates_in_sight = 12;

constexpr double times_in_sight = 5.0;  // τ, after which an exponential is over for the eye

enum class Ground { reference, load };

// The fits of each kind, the best first.
std::vector<ResponseFit> fits(const ObservedResponse& observed, const FitLimits& limits) {
  std::vector<ResponseFit> found;
  for (const ResponseKind kind :
       {ResponseKind::instantaneous, ResponseKind::boxcar, ResponseKind::exponential}) {
    if (auto fit = fit_response(kind, observed, limits)) found.push_back(std::move(*fit));
  }
  std::ranges::sort(found, {}, &ResponseFit::criterion);
  return found;
}

// Which of the fits is believed, and what is said of it. Nothing where none is.
const ResponseFit* chosen(const std::vector<ResponseFit>& fits, Seconds shortest,
                          std::vector<std::string>& notes) {
  const ResponseFit* best = &fits.front();
  // A window that a poll or two would hide is none that was seen.
  const auto moment = std::ranges::find(fits, ResponseKind::instantaneous,
                                        [](const ResponseFit& fit) { return fit.kernel.kind; });
  if (best->kernel.kind == ResponseKind::boxcar && moment != fits.end() &&
      best->kernel.window < shortest) {
    notes.push_back(
        fmt::format("window: below {:.2g} ms, which neither the updates' times nor the load's "
                    "steps show: taken "
                    "for a moment",
                    in_ms(shortest)));
    best = &*moment;
  }
  for (const ResponseFit& other : fits) {
    const double ahead = other.criterion - best->criterion;
    if (&other == best || ahead >= clear || ahead < 0.0) continue;
    notes.push_back(fmt::format("kind: {} fits almost as well as {} (BIC {:+.1f})",
                                name_of(other.kernel.kind), name_of(best->kernel.kind), ahead));
    // A moment is the shortest of windows: that a short one fits as well speaks for neither.
    const bool nested = best->kernel.kind == ResponseKind::instantaneous &&
                        other.kernel.kind == ResponseKind::boxcar;
    if (ahead < hardly_any && !nested) return nullptr;
  }
  return best;
}

Uncertain<double> attention_of(const Uncertain<Seconds>& window, const Uncertain<Seconds>& period) {
  const double share = window.value / period.value;
  const double error = share * std::hypot(window.standard_error / window.value,
                                          period.standard_error / period.value);
  if (share - 1.0 > whole_windows * error) return {1.0, 0.0};
  return {std::min(1.0, share), error};
}

// The width and what follows from it.
void take_width(ResponseKind kind, const Uncertain<Seconds>& width, SensorProfile& profile) {
  if (kind == ResponseKind::boxcar) {
    profile.window = width;
    profile.attention = attention_of(width, *profile.update_period);
  } else if (kind == ResponseKind::exponential) {
    profile.time_constant = width;
    profile.attention = attention_of(
        {windows_a_time_constant * width.value, windows_a_time_constant * width.standard_error},
        *profile.update_period);
  }
}

// Steady levels tell gain and offset, whatever the kernel: what the kinds differ by is in the
// error.
void take_gain(const std::vector<ResponseFit>& fits, Identification& found) {
  const ResponseFit& best = fits.front();
  found.profile.gain = best.gain;
  found.profile.offset = best.offset;
  if (found.kind) return;
  for (const ResponseFit& other : fits) {
    if (other.explained < best.explained - comparable) continue;
    auto& gain = *found.profile.gain;
    auto& offset = *found.profile.offset;
    gain.standard_error =
        std::max(gain.standard_error, std::abs(other.gain.value - best.gain.value));
    offset.standard_error = std::max(
        offset.standard_error, Watts(std::abs((other.offset.value - best.offset.value).value())));
  }
}

void take(const ResponseFit& fit, const FitLimits& limits, Seconds resolution, std::size_t steps,
          Identification& found) {
  auto& notes = found.notes;
  const bool has_width = fit.kernel.kind != ResponseKind::instantaneous;
  const char* width_name = fit.kernel.kind == ResponseKind::boxcar ? "window" : "time constant";
  // Of a moment it is the lack of updates on the steps that speaks, if there were steps enough.
  const bool told = has_width ? fit.evidence >= least_evidence : steps >= least_steps;
  if (!told) {
    notes.push_back(fmt::format(
        "kind, delay, window: {} steps of the load, on which hardly {:.0f} updates lie, are too "
        "few to tell one response from another: repeat them at other moments of the update's "
        "period",
        steps, std::ceil(fit.evidence)));
    return;
  }
  if (has_width && !(fit.width_error < too_coarse * width_of(fit.kernel))) {
    notes.push_back(fmt::format(
        "kind, {}: the readings follow the load, but too few of them lie on its steps to tell the "
        "{} to better than {:.0f} %: repeat the steps at other moments of the update's period",
        width_name, width_name, 100.0 * too_coarse));
    return;
  }
  if (fit.at_a_limit) {
    notes.push_back(
        fmt::format("kind, delay, {}: the best fit lies at the end of what is tried (delay {:.0f} "
                    "to {:.0f} ms, "
                    "up to {:.0f} s): are the clocks further apart?",
                    width_name, in_ms(limits.least_delay), in_ms(limits.greatest_delay),
                    limits.greatest_width.count()));
    return;
  }
  found.kind = found.profile.kind = fit.kernel.kind;
  found.profile.delay = {fit.kernel.delay, fit.delay_error};
  if (has_width) {
    take_width(fit.kernel.kind, {width_of(fit.kernel), fit.width_error}, found.profile);
  } else {
    found.profile.attention = {0.0, resolution / found.profile.update_period->value};
  }
}

std::vector<StepPoint> step_points(const ResponseFit& fit, std::span<const Update> updates,
                                   std::span<const LoadEdge> edges, double swing) {
  const double widths = fit.kernel.kind == ResponseKind::exponential ? times_in_sight : 1.0;
  const Seconds reach = std::max(fit.kernel.delay, Seconds(0.0)) + widths * width_of(fit.kernel);
  const Seconds after = 2.0 * reach + Seconds(0.02);
  // What comes before a step is the end of the one before it, of which this is the least part.
  const auto before = [&](std::size_t edge) {
    const Seconds level = 0.25 * reach + Seconds(0.01);
    if (edge == 0) return level;
    return std::min(level, 0.2 * (edges[edge].time - edges[edge - 1].time));
  };
  std::vector<StepPoint> points;
  std::size_t next = 0;
  for (std::size_t k = 0; k < updates.size(); ++k) {
    while (next < edges.size() && edges[next].time - before(next) <= updates[k].time) ++next;
    if (next == 0) continue;
    const LoadEdge& edge = edges[next - 1];
    const Seconds age = updates[k].time - edge.time;
    if (age > after) continue;
    const double rest = (updates[k].power - fit.readings[k]).value() / (fit.gain.value * swing);
    points.push_back({age, step_response(fit.kernel, age) + (edge.up ? rest : -rest)});
  }
  std::ranges::sort(points, {}, &StepPoint::age);
  return points;
}

Identification identify(std::span<const Update> polls, const PowerCourse& course, Ground ground) {
  Publishing publishing = identify_publishing(polls);
  Identification found = std::move(publishing.found);
  if (!publishing.updates) return found;
  auto& notes = found.notes;
  const Seconds period = publishing.updates->period();

  const Seconds around = ground == Ground::load ? around_the_load : Seconds(0.0);
  const std::size_t first = publishing.updates->after(course.start() - around);
  const std::size_t last = publishing.updates->after(course.end() + around);
  const auto updates = publishing.updates->updates().subspan(first, last - first);
  const char* ground_name = ground == Ground::load ? "load" : "reference";
  if (updates.size() < fewest_updates_in_sight) {
    notes.push_back(fmt::format("kind: {} updates lie within the {}'s times; {} are the least",
                                updates.size(), ground_name, fewest_updates_in_sight));
    return found;
  }
  const auto edges = edges_of(course);
  const auto in_phase = keeping_step(edges, period);
  if (in_phase && *in_phase > keeps_step) {
    notes.push_back(
        fmt::format("kind: the load keeps step with the updates (its steps fall within the same "
                    "part of the {:.4g} "
                    "ms period): every update sees the same of it, and nothing follows; vary its "
                    "steps at random",
                    in_ms(period)));
    return found;
  }
  const CourseLevels levels = levels_of(course);
  const double swing = (levels.high - levels.low).value();
  if (!(swing > 0.0)) {
    notes.push_back(fmt::format("kind: the {} never changes its power", ground_name));
    return found;
  }

  FitLimits limits;
  Seconds shortest = least_window * publishing.resolution;
  if (ground == Ground::load) {
    shortest = std::max(shortest, shortest_marked_window);
    limits = {.least_gain = 0.0,
              .greatest_gain = 1e9,
              .least_time_constant = shortest_time_constant,
              .greatest_rise = longest_rise};
  }
  const ObservedResponse observed{.course = course,
                                  .updates = updates,
                                  .timing_error = publishing.timing_error,
                                  .resolution = publishing.resolution};
  const auto tried = fits(observed, limits);
  if (tried.empty() || tried.front().explained < least_explained) {
    notes.push_back(fmt::format("kind: the readings do not follow the {}{}", ground_name,
                                tried.empty() ? ""
                                              : fmt::format(", which explains {:.0f} % of their "
                                                            "variance",
                                                            100.0 * tried.front().explained)));
    return found;
  }
  const double gain = tried.front().gain.value;
  if (gain <= limits.least_gain || gain >= limits.greatest_gain) {
    notes.push_back(fmt::format(
        "kind, gain: the best gain lies outside {:g} to {:g}: is the reference of this device, in "
        "watts?",
        limits.least_gain, limits.greatest_gain));
    return found;
  }
  if (const ResponseFit* fit = chosen(tried, shortest, notes)) {
    take(*fit, limits, publishing.resolution, edges.size(), found);
    if (found.kind) found.points = step_points(*fit, updates, edges, swing);
  }
  if (ground == Ground::reference) {
    take_gain(tried, found);
    if (found.kind) {
      notes.emplace_back(
          "delay: holds what the clocks of the readings and of the reference differ by");
    }
  }
  return found;
}

}  // namespace

Identification identify_from_reference(std::span<const Update> polls,
                                       const PowerCourse& reference) {
  return identify(polls, coarsened(reference, finest_reference), Ground::reference);
}

Identification identify_from_load(std::span<const Update> polls, const PowerCourse& load) {
  Identification found = identify(polls, load, Ground::load);
  if (found.kind && found.kind != ResponseKind::counter) {
    found.notes.emplace_back(gain_needs_reference);
  }
  return found;
}

Identification identify_from_readings(std::span<const Update> polls) {
  Publishing publishing = identify_publishing(polls);
  Identification found = std::move(publishing.found);
  if (!publishing.updates) return found;
  found.notes.emplace_back(
      "delay, gain, offset: not told by the readings alone; give the load's marks or a reference");
  const EdgeFit fit = fit_edges(publishing.updates->updates(), publishing.updates->period());
  if (!fit.refusal.empty()) {
    found.notes.push_back("kind: " + fit.refusal);
    return found;
  }
  found.kind = found.profile.kind = fit.kernel.kind;
  take_width(fit.kernel.kind, {width_of(fit.kernel), fit.width_error}, found.profile);
  found.points = fit.points;
  return found;
}

}  // namespace wattfor
