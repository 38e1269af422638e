#include <algorithm>
#include <numeric>

#include "document/figure_plot.h"

namespace wattfor {
namespace {

// Grows by numbers that the axis has a place for.
class AxisRange {
 public:
  explicit AxisRange(const FigureAxis& axis) : axis_(axis) {}

  void hold(double value) {
    if (!has_place(axis_, value)) return;
    if (!range_) range_ = Interval{value, value};
    range_ = Interval{std::min(range_->low, value), std::max(range_->high, value)};
  }
  void hold(const std::optional<Interval>& interval) {
    if (!interval) return;
    hold(interval->low);
    hold(interval->high);
  }
  const std::optional<Interval>& range() const { return range_; }

 private:
  const FigureAxis& axis_;
  std::optional<Interval> range_;
};

}  // namespace

std::optional<Interval> x_range(const Figure& figure) {
  AxisRange range(figure.x);
  for (const auto& series : figure.points) {
    for (const FigurePoint& point : series.points) {
      if (!has_place(figure.y, point.y)) continue;
      range.hold(point.x);
      range.hold(point.x_interval);
    }
  }
  for (const auto& line : figure.lines) {
    for (const FigurePlace& place : line.places) range.hold(place.x);
  }
  for (const auto& band : figure.bands) {
    for (const auto& place : band.places) range.hold(place.x);
  }
  for (const auto& columns : figure.columns) {
    for (const auto& column : columns.columns) {
      range.hold(column.from);
      range.hold(column.to);
    }
  }
  for (const auto& bar : figure.bars.bars) {
    range.hold(0.0);
    range.hold(std::accumulate(bar.values.begin(), bar.values.end(), 0.0));
    range.hold(bar.interval);
  }
  for (const ReferenceLine& line : figure.references) {
    if (line.kind == ReferenceLine::Kind::at_x) range.hold(line.value);
  }
  return range.range();
}

std::optional<Interval> y_range(const Figure& figure) {
  AxisRange range(figure.y);
  for (const auto& series : figure.points) {
    for (const FigurePoint& point : series.points) {
      if (!has_place(figure.x, point.x)) continue;
      range.hold(point.y);
      range.hold(point.y_interval);
    }
  }
  for (const auto& line : figure.lines) {
    for (const FigurePlace& place : line.places) range.hold(place.y);
  }
  for (const auto& band : figure.bands) {
    for (const auto& place : band.places) range.hold(Interval{place.low, place.high});
  }
  for (const auto& columns : figure.columns) {
    for (const auto& column : columns.columns) range.hold(Interval{0.0, column.height});
  }
  for (const ReferenceLine& line : figure.references) {
    if (line.kind == ReferenceLine::Kind::at_y) range.hold(line.value);
  }
  return range.range();
}

}  // namespace wattfor
