#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "document/figure.h"
#include "document/palette.h"

namespace wattfor {

// Pixels at the figure's natural size, from the top left corner.
struct CanvasPoint {
  double x = 0.0;
  double y = 0.0;
};

struct CanvasBox {
  CanvasPoint top_left;
  CanvasPoint bottom_right;

  double width() const { return bottom_right.x - top_left.x; }
  double height() const { return bottom_right.y - top_left.y; }
};

struct Stroke {
  Ink ink;
  double width = 1.0;
  LineDash dash = LineDash::solid;
};

struct Paint {
  Ink ink;
  double opacity = 1.0;
  std::optional<Ink> outline = std::nullopt;  // a pixel wide
};

enum class TextAnchor { start, middle, end };

struct Lettering {
  double size = 12.0;
  Ink ink = ink::text();
  TextAnchor anchor = TextAnchor::start;
  bool bold = false;
  bool turned = false;  // reads upwards
};

// What a figure is drawn on. A `hover` text shows while the pointer is on the mark, where the
// medium has a pointer. Texts are any: an implementation makes them safe.
class Canvas {
 public:
  Canvas() = default;
  Canvas(const Canvas&) = delete;
  Canvas& operator=(const Canvas&) = delete;
  virtual ~Canvas() = default;

  virtual void stroke(std::span<const CanvasPoint> places, const Stroke& stroke) = 0;
  virtual void fill(std::span<const CanvasPoint> corners, const Paint& paint,
                    std::string_view hover) = 0;
  virtual void circle(CanvasPoint centre, double radius, const Paint& paint,
                      std::string_view hover) = 0;
  virtual void text(CanvasPoint baseline, std::string_view words, const Lettering& lettering) = 0;
  // What follows is seen inside of the box only, until unclip().
  virtual void clip(const CanvasBox& box) = 0;
  virtual void unclip() = 0;
};

// As large in area as a circle of this radius, whatever the shape.
void draw_marker(Canvas& canvas, MarkerShape shape, CanvasPoint centre, double radius,
                 const Paint& paint, std::string_view hover);

void fill_box(Canvas& canvas, const CanvasBox& box, const Paint& paint, std::string_view hover);

}  // namespace wattfor
