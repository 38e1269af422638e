#pragma once

#include <optional>
#include <string>
#include <vector>

#include "document/figure.h"
#include "measurement/energy.h"

namespace wattfor {

// The size of tick labels, in pixels: 12 px are 9 pt.
inline constexpr double tick_size = 12.0;

struct AxisTick {
  double place = 0.0;  // in pixels
  std::string label;   // empty: a minor one
};

enum class AxisSide { below, left };

// An axis with its numbers as places on the figure.
class PlottedAxis {
 public:
  // Holds the data and what the axis asks for, with `room` beyond, a share of that range; an end
  // that is asked for and not surpassed is exact.
  PlottedAxis(const FigureAxis& axis, AxisSide side, std::optional<Interval> data, double room);

  // From the pixel of the lowest number to that of the highest.
  void lay(double from, double to);

  // Nothing for what has no place, see has_place().
  std::optional<double> at(double value) const;
  double low() const { return low_; }
  double high() const { return high_; }
  AxisScale scale() const { return axis_.scale; }

  // Round numbers, as many as there is room for their labels.
  std::vector<AxisTick> ticks() const;
  // What the axis shows, with its unit unless the ticks have it.
  std::string heading() const;

 private:
  std::vector<double> linear_places(int about) const;
  std::vector<double> log_places(bool between_decades, int stride) const;
  std::vector<std::vector<double>> candidates() const;
  std::vector<AxisTick> labelled(const std::vector<double>& values) const;
  bool fit(const std::vector<AxisTick>& ticks) const;

  FigureAxis axis_;
  AxisSide side_;
  double low_ = 0.0;
  double high_ = 1.0;
  double from_ = 0.0;
  double to_ = 1.0;
};

// Whether a number can be drawn on an axis at all: it is finite and, on a logarithmic one,
// positive.
bool has_place(const FigureAxis& axis, double value);

// A number as it is shown while the pointer is on a mark: "12.3 mJ" or "81.2 %".
std::string hovered_number(const FigureAxis& axis, double value);

}  // namespace wattfor
