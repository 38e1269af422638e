#include "document/canvas.h"

#include <array>
#include <cmath>
#include <numbers>
#include <vector>

namespace wattfor {
namespace {

// The corners of a regular polygon with the area of the unit circle, one of them at `first` radians
// from the top.
std::vector<CanvasPoint> regular(int corners, double first) {
  const double turn = 2.0 * std::numbers::pi / corners;
  const double reach = std::sqrt(turn / std::sin(turn));
  std::vector<CanvasPoint> places;
  for (int i = 0; i < corners; ++i) {
    const double angle = first + turn * i;
    places.push_back({reach * std::sin(angle), -reach * std::cos(angle)});
  }
  return places;
}

// A plus of arms as wide as `half` to both sides, with the area of the unit circle, turned.
std::vector<CanvasPoint> plus(double turned) {
  // Area: 4·half·(2·reach − half) of arms with reach = 3·half, thus 20·half².
  const double half = std::sqrt(std::numbers::pi / 20.0);
  const double reach = 3.0 * half;
  constexpr std::array<std::array<int, 2>, 12> outline{{{-1, -3},
                                                        {1, -3},
                                                        {1, -1},
                                                        {3, -1},
                                                        {3, 1},
                                                        {1, 1},
                                                        {1, 3},
                                                        {-1, 3},
                                                        {-1, 1},
                                                        {-3, 1},
                                                        {-3, -1},
                                                        {-1, -1}}};
  std::vector<CanvasPoint> places;
  for (const auto& [right, down] : outline) {
    const double x = reach / 3.0 * right;
    const double y = reach / 3.0 * down;
    places.push_back(
        {x * std::cos(turned) - y * std::sin(turned), x * std::sin(turned) + y * std::cos(turned)});
  }
  return places;
}

std::vector<CanvasPoint> outline_of(MarkerShape shape) {
  constexpr double eighth_turn = 0.25 * std::numbers::pi;
  switch (shape) {
    case MarkerShape::circle:
      break;
    case MarkerShape::triangle:
      return regular(3, 0.0);
    case MarkerShape::square:
      return regular(4, eighth_turn);
    case MarkerShape::diamond:
      return regular(4, 0.0);
    case MarkerShape::downward:
      return regular(3, std::numbers::pi);
    case MarkerShape::plus:
      return plus(0.0);
    case MarkerShape::pentagon:
      return regular(5, 0.0);
    case MarkerShape::cross:
      return plus(eighth_turn);
  }
  return {};
}

}  // namespace

void draw_marker(Canvas& canvas, MarkerShape shape, CanvasPoint centre, double radius,
                 const Paint& paint, std::string_view hover) {
  if (shape == MarkerShape::circle) {
    canvas.circle(centre, radius, paint, hover);
    return;
  }
  std::vector<CanvasPoint> corners = outline_of(shape);
  for (CanvasPoint& corner : corners) {
    corner = {centre.x + radius * corner.x, centre.y + radius * corner.y};
  }
  canvas.fill(corners, paint, hover);
}

void fill_box(Canvas& canvas, const CanvasBox& box, const Paint& paint, std::string_view hover) {
  const std::array<CanvasPoint, 4> corners{{box.top_left,
                                            {box.bottom_right.x, box.top_left.y},
                                            box.bottom_right,
                                            {box.top_left.x, box.bottom_right.y}}};
  canvas.fill(corners, paint, hover);
}

}  // namespace wattfor
