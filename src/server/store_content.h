#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "analysis/batch_curves.h"
#include "document/report.h"
#include "measurement/measurement.h"
#include "measurement/model_table.h"
#include "measurement/training_run.h"
#include "report/analyze.h"
#include "store/store.h"

namespace wattfor {

// What `wattfor analyze` finds in a store.
struct Findings {
  Analysis analysis;
  Report report;
};

// All of a store that answers are made of, read once and then never changed: any thread may read
// it.
class StoreContent {
 public:
  // Of no store at all.
  StoreContent() = default;
  explicit StoreContent(const Store& store);

  // Names it; two of one name are the same.
  const std::string& version() const { return version_; }
  const ModelTable& models() const { return models_; }
  const std::vector<BatchCurve>& batch_curves() const { return batch_curves_; }
  const std::vector<TrainingRun>& training_runs() const { return training_runs_; }

  // Computed when it is first asked for, which takes up to a second. Throws what analyze() throws.
  const Findings& findings() const;

 private:
  std::string version_ = "empty";
  ModelTable models_;
  std::vector<BatchCurve> batch_curves_;
  std::vector<TrainingRun> training_runs_;
  std::vector<Source> sources_;
  mutable std::once_flag analyzed_;
  mutable std::unique_ptr<const Findings> findings_;
};

// What is served.
struct StoreState {
  std::shared_ptr<const StoreContent> content = std::make_shared<const StoreContent>();
  std::string problem;  // why the store can't be read any more; the content is what it last was
};

}  // namespace wattfor
