#include "report/analyze.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "report/judged_setup.h"
#include "report/nearest_word.h"

namespace wattfor {
namespace {

Error only_estimates(const ModelTable& table) {
  std::string ids;
  for (const SetupColumns& setup : table.setups) ids += "\n  " + setup.setup.id;
  return {ErrorCode::not_found,
          "nothing was measured: the energies of these setups are estimates or missing; name those "
          "to analyse with --setup:" +
              ids};
}

SetupList setups_named(const ModelTable& table, const std::vector<std::string>& ids) {
  std::vector<std::string> there;
  there.reserve(table.setups.size());
  for (const SetupColumns& setup : table.setups) there.push_back(setup.setup.id);
  SetupList setups;
  for (const std::string& id : ids) {
    const SetupColumns* setup = table.setup(id);
    if (setup == nullptr) throw unknown_name("setup", id, there);
    if (std::ranges::find(setups, setup) == setups.end()) setups.push_back(setup);
  }
  return setups;
}

// What others published, and what was measured here, where a figure without a sensor is modelled
// and says so; what is estimated of others' throughputs is in neither.
std::vector<SetupList> measured_setups(const ModelTable& table) {
  SetupList published;
  SetupList own;
  for (const SetupColumns& setup : table.setups) {
    const auto has_rows = [&](Basis basis, bool is_imported) {
      for (std::size_t row = 0; row < table.rows(); ++row) {
        if (setup.basis[row] == basis && setup.is_imported[row] == is_imported) return true;
      }
      return false;
    };
    if (has_rows(Basis::measured, false) || has_rows(Basis::modelled, false)) {
      own.push_back(&setup);
    } else if (has_rows(Basis::measured, true)) {
      published.push_back(&setup);
    }
  }
  return {published, own};
}

}  // namespace

Analysis analyze(ModelTable table, std::vector<TrainingRun> runs, const AnalysisQuery& query,
                 std::vector<BatchCurve> curves) {
  if (table.setups.empty() && runs.empty()) {
    throw Error(ErrorCode::not_found,
                "there is nothing to analyse: the store holds no measured model and no training "
                "run; `wattfor sweep MODEL…` measures some, `wattfor import study DIR` and "
                "`wattfor import training FILE.csv` bring published ones in");
  }
  std::vector<std::string> test_sets;
  test_sets.reserve(table.test_sets.size());
  for (const TestSetColumn& test_set : table.test_sets) test_sets.push_back(test_set.test_set);
  for (const std::string& asked : query.test_sets) {
    if (table.test_set(asked) == nullptr) throw unknown_name("test set", asked, test_sets);
  }
  Analysis analysis;
  analysis.table = std::move(table);
  const auto groups = query.setups.empty()
                          ? measured_setups(analysis.table)
                          : std::vector<SetupList>{setups_named(analysis.table, query.setups)};
  const auto is_empty = [](const SetupList& group) { return group.empty(); };
  if (runs.empty() && std::ranges::all_of(groups, is_empty)) throw only_estimates(analysis.table);
  analysis.inference = inference_findings(analysis.table, groups, each_once(query.test_sets));
  std::erase_if(curves, [&](const BatchCurve& curve) {
    return std::ranges::none_of(analysis.inference.setups, [&](const SetupFindings& setup) {
      return setup.columns->setup.id == curve.setup;
    });
  });
  analysis.batch_curves = std::move(curves);
  analysis.runs = std::move(runs);
  analysis.training = training_findings(analysis.runs);
  analysis.shows_equivalents = query.equivalents;
  return analysis;
}

}  // namespace wattfor
