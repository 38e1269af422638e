#include "report/plot.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "document/numbers.h"
#include "document/text_table.h"

namespace wattfor {
namespace {

constexpr int plot_height = 12;
constexpr int widest = 100;
constexpr int narrowest_plot = 60;

struct Range {
  double low = 0.0;
  double high = 0.0;

  // The place of a value among `count` cells; a range without extent is all in the middle.
  int cell(double value, int count) const {
    if (high == low) return count / 2;
    return static_cast<int>(std::lround((value - low) / (high - low) * (count - 1)));
  }
  double middle() const { return low + (high - low) / 2.0; }
};

template <class Value>
Range range_of(const std::vector<PlotPoint>& points, const Value& value) {
  Range range{.low = value(points.front()), .high = value(points.front())};
  for (const PlotPoint& point : points) {
    range.low = std::min(range.low, value(point));
    range.high = std::max(range.high, value(point));
  }
  return range;
}

double log_energy(const PlotPoint& point) { return std::log10(point.energy_j); }
double accuracy(const PlotPoint& point) { return point.accuracy_percent; }

// "low … middle … high" at the ends and the middle of the axis.
std::string axis_labels(const Range& range, int columns) {
  const auto label = [](double exponent) { return si_number(std::pow(10.0, exponent), "J"); };
  std::string line = label(range.low);
  const std::string middle = label(range.middle());
  const std::string high = label(range.high);
  const auto pad_to = [&](int column) {
    line += std::string(static_cast<std::size_t>(std::max(1, column - display_width(line))), ' ');
  };
  if (range.high > range.low) {
    pad_to(columns / 2 - display_width(middle) / 2);
    line += middle;
    pad_to(columns - display_width(high));
    line += high;
  }
  return line;
}

}  // namespace

std::string scatter_plot(std::span<const PlotPoint> points, int width) {
  std::vector<PlotPoint> shown;
  for (const PlotPoint& point : points) {
    const bool has_place = std::isfinite(point.accuracy_percent) && std::isfinite(point.energy_j) &&
                           point.energy_j > 0.0;
    if (has_place) shown.push_back(point);
  }
  if (shown.size() < 2 || width < narrowest_plot) return "";

  const Range energies = range_of(shown, log_energy);
  const Range accuracies = range_of(shown, accuracy);
  constexpr int margin = 11;  // "  98.33 % ┤"
  const int columns = std::min(width, widest) - margin - 1;

  enum class PlotSign { none, point, front };
  std::vector<std::vector<PlotSign>> cells(
      plot_height, std::vector<PlotSign>(static_cast<std::size_t>(columns)));
  for (const PlotPoint& point : shown) {
    const auto row =
        static_cast<std::size_t>(plot_height - 1 - accuracies.cell(accuracy(point), plot_height));
    const auto column = static_cast<std::size_t>(energies.cell(log_energy(point), columns));
    const PlotSign mark = point.on_pareto_front ? PlotSign::front : PlotSign::point;
    cells[row][column] = std::max(cells[row][column], mark);
  }

  std::string plot = "accuracy\n";
  for (int row = 0; row < plot_height; ++row) {
    const bool is_labelled = row == 0 || row == plot_height - 1;
    const double value = row == 0 ? accuracies.high : accuracies.low;
    std::string line = is_labelled ? fmt::format("{:7.2f} % ┤", value) : "          │";
    for (const PlotSign mark : cells[static_cast<std::size_t>(row)]) {
      line += mark == PlotSign::none ? " " : mark == PlotSign::front ? "●" : "·";
    }
    line.erase(line.find_last_not_of(' ') + 1);
    plot += line + '\n';
  }
  std::string axis;
  for (int column = 0; column < columns; ++column) axis += "─";
  plot += fmt::format("          └{}\n", axis);
  plot += fmt::format("           {}\n", axis_labels(energies, columns));
  plot += "           energy per image, logarithmic · ● Pareto front\n";
  return plot;
}

}  // namespace wattfor
