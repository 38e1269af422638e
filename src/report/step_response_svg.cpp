#include "report/step_response_svg.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "report/svg.h"

namespace wattfor {
namespace {

constexpr double figure_width = 720.0;
constexpr double figure_height = 420.0;
constexpr SvgPoint top_left{74.0, 44.0};
constexpr SvgPoint bottom_right{figure_width - 24.0, figure_height - 60.0};
constexpr double least_share = -0.1;
constexpr double greatest_share = 1.1;
constexpr int line_pieces = 400;  // of the line
constexpr double ms_per_second = 1e3;
constexpr double percents = 100.0;

// Numbers of the figure's axes, in ms and %, as places on it.
class StepAxes {
 public:
  StepAxes(AxisTicks x, AxisTicks y) : x_(x), y_(y) {}

  SvgPoint at(double age_ms, double share_percent) const {
    return {along(x_, age_ms, top_left.x, bottom_right.x),
            along(y_, share_percent, bottom_right.y, top_left.y)};
  }

  void draw(Svg& svg) const {
    for (const double y : y_.places()) {
      svg.line(at(x_.first, y), at(x_.last, y), SvgInk::grid);
      const SvgPoint tick = at(x_.first, y);
      svg.text({tick.x - 8.0, tick.y + 4.0}, number(y, y_.step), SvgAnchor::end);
    }
    for (const double x : x_.places()) {
      svg.line(at(x, y_.first), at(x, y_.last), SvgInk::grid);
      const SvgPoint tick = at(x, y_.first);
      svg.text({tick.x, tick.y + 20.0}, number(x, x_.step), SvgAnchor::middle);
    }
    svg.line(at(x_.first, y_.first), at(x_.last, y_.first), SvgInk::frame);
    svg.line(at(x_.first, y_.first), at(x_.first, y_.last), SvgInk::frame);
  }

 private:
  static double along(const AxisTicks& ticks, double value, double from, double to) {
    return from + (value - ticks.first) / (ticks.last - ticks.first) * (to - from);
  }
  // What steps have added up to is no −0 and no 0.30000000000000004.
  static std::string number(double value, double step) {
    const double rounded = std::round(value / step) * step;
    return fmt::format("{:.4g}", rounded == 0.0 ? 0.0 : rounded);
  }

  AxisTicks x_;
  AxisTicks y_;
};

}  // namespace

std::string step_response_svg(std::span<const StepPoint> points, const Kernel& kernel,
                              std::string_view title) {
  double first = 0.0;
  double last = ms_per_second * 1.2 * kernel.delay.count() + 1.0;
  double lowest = least_share;
  double highest = greatest_share;
  for (const StepPoint& point : points) {
    first = std::min(first, ms_per_second * point.age.count());
    last = std::max(last, ms_per_second * point.age.count());
    lowest = std::min(lowest, point.share);
    highest = std::max(highest, point.share);
  }
  const AxisTicks x = axis_ticks(first, last, 10);
  const StepAxes axes(x, axis_ticks(percents * lowest, percents * highest, 8));

  Svg svg({figure_width, figure_height}, title);
  svg.text({top_left.x, 26.0}, title, SvgAnchor::start);
  axes.draw(svg);
  for (const StepPoint& point : points) {
    svg.dot(axes.at(ms_per_second * point.age.count(), percents * point.share), 2.2, SvgInk::data);
  }
  std::vector<SvgPoint> line;
  for (int i = 0; i <= line_pieces; ++i) {
    const double age_ms = x.first + (x.last - x.first) * i / line_pieces;
    line.push_back(
        axes.at(age_ms, percents * step_response(kernel, Seconds(age_ms / ms_per_second))));
  }
  svg.polyline(line, SvgInk::model);
  svg.text({0.5 * (top_left.x + bottom_right.x), figure_height - 18.0},
           "time after the load's step, ms", SvgAnchor::middle);
  svg.text({20.0, 0.5 * (top_left.y + bottom_right.y)}, "share of the step in the reading, %",
           SvgAnchor::middle, true);
  return svg.file();
}

}  // namespace wattfor
