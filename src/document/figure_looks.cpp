#include "document/figure_looks.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "document/plotted_axis.h"

namespace wattfor {
namespace {

SeriesLook category_look(std::size_t style) { return {category_ink(style), marker_of(style)}; }

}  // namespace

FigureLooks::FigureLooks(const Figure& figure) {
  std::size_t next = 0;
  const auto add = [&](std::vector<SeriesLook>& looks, const auto& series) {
    for (std::size_t i = 0; i < series.size(); ++i, ++next) {
      if (figure.colours == FigureColours::ordered && !series[i].style) {
        looks.push_back({ordered_ink(i, series.size()), marker_of(i)});
      } else {
        looks.push_back(category_look(series[i].style.value_or(next)));
      }
    }
  };
  add(points, figure.points);
  add(lines, figure.lines);
  add(bands, figure.bands);
  add(columns, figure.columns);
  std::size_t most_parts = figure.bars.parts.size();
  for (const auto& bar : figure.bars.bars) most_parts = std::max(most_parts, bar.values.size());
  for (std::size_t i = 0; i < most_parts; ++i) parts.push_back(category_look(i));
  // Only circles are compared by their areas at a glance.
  if (!figure.sizes) return;
  for (SeriesLook& look : points) look.marker = MarkerShape::circle;
}

PointSizes::PointSizes(const Figure& figure) {
  for (const FigurePoints& series : figure.points) {
    for (const FigurePoint& point : series.points) {
      const bool drawn = has_place(figure.x, point.x) && has_place(figure.y, point.y);
      if (drawn && point.size && std::isfinite(*point.size)) {
        largest_ = std::max(largest_, *point.size);
      }
    }
  }
}

double PointSizes::radius(double size) const {
  constexpr double largest_radius = 20.0;
  return largest_ > 0.0 && size > 0.0 ? largest_radius * std::sqrt(size / largest_) : 0.0;
}

std::vector<double> PointSizes::examples() const {
  if (!(largest_ > 0.0)) return {};
  const double decade = std::pow(10.0, std::floor(std::log10(largest_)));
  double round = decade;
  for (const double digit : {2.0, 5.0}) {
    if (digit * decade <= largest_) round = digit * decade;
  }
  return {round, 0.2 * round, 0.04 * round};
}

}  // namespace wattfor
