#pragma once

#include <string>
#include <vector>

#include "analysis/class_centres.h"
#include "analysis/drivers.h"
#include "analysis/front_curve.h"
#include "analysis/input_area.h"
#include "analysis/judged_models.h"
#include "analysis/naive_estimate.h"
#include "analysis/score_comparison.h"
#include "analysis/setup_pairs.h"
#include "analysis/yearly_hulls.h"

namespace wattfor {

// Accuracy against energy on one setup.
struct SetupFindings {
  const SetupColumns* columns = nullptr;
  std::vector<std::string> test_sets;    // the accuracy is the mean over them
  std::vector<double> accuracy_percent;  // a place a row of the table
  JudgedModels models;
  JudgedModels front;
  std::vector<FrontCurve> curves;
  std::vector<ClassCentre> classes;
  std::vector<YearlyHull> years;
  ScoreComparison scores;
  std::vector<std::size_t> without_accuracy;  // rows that have an energy alone
};

// What the inference study found, of any models. Points into the table that it is of.
struct InferenceFindings {
  std::vector<SetupFindings> setups;
  std::vector<SetupCorrelation> correlations;
  std::vector<SetupReduction> reductions;
  std::vector<CheckedCounter> counters;
  std::vector<Driver> drivers;
  std::vector<NaiveError> naive_errors;
  std::vector<PowerDraw> power_draws;
  std::vector<InputAreaEffect> input_area_effects;
  std::vector<const ModelFamily*> families;  // by row
};

// `groups` are the setups that may be set against each other: what others published and what was
// measured here are not mixed. No test set stands for `imagenet-original` where the setup's models
// have it, else for the one that most of them have. `table` must outlive what is found.
InferenceFindings inference_findings(const ModelTable& table, const std::vector<SetupList>& groups,
                                     const std::vector<std::string>& test_sets = {});

// What a setup's accuracies are taken from, by the same rule; empty where none of its models has
// one.
std::vector<std::string> usual_test_sets(const ModelTable& table, const SetupColumns& setup);

}  // namespace wattfor
