// The bars of a FigurePlot.

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "document/figure_plot.h"
#include "document/letter_widths.h"

namespace wattfor {
namespace {

void draw_bar_interval(Canvas& canvas, double low, double high, double middle) {
  constexpr double cap = 4.0;
  const Stroke stroke{.ink = ink::text(), .width = 1.3};
  const auto draw = [&](CanvasPoint from, CanvasPoint to) {
    const std::array<CanvasPoint, 2> ends{{from, to}};
    canvas.stroke(ends, stroke);
  };
  draw({low, middle}, {high, middle});
  draw({low, middle - cap}, {low, middle + cap});
  draw({high, middle - cap}, {high, middle + cap});
}

}  // namespace

void FigurePlot::draw_bars(Canvas& canvas) const {
  const auto& bars = figure_.bars.bars;
  if (bars.empty()) return;
  const double row = plot_.height() / static_cast<double>(bars.size());
  constexpr double share_of_row = 0.66;
  const double half = 0.5 * share_of_row * row;
  for (std::size_t i = 0; i < bars.size(); ++i) {
    const double middle = plot_.top_left.y + row * (static_cast<double>(i) + 0.5);
    canvas.text({plot_.top_left.x - 10.0, middle + 0.36 * tick_size}, bar_names_[i],
                {.size = tick_size, .anchor = TextAnchor::end});
    double sum = 0.0;
    for (std::size_t part = 0; part < bars[i].values.size(); ++part) {
      const double value = bars[i].values[part];
      if (!std::isfinite(value)) continue;
      const auto from = x_.at(sum).value_or(plot_.top_left.x);
      const auto to = x_.at(sum + value);
      sum += value;
      if (!to || value == 0.0) continue;
      const std::string name =
          part < figure_.bars.parts.size() ? figure_.bars.parts[part] : std::string();
      fill_box(canvas, {{std::min(from, *to), middle - half}, {std::max(from, *to), middle + half}},
               {.ink = looks_.parts[part].ink, .outline = ink::paper()},
               fmt::format("{}{}{}: {}", bars[i].name, name.empty() ? "" : ", ", name,
                           hovered_number(figure_.x, value)));
    }
    if (!bars[i].interval) continue;
    const auto low = x_.at(bars[i].interval->low);
    const auto high = x_.at(bars[i].interval->high);
    if (low && high) draw_bar_interval(canvas, *low, *high, middle);
  }
}

}  // namespace wattfor
