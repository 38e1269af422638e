#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace wattfor {

struct SvgPoint {
  double x = 0.0;
  double y = 0.0;
};

// What a mark in a figure is for; colours follow from it, dark on light or light on dark as the
// viewer prefers.
enum class SvgInk {
  text,   // words and numbers
  frame,  // axes and their ticks
  grid,
  shade,  // a stretch that is pointed at
  truth,  // what truly was
  data,   // what was measured
  model,  // what was made of it
};

enum class SvgAnchor { start, middle, end };

// Writes an SVG 1.1 figure, on paper of its own, so that it can be read wherever it is put. Lengths
// are pixels at the figure's natural size, from the top left corner.
class Svg {
 public:
  // `title` is what a screen reader says.
  Svg(SvgPoint size, std::string_view title);

  void line(SvgPoint from, SvgPoint to, SvgInk ink);
  void polyline(std::span<const SvgPoint> points, SvgInk ink);
  // Filled, whichever corners these are.
  void rectangle(SvgPoint corner, SvgPoint opposite, SvgInk ink);
  void dot(SvgPoint centre, double radius, SvgInk ink);
  // Any text: it is escaped. `turned` reads upwards.
  void text(SvgPoint at, std::string_view words, SvgAnchor anchor, bool turned = false);

  // The whole file.
  std::string file() const;

 private:
  SvgPoint size_;
  std::string title_;
  std::string body_;
};

// The beginning of a title that fits over a figure of this width, from `left` on.
std::string_view fitting_title(std::string_view title, double left, double width);

// The ends and the distance of an axis' ticks, on round numbers that hold [low, high].
struct AxisTicks {
  double first = 0.0;
  double last = 1.0;
  double step = 1.0;

  std::vector<double> places() const;
};
// `about` is how many steps to aim at. A range that is empty or not finite gets one around it.
AxisTicks axis_ticks(double low, double high, int about);

}  // namespace wattfor
