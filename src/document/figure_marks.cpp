// What FigurePlot draws into the plot.

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "document/figure_plot.h"

namespace wattfor {
namespace {

void draw_segment(Canvas& canvas, CanvasPoint from, CanvasPoint to, const Stroke& stroke) {
  const std::array<CanvasPoint, 2> ends{{from, to}};
  canvas.stroke(ends, stroke);
}

double opacity_of(std::size_t points) {
  if (points > 300) return 0.5;
  return points > 60 ? 0.65 : 0.85;
}

}  // namespace

void FigurePlot::draw_below_clouds(Canvas& canvas) const {
  canvas.clip(plot_);
  for (std::size_t i = 0; i < figure_.columns.size(); ++i) {
    draw_columns(canvas, figure_.columns[i], looks_.columns[i].ink);
  }
  for (std::size_t i = 0; i < figure_.bands.size(); ++i) {
    draw_band(canvas, figure_.bands[i], looks_.bands[i].ink);
  }
  canvas.unclip();
}

void FigurePlot::draw_above_clouds(Canvas& canvas) const {
  canvas.clip(plot_);
  for (std::size_t i = 0; i < figure_.references.size(); ++i) {
    draw_reference(canvas, figure_.references[i], reference_dash(i));
  }
  for (std::size_t i = 0; i < figure_.lines.size(); ++i) {
    draw_line(canvas, figure_.lines[i], looks_.lines[i].ink);
  }
  canvas.unclip();
}

void FigurePlot::draw_columns(Canvas& canvas, const FigureColumns& columns, const Ink& ink) const {
  for (const auto& column : columns.columns) {
    const auto top_left = at(column.from, column.height);
    const auto right = x_.at(column.to);
    if (!top_left || !right || column.height == 0.0) continue;
    // On a logarithmic axis there is no zero: the column stands on the plot's edge.
    const double foot = y_.at(0.0).value_or(plot_.bottom_right.y);
    fill_box(canvas,
             {{top_left->x, std::min(top_left->y, foot)}, {*right, std::max(top_left->y, foot)}},
             {.ink = ink, .opacity = column_opacity, .outline = ink::paper()},
             fmt::format("{} … {}: {}", hovered_number(figure_.x, column.from),
                         hovered_number(figure_.x, column.to),
                         hovered_number(figure_.y, column.height)));
  }
}

void FigurePlot::draw_band(Canvas& canvas, const FigureBand& band, const Ink& ink) const {
  std::vector<CanvasPoint> above;
  std::vector<CanvasPoint> below;
  for (const auto& place : band.places) {
    const auto low = at(place.x, place.low);
    const auto high = at(place.x, place.high);
    if (!low || !high) continue;
    above.push_back(*high);
    below.push_back(*low);
  }
  if (above.size() < 2) return;
  above.insert(above.end(), below.rbegin(), below.rend());
  canvas.fill(above, {.ink = ink, .opacity = band_opacity}, "");
}

void FigurePlot::draw_reference(Canvas& canvas, const ReferenceLine& line, LineDash dash) const {
  const Stroke stroke{.ink = ink::text(), .width = 1.3, .dash = dash};
  std::vector<CanvasPoint> places;
  // A product is a curve on linear axes, a ratio on unlike ones.
  constexpr int stretches = 96;
  for (int i = 0; i <= stretches; ++i) {
    const double share = static_cast<double>(i) / stretches;
    const double x = x_.scale() == AxisScale::log10
                         ? x_.low() * std::pow(x_.high() / x_.low(), share)
                         : x_.low() + share * (x_.high() - x_.low());
    if (line.kind == ReferenceLine::Kind::ratio) {
      if (const auto place = at(x, line.value * x)) places.push_back(*place);
    } else if (line.kind == ReferenceLine::Kind::product && x != 0.0) {
      if (const auto place = at(x, line.value / x)) places.push_back(*place);
    }
  }
  switch (line.kind) {
    case ReferenceLine::Kind::at_x:
      if (const auto x = x_.at(line.value)) {
        draw_segment(canvas, {*x, plot_.top_left.y}, {*x, plot_.bottom_right.y}, stroke);
      }
      break;
    case ReferenceLine::Kind::at_y:
      if (const auto y = y_.at(line.value)) {
        draw_segment(canvas, {plot_.top_left.x, *y}, {plot_.bottom_right.x, *y}, stroke);
      }
      break;
    case ReferenceLine::Kind::ratio:
    case ReferenceLine::Kind::product:
      if (places.size() > 1) canvas.stroke(places, stroke);
      break;
  }
}

void FigurePlot::draw_line(Canvas& canvas, const FigureLine& line, const Ink& ink) const {
  const Stroke stroke{.ink = ink, .width = 2.0, .dash = line.dash};
  std::vector<CanvasPoint> places;
  const auto end_stretch = [&] {
    if (places.size() > 1) canvas.stroke(places, stroke);
    places.clear();
  };
  for (const FigurePlace& each : line.places) {
    const auto place = at(each.x, each.y);
    if (!place) {
      end_stretch();
      continue;
    }
    if (line.shape == LineShape::steps && !places.empty()) {
      places.push_back({place->x, places.back().y});
    }
    places.push_back(*place);
  }
  end_stretch();
}

std::string FigurePlot::hover_of(const FigurePoint& point) const {
  std::string words = point.label.empty() ? "" : point.label + " · ";
  words += hovered_number(figure_.x, point.x) + " · " + hovered_number(figure_.y, point.y);
  if (point.size && figure_.sizes) {
    words += " · " + hovered_number({.label = {}, .unit = figure_.sizes->unit}, *point.size);
  }
  return words;
}

void FigurePlot::draw_whiskers(Canvas& canvas, const FigurePoint& point, CanvasPoint place,
                               const Ink& ink) const {
  const Stroke stroke{.ink = ink, .width = 1.2};
  constexpr double cap = 3.0;
  if (point.x_interval) {
    const auto low = x_.at(point.x_interval->low);
    const auto high = x_.at(point.x_interval->high);
    if (low && high) {
      draw_segment(canvas, {*low, place.y}, {*high, place.y}, stroke);
      draw_segment(canvas, {*low, place.y - cap}, {*low, place.y + cap}, stroke);
      draw_segment(canvas, {*high, place.y - cap}, {*high, place.y + cap}, stroke);
    }
  }
  if (!point.y_interval) return;
  const auto low = y_.at(point.y_interval->low);
  const auto high = y_.at(point.y_interval->high);
  if (!low || !high) return;
  draw_segment(canvas, {place.x, *low}, {place.x, *high}, stroke);
  draw_segment(canvas, {place.x - cap, *low}, {place.x + cap, *low}, stroke);
  draw_segment(canvas, {place.x - cap, *high}, {place.x + cap, *high}, stroke);
}

void FigurePlot::draw_points(Canvas& canvas, const FigurePoints& series,
                             const SeriesLook& look) const {
  struct Placed {
    const FigurePoint* point;
    CanvasPoint place;
    double radius;
  };
  std::vector<Placed> placed;
  const double usual = marker_radius(series.role, series.points.size());
  for (const FigurePoint& point : series.points) {
    const auto place = at(point.x, point.y);
    if (!place) continue;
    placed.push_back({&point, *place, point.size ? sizes_.radius(*point.size) : usual});
    draw_whiskers(canvas, point, *place, look.ink);
  }
  // The small ones are seen, and reached, above the large ones.
  std::ranges::stable_sort(placed, std::ranges::greater{}, &Placed::radius);
  Paint paint{.ink = look.ink, .opacity = opacity_of(series.points.size())};
  if (series.role == PointRole::marked) paint = {.ink = look.ink, .outline = ink::text()};
  if (figure_.sizes) paint = {.ink = look.ink, .opacity = 0.5, .outline = look.ink};
  for (const Placed& each : placed) {
    if (each.radius <= 0.0) continue;
    draw_marker(canvas, look.marker, each.place, each.radius, paint, hover_of(*each.point));
  }
}

}  // namespace wattfor
