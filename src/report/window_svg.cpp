#include "report/window_svg.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "document/numbers.h"
#include "document/svg.h"
#include "document/svg_axes.h"

namespace wattfor {
namespace {

constexpr double picture_width = 760.0;
constexpr double picture_height = 460.0;
constexpr SvgPoint plot_top_left{74.0, 72.0};
constexpr SvgPoint plot_bottom_right{picture_width - 24.0, picture_height - 92.0};
constexpr Seconds most_shown{2.0};
constexpr double share_beside = 0.25;  // of what is shown of the window …
constexpr Seconds least_beside{0.2};   // … and some updates of most gauges
// Updates that jitter may come a little early.
constexpr double share_apart = 0.9;
constexpr double pieces_shown = 1000.0;
constexpr double bar_half_height = 1.5;

// "true 1.25 kJ · naive 1.31 kJ (+4.8 %) · corrected 1.24 kJ (−0.40 %), 95 %: 1.10 kJ to 1.38 kJ"
std::string energies_text(const CheckedWindow& window) {
  std::string text = "true " + si_number(window.truth.value(), "J");
  if (window.replayed.naive) {
    text += fmt::format(" · naive {} ({})", si_number(window.replayed.naive->value(), "J"),
                        signed_share(window.naive_error()));
  }
  if (window.replayed.estimate) {
    const EnergyFigure& figure = window.replayed.estimate->figure;
    text += fmt::format(" · corrected {} ({})", si_number(figure.energy.value(), "J"),
                        signed_share(window.corrected_error()));
    if (figure.absolute) {
      text += fmt::format(", 95 %: {} to {}", si_number(figure.absolute->low, "J"),
                          si_number(figure.absolute->high, "J"));
    }
  }
  return text;
}

// The course's steps over [from, to] as corners, in seconds since `start` and watts.
std::vector<SvgPoint> steps_of(const PowerCourse& course, Seconds from, Seconds to, Seconds start) {
  std::vector<SvgPoint> corners;
  const auto add = [&](Seconds time, Watts power) {
    const double x = (time - start).count();
    if (!corners.empty()) corners.push_back({x, corners.back().y});
    corners.push_back({x, power.value()});
  };
  add(from, course.power_at(from));
  const auto edges = course.edges();
  const auto first = std::ranges::upper_bound(edges, from);
  const auto last = std::ranges::lower_bound(edges, to);
  for (auto edge = first; edge < last; ++edge) add(*edge, course.power_at(*edge));
  corners.push_back({(to - start).count(), corners.back().y});
  return corners;
}

// Whether each update looked back at a stretch of its own; of those that overlap only the end is
// drawn.
bool looks_apart(const std::vector<Update>& updates, const Kernel& kernel) {
  if (kernel.kind != ResponseKind::boxcar || kernel.window <= Seconds(0.0)) return false;
  const auto overlap =
      std::ranges::adjacent_find(updates, [&](const Update& one, const Update& next) {
        return next.time - one.time < share_apart * kernel.window;
      });
  return overlap == updates.end();
}

void draw_legend(Svg& svg, bool looks_back) {
  constexpr double y = 52.0;
  double x = plot_top_left.x;
  svg.line({x, y - 4.0}, {x + 22.0, y - 4.0}, SvgInk::truth);
  svg.text({x + 28.0, y}, "true power", SvgAnchor::start);
  x += 120.0;
  svg.dot({x + 18.0, y - 4.0}, 3.0, SvgInk::data);
  if (looks_back) {
    svg.rectangle({x, y - 4.0 - bar_half_height}, {x + 18.0, y - 4.0 + bar_half_height},
                  SvgInk::data);
  }
  svg.text({x + 28.0, y}, looks_back ? "update, with what it looked back at" : "update",
           SvgAnchor::start);
  x += looks_back ? 285.0 : 105.0;
  svg.rectangle({x, y - 11.0}, {x + 22.0, y + 2.0}, SvgInk::shade);
  svg.text({x + 28.0, y}, "the window", SvgAnchor::start);
}

}  // namespace

std::string window_svg(const PowerCourse& course, std::span<const Update> updates,
                       const Kernel& kernel, Seconds start, const CheckedWindow& window,
                       std::string_view title) {
  const Seconds length = window.replayed.mark.duration();
  const Seconds shown = std::min(length, most_shown);
  const Seconds beside = std::max(share_beside * shown, least_beside);
  // Until a slow gauge is back at what flows.
  const Seconds after = std::max(beside, std::min(reach_of(kernel), most_shown));
  const AxisTicks x = axis_ticks(-beside.count(), (shown + after).count(), 10);
  const Seconds from = start + Seconds(x.first);
  const Seconds to = start + Seconds(x.last);
  const auto corners = steps_of(coarsened(course, (to - from) / pieces_shown), from, to, start);

  double highest = 0.0;
  for (const SvgPoint& corner : corners) highest = std::max(highest, corner.y);
  std::vector<Update> seen;
  for (const Update& update : updates) {
    if (update.time < from || update.time > to) continue;
    seen.push_back(update);
    highest = std::max(highest, update.power.value());
  }
  const SvgAxes axes(plot_top_left, plot_bottom_right, x, axis_ticks(0.0, highest, 6));
  const auto inside = [&](double time) { return std::clamp(time, x.first, x.last); };

  Svg svg({picture_width, picture_height}, title);
  svg.text({plot_top_left.x, 26.0}, fitting_title(title, plot_top_left.x, picture_width),
           SvgAnchor::start);
  const bool looks_back = looks_apart(seen, kernel);
  draw_legend(svg, looks_back);
  svg.rectangle(axes.at(0.0, axes.y().first), axes.at(inside(length.count()), axes.y().last),
                SvgInk::shade);
  axes.draw(svg, "time since the window's start, s", "power, W");
  std::vector<SvgPoint> line;
  line.reserve(corners.size());
  for (const SvgPoint& corner : corners) line.push_back(axes.at(corner.x, corner.y));
  svg.polyline(line, SvgInk::truth);
  for (const Update& update : seen) {
    const double time = (update.time - start).count();
    const SvgPoint dot = axes.at(time, update.power.value());
    if (looks_back) {
      const double latest = time - kernel.delay.count();
      const SvgPoint left = axes.at(inside(latest - kernel.window.count()), 0.0);
      const SvgPoint right = axes.at(inside(latest), 0.0);
      svg.rectangle({left.x, dot.y - bar_half_height}, {right.x, dot.y + bar_half_height},
                    SvgInk::data);
    }
    svg.dot(dot, 3.0, SvgInk::data);
  }
  svg.text({plot_top_left.x, picture_height - 18.0}, energies_text(window), SvgAnchor::start);
  return svg.file();
}

}  // namespace wattfor
