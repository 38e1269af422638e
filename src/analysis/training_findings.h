#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "analysis/exponential_fit.h"
#include "analysis/line_fit.h"
#include "analysis/sam.h"
#include "measurement/training_run.h"

namespace wattfor {

// What the training study's methods say of training runs, as somebody stated them. Runs are told by
// their places in the list that was given. Of `train` the electricity counts, in which pre-training
// is where its source counts it in; no other phase is added to it.

// Runs of one task, data set and metric on like hardware with one batch size: what SAM compares
// (section 5.7). A run that does not say its hardware is compared with those that don't either.
struct ComparableRuns {
  std::string task;
  std::string dataset;
  std::string metric;
  std::string device;
  std::optional<int> device_count;
  std::optional<int> batch_size;
  std::vector<std::size_t> runs;         // that have a SAM, the greatest first
  std::vector<double> sam;               // theirs
  std::vector<std::size_t> without_sam;  // electricity or accuracy unknown, or SAM undefined
  // How the order changes with α: Kendall's τ_b of the scores at this α and at the study's 5. β
  // only scales. Undefined below three runs.
  struct AtAlpha {
    double alpha = 5.0;
    std::optional<double> kendall;
    std::size_t best = 0;  // the run that is first then
  };
  std::vector<AtAlpha> alphas;
};
std::vector<ComparableRuns> comparable_runs(std::span<const TrainingRun> runs);

// The same models trained under two conditions, once under each: does the order of their
// electricity hold (section 5.6 and 5.7, figures 6 and 7)?
struct ConditionComparison {
  std::string task;
  std::string dataset;
  std::string a;  // "4 × NVIDIA V100 32GB, batch 8"
  std::string b;
  std::size_t models = 0;  // trained under both, three at least
  std::optional<double> kendall;
  // Mean and standard deviation (n − 1) of log₁₀(electricity b / electricity a).
  double mean_log10_ratio = 0.0;
  double deviation_log10_ratio = 0.0;
};
std::vector<ConditionComparison> condition_comparisons(std::span<const TrainingRun> runs);

// Electricity of runs that differ in their epochs alone, or in their share of the data alone, over
// it (sections 5.9 and 5.10, figures 8 and 9): kWh = intercept + slope · quantity.
enum class TrainedOver { epochs, data_fraction };
struct TrainingLine {
  std::string task;
  std::string dataset;
  std::string model;
  TrainedOver over = TrainedOver::epochs;
  std::size_t runs = 0;  // at different values, three at least
  LineFit kwh;
};
std::vector<TrainingLine> training_lines(std::span<const TrainingRun> runs);

// What a run states of its electricity, in all: pre-training, training, fine-tuning and tests, as
// far as each is known.
struct StatedElectricity {
  Joules total;
  int phases = 0;  // that are stated
};
StatedElectricity stated_electricity(const TrainingRun& run);

// What share of a run's stated electricity each phase took (section 5.4, figure 4). Runs that state
// two phases or more.
struct PhaseShares {
  std::size_t run = 0;
  Joules total;
  std::optional<double> pretrain_percent;
  std::optional<double> train_percent;
  std::optional<double> finetune_percent;
  std::optional<double> test_percent;
};
std::vector<PhaseShares> phase_shares(std::span<const TrainingRun> runs);
// Of one run, whose place is `run`, even where it states one phase alone; nothing where it states
// no electricity.
std::optional<PhaseShares> phase_shares(const TrainingRun& stated, std::size_t run);

// What pre-training gave a model and took (section 5.5, figure 5): a run with it against one that
// differs in nothing else that is stated. Pre-training that is stated apart is added to the run's.
struct PretrainingGain {
  std::size_t with = 0;
  std::size_t without = 0;
  double accuracy_points = 0.0;
  double electricity_factor = 0.0;
};
std::vector<PretrainingGain> pretraining_gains(std::span<const TrainingRun> runs);

// Accuracy and electricity over the years (figure 2), of runs of one task, data set and metric that
// tell their year: a line against an exponential, by AICc (aicc.h); the lesser fits better.
struct TrainingYears {
  std::string task;
  std::string dataset;
  std::string metric;
  std::vector<std::size_t> runs;
  std::optional<LineFit> accuracy_line;
  std::optional<ExponentialFit> accuracy_exponential;
  std::optional<LineFit> kwh_line;
  std::optional<ExponentialFit> kwh_exponential;
};
std::vector<TrainingYears> training_years(std::span<const TrainingRun> runs);

struct TrainingFindings {
  std::vector<ComparableRuns> comparable;
  std::vector<ConditionComparison> conditions;
  std::vector<TrainingLine> lines;
  std::vector<PhaseShares> phases;
  std::vector<PretrainingGain> pretraining;
  std::vector<TrainingYears> years;
};
TrainingFindings training_findings(std::span<const TrainingRun> runs);

}  // namespace wattfor
