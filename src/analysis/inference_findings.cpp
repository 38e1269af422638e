#include "analysis/inference_findings.h"

#include <cmath>
#include <future>
#include <iterator>
#include <utility>

namespace wattfor {
namespace {

constexpr std::string_view usual_test_set = "imagenet-original";

template <class List>
void append(List& list, List more) {
  list.insert(list.end(), std::make_move_iterator(more.begin()),
              std::make_move_iterator(more.end()));
}

SetupFindings findings_of(const ModelTable& table, const SetupColumns& setup,
                          std::vector<std::string> test_sets,
                          std::span<const ModelFamily* const> families) {
  SetupFindings findings;
  findings.columns = &setup;
  findings.test_sets = std::move(test_sets);
  findings.accuracy_percent = mean_accuracy(table, findings.test_sets);
  findings.models = judged_models(setup, findings.accuracy_percent);
  findings.front = front_of(findings.models);
  findings.curves = front_curves(findings.front);
  findings.classes = class_centres(findings.models, families);
  findings.years = yearly_hulls(findings.models, families);
  findings.scores = score_comparison(findings.accuracy_percent, setup.energy_j.values());
  for (std::size_t row = 0; row < setup.energy_j.values().size(); ++row) {
    const bool has_energy = !std::isnan(setup.energy_j[row]);
    if (has_energy && std::isnan(findings.accuracy_percent[row])) {
      findings.without_accuracy.push_back(row);
    }
  }
  return findings;
}

}  // namespace

std::vector<std::string> usual_test_sets(const ModelTable& table, const SetupColumns& setup) {
  std::size_t most = 0;
  std::vector<std::string> usual;
  for (const TestSetColumn& test_set : table.test_sets) {
    std::size_t models = 0;
    for (std::size_t row = 0; row < setup.energy_j.values().size(); ++row) {
      if (!std::isnan(setup.energy_j[row] + test_set.top1_percent[row])) ++models;
    }
    if (models == 0) continue;
    if (test_set.test_set == usual_test_set) return {test_set.test_set};
    if (models > most) usual = {test_set.test_set};
    most = std::max(most, models);
  }
  return usual;
}

InferenceFindings inference_findings(const ModelTable& table, const std::vector<SetupList>& groups,
                                     const std::vector<std::string>& test_sets) {
  InferenceFindings findings;
  findings.families = families_of(table);
  // The bootstrap of each setup takes longer than all the rest: the setups are judged side by side,
  // as far as there are threads to have.
  std::vector<std::future<SetupFindings>> judged;
  for (const SetupList& group : groups) {
    for (const SetupColumns* setup : group) {
      judged.push_back(std::async(std::launch::async | std::launch::deferred, [&, setup] {
        return findings_of(table, *setup,
                           test_sets.empty() ? usual_test_sets(table, *setup) : test_sets,
                           findings.families);
      }));
    }
  }
  findings.counters = checked_counters(table);
  for (const SetupList& group : groups) {
    append(findings.correlations, setup_correlations(group));
    append(findings.reductions, setup_reductions(group));
    append(findings.drivers, drivers(table, findings.counters, group));
    append(findings.naive_errors, naive_errors(findings.counters, group));
    append(findings.power_draws, power_draws(group));
  }
  for (std::future<SetupFindings>& each : judged) {
    const SetupFindings& setup = findings.setups.emplace_back(each.get());
    const SetupList alone{setup.columns};
    append(findings.input_area_effects, input_area_effects(table, setup.accuracy_percent, alone));
  }
  return findings;
}

}  // namespace wattfor
