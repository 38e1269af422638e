#include "document/figure_plot.h"

#include <algorithm>
#include <array>

#include "document/letter_widths.h"
#include "document/markup.h"
#include "document/shorten_names.h"

namespace wattfor {
namespace {

constexpr double figure_width = 720.0;
constexpr double plot_height = 400.0;
constexpr double outer = 16.0;  // free on every side
constexpr double title_size = 16.0;
constexpr double title_row = 21.0;
constexpr double heading_size = 13.0;
constexpr double bar_row = 26.0;
constexpr double tick_length = 5.0;
constexpr double minor_tick_length = 3.0;
constexpr double label_gap = 5.0;  // between a tick and its label
constexpr double heading_row = 24.0;

FigureAxis zero_based(FigureAxis axis, bool is_needed, const std::optional<Interval>& range) {
  if (is_needed && !axis.low && range && range->low >= 0.0) axis.low = 0.0;
  return axis;
}

// Sized points reach far beyond their places.
double room_of(const Figure& figure) { return figure.sizes ? 0.08 : 0.03; }

}  // namespace

FigurePlot::FigurePlot(const Figure& figure)
    : figure_(figure),
      looks_(figure),
      sizes_(figure),
      legend_(figure, looks_, sizes_, figure_width - 2.0 * outer),
      x_(zero_based(figure.x, !figure.bars.empty(), x_range(figure)), AxisSide::below,
         x_range(figure), room_of(figure)),
      y_(zero_based(figure.y, !figure.columns.empty(), y_range(figure)), AxisSide::left,
         y_range(figure), room_of(figure)) {
  constexpr int most_title_lines = 3;
  title_ = lines_of_width(one_line(figure.title), figure_width - 2.0 * outer, most_title_lines,
                          title_size, true);
  constexpr int most_name_columns = 40;
  for (const FigureBars::Bar& bar : figure.bars.bars) bar_names_.push_back(one_line(bar.name));
  bar_names_ = shorten_names(bar_names_, most_name_columns);
  lay_out();
}

void FigurePlot::lay_out() {
  const double top = outer + title_row * static_cast<double>(title_.size()) + 8.0;
  const double height =
      figure_.bars.empty() ? plot_height : bar_row * static_cast<double>(bar_names_.size()) + 10.0;
  double left = outer;
  y_.lay(top + height, top);
  if (figure_.bars.empty()) {
    double widest = 0.0;
    for (const AxisTick& tick : y_.ticks()) {
      widest = std::max(widest, text_width(tick.label, tick_size));
    }
    left += heading_row + widest + label_gap + tick_length;
  } else {
    double widest = 0.0;
    for (std::string& name : bar_names_) {
      name = shortened_to_width(name, 0.5 * figure_width, tick_size);
      widest = std::max(widest, text_width(name, tick_size));
    }
    left += widest + label_gap + tick_length;
  }
  double right = figure_width - outer;
  x_.lay(left, right);
  // The last label may reach beyond the plot; ticks change little by the room that it takes.
  double reach = right;
  for (const AxisTick& tick : x_.ticks()) {
    if (!tick.label.empty()) {
      reach = std::max(reach, tick.place + 0.5 * text_width(tick.label, tick_size));
    }
  }
  right -= reach - right;
  x_.lay(left, right);
  plot_ = {{left, top}, {right, top + height}};
  const double legend_height = legend_.height();
  size_ = {figure_width, plot_.bottom_right.y + tick_length + label_gap + tick_size + heading_row +
                             (legend_height > 0.0 ? 10.0 + legend_height : 0.0) + outer};
}

std::optional<CanvasPoint> FigurePlot::at(double x, double y) const {
  const auto across = x_.at(x);
  const auto down = y_.at(y);
  if (!across || !down) return std::nullopt;
  return CanvasPoint{*across, *down};
}

void FigurePlot::draw_axes(Canvas& canvas) const {
  const Lettering below{.size = tick_size, .anchor = TextAnchor::middle};
  const Lettering beside{.size = tick_size, .anchor = TextAnchor::end};
  const auto segment = [&](CanvasPoint from, CanvasPoint to, const Ink& ink) {
    const std::array<CanvasPoint, 2> ends{{from, to}};
    canvas.stroke(ends, {.ink = ink});
  };
  const auto [top_left, bottom_right] = plot_;
  const std::vector<AxisTick> across = x_.ticks();
  const std::vector<AxisTick> down = figure_.bars.empty() ? y_.ticks() : std::vector<AxisTick>();
  const auto is_minor = [](const AxisTick& tick) { return tick.label.empty(); };
  for (const AxisTick& tick : across) {
    if (is_minor(tick)) continue;
    segment({tick.place, top_left.y}, {tick.place, bottom_right.y}, ink::grid());
  }
  for (const AxisTick& tick : down) {
    if (is_minor(tick)) continue;
    segment({top_left.x, tick.place}, {bottom_right.x, tick.place}, ink::grid());
  }
  for (const AxisTick& tick : across) {
    const double length = is_minor(tick) ? minor_tick_length : tick_length;
    segment({tick.place, bottom_right.y}, {tick.place, bottom_right.y + length}, ink::frame());
  }
  for (const AxisTick& tick : down) {
    const double length = is_minor(tick) ? minor_tick_length : tick_length;
    segment({top_left.x - length, tick.place}, {top_left.x, tick.place}, ink::frame());
  }

  const double labels_y = bottom_right.y + tick_length + label_gap + 0.8 * tick_size;
  for (const AxisTick& tick : across) {
    if (!is_minor(tick)) canvas.text({tick.place, labels_y}, tick.label, below);
  }
  for (const AxisTick& tick : down) {
    if (is_minor(tick)) continue;
    canvas.text({top_left.x - tick_length - label_gap, tick.place + 0.36 * tick_size}, tick.label,
                beside);
  }
  canvas.text({0.5 * (top_left.x + bottom_right.x), labels_y + heading_row},
              shortened_to_width(one_line(x_.heading()), plot_.width(), heading_size),
              {.size = heading_size, .anchor = TextAnchor::middle});
  if (!figure_.bars.empty()) return;
  canvas.text({outer + heading_size - 2.0, 0.5 * (top_left.y + bottom_right.y)},
              shortened_to_width(one_line(y_.heading()), plot_.height(), heading_size),
              {.size = heading_size, .anchor = TextAnchor::middle, .turned = true});
}

// After the bars and columns, whose outlines would cut it.
void FigurePlot::draw_frame(Canvas& canvas) const {
  const std::array<CanvasPoint, 3> corners{
      {plot_.top_left, {plot_.top_left.x, plot_.bottom_right.y}, plot_.bottom_right}};
  canvas.stroke(corners, {.ink = ink::frame()});
}

void FigurePlot::draw(Canvas& canvas) const {
  fill_box(canvas, {{0.0, 0.0}, size_}, {.ink = ink::paper()}, "");
  double baseline = outer + 0.8 * title_size;
  for (const std::string& line : title_) {
    canvas.text({outer, baseline}, line, {.size = title_size, .bold = true});
    baseline += title_row;
  }
  draw_axes(canvas);
  if (!x_range(figure_)) {
    canvas.text({0.5 * (plot_.top_left.x + plot_.bottom_right.x),
                 0.5 * (plot_.top_left.y + plot_.bottom_right.y)},
                "nothing to show", {.ink = ink::quiet(), .anchor = TextAnchor::middle});
  }
  draw_below_clouds(canvas);
  const auto draw_role = [&](PointRole role) {
    for (std::size_t i = 0; i < figure_.points.size(); ++i) {
      if (figure_.points[i].role == role) draw_points(canvas, figure_.points[i], looks_.points[i]);
    }
  };
  draw_role(PointRole::cloud);
  draw_above_clouds(canvas);
  draw_role(PointRole::marked);
  draw_bars(canvas);
  draw_frame(canvas);
  legend_.draw(canvas, {outer, size_.y - outer - legend_.height()});
}

}  // namespace wattfor
