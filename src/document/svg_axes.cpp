#include "document/svg_axes.h"

#include <fmt/format.h>

#include <cmath>
#include <string>

namespace wattfor {
namespace {

double along(const AxisTicks& ticks, double value, double from, double to) {
  return from + (value - ticks.first) / (ticks.last - ticks.first) * (to - from);
}

// What steps have added up to is no −0 and no 0.30000000000000004.
std::string tick_text(double value, double step) {
  const double rounded = std::round(value / step) * step;
  return fmt::format("{}{:.4g}", rounded < 0.0 ? "−" : "", std::abs(rounded));
}

}  // namespace

SvgPoint SvgAxes::at(double x, double y) const {
  return {along(x_, x, top_left_.x, bottom_right_.x), along(y_, y, bottom_right_.y, top_left_.y)};
}

void SvgAxes::draw(Svg& svg, std::string_view x_title, std::string_view y_title) const {
  for (const double y : y_.places()) {
    svg.line(at(x_.first, y), at(x_.last, y), SvgInk::grid);
    const SvgPoint tick = at(x_.first, y);
    svg.text({tick.x - 8.0, tick.y + 4.0}, tick_text(y, y_.step), SvgAnchor::end);
  }
  for (const double x : x_.places()) {
    svg.line(at(x, y_.first), at(x, y_.last), SvgInk::grid);
    const SvgPoint tick = at(x, y_.first);
    svg.text({tick.x, tick.y + 20.0}, tick_text(x, x_.step), SvgAnchor::middle);
  }
  svg.line(at(x_.first, y_.first), at(x_.last, y_.first), SvgInk::frame);
  svg.line(at(x_.first, y_.first), at(x_.first, y_.last), SvgInk::frame);
  svg.text({0.5 * (top_left_.x + bottom_right_.x), bottom_right_.y + 42.0}, x_title,
           SvgAnchor::middle);
  svg.text({top_left_.x - 54.0, 0.5 * (top_left_.y + bottom_right_.y)}, y_title, SvgAnchor::middle,
           true);
}

}  // namespace wattfor
