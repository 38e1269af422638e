#pragma once

#include <optional>
#include <string>
#include <vector>

#include "document/canvas.h"
#include "document/figure.h"
#include "document/figure_legend.h"
#include "document/figure_looks.h"
#include "document/plotted_axis.h"

namespace wattfor {

// Where everything in a figure lies, and the one way to draw it on whatever canvas.
class FigurePlot {
 public:
  // The figure must outlive it.
  explicit FigurePlot(const Figure& figure);

  CanvasPoint size() const { return size_; }
  void draw(Canvas& canvas) const;

 private:
  void lay_out();
  void draw_axes(Canvas& canvas) const;
  void draw_frame(Canvas& canvas) const;
  void draw_below_clouds(Canvas& canvas) const;
  void draw_above_clouds(Canvas& canvas) const;
  void draw_band(Canvas& canvas, const FigureBand& band, const Ink& ink) const;
  void draw_columns(Canvas& canvas, const FigureColumns& columns, const Ink& ink) const;
  void draw_reference(Canvas& canvas, const ReferenceLine& line, LineDash dash) const;
  void draw_line(Canvas& canvas, const FigureLine& line, const Ink& ink) const;
  void draw_points(Canvas& canvas, const FigurePoints& series, const SeriesLook& look) const;
  void draw_whiskers(Canvas& canvas, const FigurePoint& point, CanvasPoint place,
                     const Ink& ink) const;
  void draw_bars(Canvas& canvas) const;
  std::optional<CanvasPoint> at(double x, double y) const;
  std::string hover_of(const FigurePoint& point) const;

  const Figure& figure_;
  FigureLooks looks_;
  PointSizes sizes_;
  FigureLegend legend_;
  PlottedAxis x_;
  PlottedAxis y_;
  std::vector<std::string> title_;
  std::vector<std::string> bar_names_;
  CanvasPoint size_;
  CanvasBox plot_;
};

// The numbers that the axes of a figure must hold; nothing where there are none.
std::optional<Interval> x_range(const Figure& figure);
std::optional<Interval> y_range(const Figure& figure);

}  // namespace wattfor
