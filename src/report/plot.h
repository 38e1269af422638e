#pragma once

#include <span>
#include <string>

namespace wattfor {

struct PlotPoint {
  double energy_j = 0.0;  // per image
  double accuracy_percent = 0.0;
  bool on_pareto_front = false;
};

// A scatter of accuracy against the logarithm of energy for a terminal of `width` columns, in lines
// that end in "\n": "●" on the Pareto front, "·" elsewhere. Points without a finite accuracy and an
// energy above zero are left out; empty for fewer than two of the others, or a terminal too narrow.
std::string scatter_plot(std::span<const PlotPoint> points, int width);

}  // namespace wattfor
