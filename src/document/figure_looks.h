#pragma once

#include <vector>

#include "document/figure.h"
#include "document/palette.h"

namespace wattfor {

struct SeriesLook {
  Ink ink;
  MarkerShape marker = MarkerShape::circle;
};

// The colour and marker of each series of a figure, in the figure's order.
struct FigureLooks {
  explicit FigureLooks(const Figure& figure);

  std::vector<SeriesLook> points;
  std::vector<SeriesLook> lines;
  std::vector<SeriesLook> bands;
  std::vector<SeriesLook> columns;
  std::vector<SeriesLook> parts;  // of the bars
};

// The sizes of a figure's points, and what they mean in pixels.
class PointSizes {
 public:
  explicit PointSizes(const Figure& figure);

  double radius(double size) const;
  // Round sizes for the legend, the largest first; none where no point has a size.
  std::vector<double> examples() const;

 private:
  double largest_ = 0.0;
};

}  // namespace wattfor
