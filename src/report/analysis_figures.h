#pragma once

#include <vector>

#include "document/report.h"
#include "report/analyze.h"

// What an analysis found, as figures like those of the inference study.
namespace wattfor {

// Energy against accuracy: the models by class, the classes' centres, the front and its curve.
Figure energy_accuracy_figure(const Analysis& analysis, const SetupFindings& setup);
// The hull of each year.
Figure years_figure(const SetupFindings& setup);
// The same models on two setups that share a device or a runtime.
std::vector<Figure> setup_pair_figures(const Analysis& analysis);
// Reduction factor against what the slower setup takes.
std::vector<Figure> reduction_figures(const Analysis& analysis);
// Of each quantity, as the program counts it whose numbers go with energy best.
std::vector<Figure> driver_figures(const Analysis& analysis, const SetupFindings& setup);
// The distributions of the estimates' errors.
std::vector<Figure> naive_error_figures(const Analysis& analysis);
Figure input_area_figure(const Analysis& analysis, const InputAreaEffect& effect);
// Throughput against energy, a figure a device, with the line of its power limit.
std::vector<Figure> power_figures(const Analysis& analysis);

}  // namespace wattfor
