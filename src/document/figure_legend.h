#pragma once

#include <string>
#include <vector>

#include "document/canvas.h"
#include "document/figure.h"
#include "document/figure_looks.h"

namespace wattfor {

// What the series of a figure are called, in rows below the plot.
class FigureLegend {
 public:
  FigureLegend(const Figure& figure, const FigureLooks& looks, const PointSizes& sizes,
               double width);

  double height() const;
  void draw(Canvas& canvas, CanvasPoint top_left) const;

 private:
  struct Entry {
    std::string name;
    Ink ink;
    std::optional<MarkerShape> marker = std::nullopt;
    bool is_marked = false;  // an outlined marker
    std::optional<LineDash> line = std::nullopt;
    double box = 0.0;  // its opacity; 0: none
  };
  struct SizeExample {
    double radius = 0.0;
    std::string words;
  };

  void add(Entry entry);
  void add_series(const Figure& figure, const FigureLooks& looks);
  void shorten_entry_names();
  std::vector<CanvasPoint> entry_places() const;
  void draw_swatch(Canvas& canvas, const Entry& entry, CanvasPoint middle) const;

  double width_;
  std::vector<Entry> entries_;
  std::string sizes_label_;
  std::vector<SizeExample> examples_;
};

// References are told apart by their dashes.
LineDash reference_dash(std::size_t place);

// The radius of a marker that has no size of its own; the more there are the smaller.
double marker_radius(PointRole role, std::size_t points);

inline constexpr double band_opacity = 0.22;
inline constexpr double column_opacity = 0.75;

}  // namespace wattfor
