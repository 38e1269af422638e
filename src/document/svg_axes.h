#pragma once

#include <string_view>

#include "document/svg.h"

namespace wattfor {

// The two axes of a figure's plot, and the numbers on them as places on the figure.
class SvgAxes {
 public:
  SvgAxes(SvgPoint top_left, SvgPoint bottom_right, AxisTicks x, AxisTicks y)
      : top_left_(top_left), bottom_right_(bottom_right), x_(x), y_(y) {}

  SvgPoint at(double x, double y) const;

  const AxisTicks& x() const { return x_; }
  const AxisTicks& y() const { return y_; }

  // The grid, the ticks with their numbers, and what the axes show: 60 px to the left of the plot
  // and 50 px below it are taken.
  void draw(Svg& svg, std::string_view x_title, std::string_view y_title) const;

 private:
  SvgPoint top_left_;
  SvgPoint bottom_right_;
  AxisTicks x_;
  AxisTicks y_;
};

}  // namespace wattfor
