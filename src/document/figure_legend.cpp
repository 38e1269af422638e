#include "document/figure_legend.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <numeric>

#include "document/letter_widths.h"
#include "document/markup.h"
#include "document/plotted_axis.h"
#include "document/shorten_names.h"

namespace wattfor {
namespace {

constexpr double legend_size = 12.5;
constexpr double swatch_width = 26.0;
constexpr double swatch_gap = 7.0;
constexpr double entry_gap = 20.0;
constexpr double legend_row = 21.0;
constexpr double example_gap = 14.0;

}  // namespace

LineDash reference_dash(std::size_t place) {
  constexpr std::array<LineDash, 3> dashes{LineDash::dashed, LineDash::dotted, LineDash::solid};
  return dashes.at(place % dashes.size());
}

double marker_radius(PointRole role, std::size_t points) {
  if (role == PointRole::marked) return points > 12 ? 4.5 : 6.5;
  if (points > 300) return 2.6;
  return points > 60 ? 3.2 : 4.2;
}

FigureLegend::FigureLegend(const Figure& figure, const FigureLooks& looks, const PointSizes& sizes,
                           double width)
    : width_(width) {
  add_series(figure, looks);
  for (std::size_t i = 0; i < figure.bars.parts.size(); ++i) {
    add({.name = figure.bars.parts[i], .ink = looks.parts[i].ink, .box = 1.0});
  }
  for (std::size_t i = 0; i < figure.references.size(); ++i) {
    add({.name = figure.references[i].name, .ink = ink::text(), .line = reference_dash(i)});
  }
  shorten_entry_names();
  if (!figure.sizes) return;
  const FigureAxis as_axis{.label = figure.sizes->label, .unit = figure.sizes->unit};
  sizes_label_ = shortened_to_width(fmt::format("area: {}", one_line(figure.sizes->label)),
                                    0.6 * width_, legend_size);
  for (const double size : sizes.examples()) {
    examples_.push_back({sizes.radius(size), one_line(hovered_number(as_axis, size))});
  }
}

// A line and the points on it are one entry.
void FigureLegend::add(Entry entry) {
  entry.name = one_line(entry.name);
  if (entry.name.empty()) return;
  for (Entry& known : entries_) {
    if (known.name != entry.name || known.ink.name != entry.ink.name) continue;
    if (entry.line) known.line = entry.line;
    if (entry.marker) known.marker = entry.marker;
    known.box = std::max(known.box, entry.box);
    return;
  }
  entries_.push_back(std::move(entry));
}

void FigureLegend::add_series(const Figure& figure, const FigureLooks& looks) {
  for (std::size_t i = 0; i < figure.points.size(); ++i) {
    add({.name = figure.points[i].name,
         .ink = looks.points[i].ink,
         .marker = looks.points[i].marker,
         .is_marked = figure.points[i].role == PointRole::marked});
  }
  for (std::size_t i = 0; i < figure.lines.size(); ++i) {
    add({.name = figure.lines[i].name, .ink = looks.lines[i].ink, .line = figure.lines[i].dash});
  }
  for (std::size_t i = 0; i < figure.bands.size(); ++i) {
    add({.name = figure.bands[i].name, .ink = looks.bands[i].ink, .box = band_opacity});
  }
  for (std::size_t i = 0; i < figure.columns.size(); ++i) {
    add({.name = figure.columns[i].name, .ink = looks.columns[i].ink, .box = column_opacity});
  }
}

void FigureLegend::shorten_entry_names() {
  constexpr int most_columns = 48;
  std::vector<std::string> names;
  names.reserve(entries_.size());
  for (const Entry& entry : entries_) names.push_back(entry.name);
  names = shorten_names(names, most_columns);
  for (std::size_t i = 0; i < names.size(); ++i) {
    entries_[i].name =
        shortened_to_width(names[i], width_ - swatch_width - swatch_gap, legend_size);
  }
}

// In as many columns as fit, each as wide as its widest entry.
std::vector<CanvasPoint> FigureLegend::entry_places() const {
  std::vector<CanvasPoint> places;
  places.reserve(entries_.size());
  std::vector<double> lefts;
  for (std::size_t columns = entries_.size(); columns > 0; --columns) {
    lefts.assign(columns + 1, 0.0);
    for (std::size_t i = 0; i < entries_.size(); ++i) {
      double& width = lefts[i % columns + 1];
      width = std::max(
          width, swatch_width + swatch_gap + entry_gap + text_width(entries_[i].name, legend_size));
    }
    std::partial_sum(lefts.begin(), lefts.end(), lefts.begin());
    if (columns > 1 && lefts.back() - entry_gap > width_) continue;
    for (std::size_t i = 0; i < entries_.size(); ++i) {
      const std::size_t row = i / columns;
      places.push_back({lefts[i % columns], legend_row * static_cast<double>(row)});
    }
    break;
  }
  return places;
}

double FigureLegend::height() const {
  double height = entries_.empty() ? 0.0 : entry_places().back().y + legend_row;
  if (!examples_.empty()) height += 2.0 * examples_.front().radius + 8.0;
  return height;
}

void FigureLegend::draw_swatch(Canvas& canvas, const Entry& entry, CanvasPoint middle) const {
  const double half = 0.5 * swatch_width;
  if (entry.box > 0.0) {
    fill_box(canvas,
             {{middle.x - half + 4.0, middle.y - 6.0}, {middle.x + half - 4.0, middle.y + 6.0}},
             {.ink = entry.ink, .opacity = entry.box}, "");
  }
  if (entry.line) {
    const std::array<CanvasPoint, 2> ends{
        {{middle.x - half, middle.y}, {middle.x + half, middle.y}}};
    canvas.stroke(ends, {.ink = entry.ink, .width = 2.0, .dash = *entry.line});
  }
  if (entry.marker) {
    Paint paint{.ink = entry.ink};
    if (entry.is_marked) paint.outline = ink::text();
    draw_marker(canvas, *entry.marker, middle, entry.is_marked ? 6.0 : 4.8, paint, "");
  }
}

void FigureLegend::draw(Canvas& canvas, CanvasPoint top_left) const {
  constexpr double baseline = 4.5;  // below the middle of a row
  const Lettering words{.size = legend_size};
  const std::vector<CanvasPoint> places = entry_places();
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    const double x = top_left.x + places[i].x;
    const double y = top_left.y + places[i].y + 0.5 * legend_row;
    draw_swatch(canvas, entries_[i], {x + 0.5 * swatch_width, y});
    canvas.text({x + swatch_width + swatch_gap, y + baseline}, entries_[i].name, words);
  }
  if (examples_.empty()) return;
  const double below = entries_.empty() ? 0.0 : places.back().y + legend_row;
  const double y = top_left.y + below + examples_.front().radius + 4.0;
  double x = top_left.x;
  canvas.text({x, y + baseline}, sizes_label_, words);
  x += text_width(sizes_label_, legend_size) + example_gap;
  for (const SizeExample& example : examples_) {
    canvas.circle({x + example.radius, y}, example.radius,
                  {.ink = ink::grid(), .outline = ink::frame()}, "");
    x += 2.0 * example.radius + swatch_gap;
    canvas.text({x, y + baseline}, example.words, words);
    x += text_width(example.words, legend_size) + example_gap;
  }
}

}  // namespace wattfor
