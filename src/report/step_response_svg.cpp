#include "report/step_response_svg.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "document/svg.h"
#include "document/svg_axes.h"

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
  const SvgAxes axes(top_left, bottom_right, x,
                     axis_ticks(percents * lowest, percents * highest, 8));

  Svg svg({figure_width, figure_height}, title);
  svg.text({top_left.x, 26.0}, title, SvgAnchor::start);
  axes.draw(svg, "time after the load's step, ms", "share of the step in the reading, %");
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
  return svg.file();
}

}  // namespace wattfor
