#pragma once

#include <string>
#include <vector>

#include "analysis/batch_curves.h"
#include "analysis/inference_findings.h"
#include "analysis/training_findings.h"
#include "measurement/model_table.h"
#include "measurement/training_run.h"

namespace wattfor {

// What to analyse. No setup stands for all that were measured, those that others published and
// those measured here apart; an estimate (from a throughput) only counts where its setup is named.
struct AnalysisQuery {
  std::vector<std::string> setups;     // by their ids
  std::vector<std::string> test_sets;  // the accuracy is the mean over them
  bool equivalents = false;            // training runs in everyday things, too
};

// Everything that the studies' methods say of a store's models. It owns what its findings point
// into, and can't be copied.
struct Analysis {
  ModelTable table;
  InferenceFindings inference;
  std::vector<BatchCurve> batch_curves;  // of the analysed setups, by setup and model
  std::vector<TrainingRun> runs;
  TrainingFindings training;
  bool shows_equivalents = false;

  Analysis() = default;
  Analysis(const Analysis&) = delete;
  Analysis& operator=(const Analysis&) = delete;
  Analysis(Analysis&&) = default;
  Analysis& operator=(Analysis&&) = default;
  ~Analysis() = default;
};

// Throws Error{not_found} where a setup or a test set is not there (it says what is), or where
// there is nothing to analyse. `curves` are those of the table's setups (report/models.h).
Analysis analyze(ModelTable table, std::vector<TrainingRun> runs, const AnalysisQuery& query,
                 std::vector<BatchCurve> curves = {});

}  // namespace wattfor
