#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "analysis/pareto.h"
#include "measurement/model_table.h"

namespace wattfor {

// The models of a setup that have both an energy above zero and an accuracy, as points and as rows
// of the table.
struct JudgedModels {
  std::vector<std::size_t> rows;
  std::vector<AccuracyAndEnergy> points;
};

// `accuracy_percent` has a place for each row, NaN where it is unknown.
JudgedModels judged_models(const SetupColumns& setup, std::span<const double> accuracy_percent);

// Those on the Pareto front, from the least energy to the most accurate.
JudgedModels front_of(const JudgedModels& models);

// Each row's mean over the test sets, NaN where one of them is unknown or not in the table.
std::vector<double> mean_accuracy(const ModelTable& table, std::span<const std::string> test_sets);

}  // namespace wattfor
