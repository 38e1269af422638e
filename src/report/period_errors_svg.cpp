#include "report/period_errors_svg.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>

#include "document/svg.h"
#include "document/svg_axes.h"

namespace wattfor {
namespace {

constexpr double chart_width = 760.0;
constexpr double chart_height = 460.0;
constexpr SvgPoint chart_top_left{74.0, 104.0};
constexpr SvgPoint chart_bottom_right{chart_width - 24.0, chart_height - 60.0};
constexpr double ms_of_a_second = 1e3;
constexpr double percent_of_one = 100.0;
constexpr double widest_bar = 7.0;
constexpr double share_of_bars = 0.8;  // of the distance between two periods
// A spread of nothing is still seen.
constexpr double least_bar_height = 2.0;
// Two labels of one row that are nearer than this would run into each other.
constexpr double label_distance = 30.0;
constexpr double row_height = 16.0;

void draw_bar(Svg& svg, const SvgAxes& axes, const std::optional<ErrorSpread>& spread,
              double period_ms, double left, double width, SvgInk ink) {
  if (!spread) return;
  SvgPoint top = axes.at(period_ms, percent_of_one * spread->high);
  SvgPoint bottom = axes.at(period_ms, percent_of_one * spread->low);
  const double missing = least_bar_height - (bottom.y - top.y);
  if (missing > 0.0) {
    top.y -= 0.5 * missing;
    bottom.y += 0.5 * missing;
  }
  svg.rectangle({top.x + left, top.y}, {bottom.x + left + width, bottom.y}, ink);
}

void draw_key(Svg& svg, double x, SvgInk ink, std::string_view words) {
  constexpr double y = 52.0;
  svg.rectangle({x, y - 11.0}, {x + 8.0, y + 1.0}, ink);
  svg.text({x + 16.0, y}, words, SvgAnchor::start);
}

// In two rows, as neighbours may be near; what has room in neither goes without its number.
void draw_marks(Svg& svg, const SvgAxes& axes, std::span<const Seconds> marked) {
  std::array<double, 2> last{-label_distance, -label_distance};
  for (const Seconds period : marked) {
    const SvgPoint top = axes.at(ms_of_a_second * period.count(), axes.y().last);
    std::size_t row = 0;
    while (row < last.size() && top.x - last.at(row) < label_distance) ++row;
    const double above = row == 1 ? row_height : 0.0;
    svg.line({top.x, top.y - 7.0 - above}, top, SvgInk::frame);
    if (row == last.size()) continue;
    last.at(row) = top.x;
    svg.text({top.x, top.y - 11.0 - above}, fmt::format("{:.4g}", ms_of_a_second * period.count()),
             SvgAnchor::middle);
  }
}

// Of the nearest two periods, in pixels; the plot's width of one alone.
double distance_of(std::span<const PeriodErrors> periods, const SvgAxes& axes) {
  double least = chart_bottom_right.x - chart_top_left.x;
  for (std::size_t i = 1; i < periods.size(); ++i) {
    const double left = axes.at(ms_of_a_second * periods[i - 1].period.count(), 0.0).x;
    const double right = axes.at(ms_of_a_second * periods[i].period.count(), 0.0).x;
    least = std::min(least, right - left);
  }
  return least;
}

}  // namespace

std::string period_errors_svg(std::span<const PeriodErrors> periods,
                              std::span<const Seconds> marked, Seconds length,
                              std::string_view title) {
  double lowest = 0.0;
  double highest = 0.0;
  for (const PeriodErrors& each : periods) {
    for (const auto& spread : {each.errors.naive, each.errors.corrected}) {
      if (!spread) continue;
      lowest = std::min(lowest, percent_of_one * spread->low);
      highest = std::max(highest, percent_of_one * spread->high);
    }
  }
  const auto [shortest, longest] = std::ranges::minmax(periods, {}, &PeriodErrors::period);
  const double first_ms = ms_of_a_second * shortest.period.count();
  const double last_ms = ms_of_a_second * longest.period.count();
  const double beside = 0.02 * (last_ms - first_ms);
  const SvgAxes axes(chart_top_left, chart_bottom_right,
                     axis_ticks(first_ms - beside, last_ms + beside, 12),
                     axis_ticks(lowest, highest, 8));

  Svg svg({chart_width, chart_height}, title);
  svg.text({chart_top_left.x, 26.0}, fitting_title(title, chart_top_left.x, chart_width),
           SvgAnchor::start);
  draw_key(svg, chart_top_left.x, SvgInk::data, "naive (trapezoids)");
  draw_key(svg, chart_top_left.x + 170.0, SvgInk::model, "corrected");
  svg.text({chart_bottom_right.x, 52.0},
           fmt::format("5 to 95 % of {} windows of {:g} s each", periods.front().errors.windows,
                       length.count()),
           SvgAnchor::end);
  axes.draw(svg, "period of the load, ms", "error of a window's energy, %");
  svg.line(axes.at(axes.x().first, 0.0), axes.at(axes.x().last, 0.0), SvgInk::frame);
  draw_marks(svg, axes, marked);
  const double width = std::min(widest_bar, 0.5 * share_of_bars * distance_of(periods, axes));
  for (const PeriodErrors& each : periods) {
    const double period_ms = ms_of_a_second * each.period.count();
    draw_bar(svg, axes, each.errors.naive, period_ms, -width, width, SvgInk::data);
    draw_bar(svg, axes, each.errors.corrected, period_ms, 0.0, width, SvgInk::model);
  }
  return svg.file();
}

}  // namespace wattfor
