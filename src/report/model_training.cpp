#include "report/model_training.h"

#include <map>
#include <string_view>

namespace wattfor {

std::vector<const TrainingRun*> training_of_models(const ModelTable& table,
                                                   std::span<const TrainingRun> trained) {
  std::vector<const TrainingRun*> runs(table.rows(), nullptr);
  std::map<std::string_view, const TrainingRun*> greatest;
  for (const TrainingRun& run : trained) {
    const TrainingRun*& known = greatest[run.model];
    if (run.train && (known == nullptr || *run.train > *known->train)) known = &run;
  }
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const auto found = greatest.find(table.models[row].model);
    if (found != greatest.end()) runs[row] = found->second;
  }
  return runs;
}

}  // namespace wattfor
