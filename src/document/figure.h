#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "measurement/energy.h"

// A figure as data, without a place or a colour: figure_picture.h draws it. Whatever is not finite,
// or not positive on a logarithmic axis, is not drawn; the caption says how many that were.
namespace wattfor {

enum class AxisScale { linear, log10 };

enum class TickNumbers {
  plain,  // 0.1, 20, 4,000; far from one in powers of ten; the unit stands in the label
  si,     // 1 mJ, 10 mJ, 1 J; for a unit that takes prefixes
};

struct FigureAxis {
  std::string label;      // "energy of an image"; the unit is added
  std::string unit = {};  // "J", "%", or nothing
  AxisScale scale = AxisScale::linear;
  TickNumbers numbers = TickNumbers::plain;
  // The axis holds at least these, besides the data: 0 for bars, 100 for shares.
  std::optional<double> low = std::nullopt;
  std::optional<double> high = std::nullopt;
};

struct FigurePlace {
  double x = 0.0;
  double y = 0.0;
};

struct FigurePoint {
  double x = 0.0;
  double y = 0.0;
  std::string label = {};  // a model's name: shown while the pointer is on it
  // The point's area is in proportion to this (Figure::sizes says what it is).
  std::optional<double> size = std::nullopt;
  std::optional<Interval> x_interval = std::nullopt;
  std::optional<Interval> y_interval = std::nullopt;
};

// The place in the palette, which decides colour and marker: give one where the same thing has a
// series in several figures, or a line and points in one. Unset: the next in the order of the
// figure's points, lines, bands and columns.
using FigureStyle = std::optional<std::size_t>;

enum class PointRole {
  cloud,   // one of many: small, shining through
  marked,  // few that are looked at: large, with an outline
};

// A name that is empty stays out of the legend, here and below.
struct FigurePoints {
  std::string name;
  std::vector<FigurePoint> points;
  FigureStyle style = std::nullopt;
  PointRole role = PointRole::cloud;
};

enum class LineShape {
  straight,
  steps,  // level from each point to the next: fronts, cumulative distributions
};

enum class LineDash { solid, dashed, dotted };

struct FigureLine {
  std::string name;
  std::vector<FigurePlace> places;
  FigureStyle style = std::nullopt;
  LineShape shape = LineShape::straight;
  LineDash dash = LineDash::solid;
};

// What a curve may lie in.
struct FigureBand {
  struct Place {
    double x = 0.0;
    double low = 0.0;
    double high = 0.0;
  };
  std::string name;
  std::vector<Place> places;
  FigureStyle style = std::nullopt;
};

// A histogram: columns from zero up, each over a stretch of the x axis.
struct FigureColumns {
  struct Column {
    double from = 0.0;
    double to = 0.0;
    double height = 0.0;
  };
  std::string name;
  std::vector<Column> columns;
  FigureStyle style = std::nullopt;
};

// Horizontal bars under each other, each with its name. They take the place of the y axis: a figure
// with bars has no points, lines, bands or columns.
struct FigureBars {
  struct Bar {
    std::string name;
    std::vector<double> values;                       // one for each part, laid end to end
    std::optional<Interval> interval = std::nullopt;  // of the sum
  };
  std::vector<std::string> parts;  // their names for the legend; of one alone it may be ""
  std::vector<Bar> bars;

  bool empty() const { return bars.empty(); }
};

// A straight grey line: a limit, 100 %, "the same on both". Named in the legend.
struct ReferenceLine {
  enum class Kind {
    at_x,
    at_y,
    ratio,    // y = value · x
    product,  // y · x = value: a power, where one axis is images a second and one J an image
  };
  std::string name;
  Kind kind = Kind::at_y;
  double value = 0.0;
};

// What the areas of points stand for; the legend shows some.
struct FigureSizes {
  std::string label;
  std::string unit;
};

enum class FigureColours {
  categories,  // told apart by colour and marker
  ordered,     // years: the points', lines' and columns' order is one from dark to bright
};

struct Figure {
  std::string id;  // a file's name without ending, see is_result_id()
  std::string title;
  std::string caption;  // what one sees, of how many, and what was left out
  FigureAxis x = {};
  FigureAxis y = {};
  std::vector<FigurePoints> points = {};
  std::vector<FigureLine> lines = {};
  std::vector<FigureBand> bands = {};
  std::vector<FigureColumns> columns = {};
  FigureBars bars = {};
  std::vector<ReferenceLine> references = {};
  std::optional<FigureSizes> sizes = std::nullopt;
  FigureColours colours = FigureColours::categories;
};

}  // namespace wattfor
