// How long the inference study's statistics take in-process, from the files as published and from a
// table in memory: correlations, reductions, drivers, estimates from MACs, powers, input sizes, and
// of each setup its front, the curve of its diminishing returns and a ranking. What
// benchmarks/study_statistics.py computes with pandas and scipy. Prints one JSON object.
//
//   study_statistics DL-Inference-Energy-Efficiency/data STORE.db

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <span>
#include <vector>

#include "analysis/diminishing_returns.h"
#include "analysis/drivers.h"
#include "analysis/input_area.h"
#include "analysis/judged_models.h"
#include "analysis/naive_estimate.h"
#include "analysis/ranking.h"
#include "analysis/scores.h"
#include "analysis/setup_pairs.h"
#include "dataset/study.h"
#include "report/models.h"
#include "store/store.h"

namespace {

constexpr int runs = 31;

// Median milliseconds of a call; what it answers is added up, so that none is left out.
template <class Work>
double median_ms(Work work, double& sum) {
  std::vector<double> times;
  for (int run = 0; run < runs; ++run) {
    const auto start = std::chrono::steady_clock::now();
    sum += work();
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
    times.push_back(took.count());
  }
  std::ranges::nth_element(times, times.begin() + runs / 2);
  return times[runs / 2];
}

double statistics_of(const wattfor::ModelTable& table) {
  std::vector<const wattfor::SetupColumns*> setups;
  for (const wattfor::SetupColumns& setup : table.setups) setups.push_back(&setup);
  const std::vector<std::string> test_sets{"imagenet-original"};
  const std::vector<double> accuracy = wattfor::mean_accuracy(table, test_sets);
  const auto counters = wattfor::checked_counters(table);
  double sum = 0.0;
  for (const auto& each : wattfor::setup_correlations(setups)) sum += each.spearman.value_or(0.0);
  for (const auto& each : wattfor::setup_reductions(setups)) sum += each.factor.geometric_mean;
  for (const auto& each : wattfor::drivers(table, counters, setups)) {
    sum += each.spearman.value_or(0.0);
  }
  for (const auto& each : wattfor::naive_errors(counters, setups)) sum += each.underestimate.median;
  for (const auto& each : wattfor::power_draws(setups)) sum += each.watts.median;
  for (const auto& each : wattfor::input_area_effects(table, accuracy, setups))
    sum += each.exponent_median;
  for (const wattfor::SetupColumns* setup : setups) {
    const wattfor::JudgedModels models = wattfor::judged_models(*setup, accuracy);
    const wattfor::JudgedModels front = wattfor::front_of(models);
    sum += wattfor::fit_diminishing_returns(front.points).value().a;
    const auto energy = setup->energy_j.values();
    const auto scores = wattfor::scores_of(wattfor::Score::manhattan, accuracy, energy,
                                           wattfor::energy_range(energy), 0.5);
    sum += static_cast<double>(wattfor::ranking(scores, energy, models.rows).front().row);
  }
  return sum;
}

}  // namespace

int main(int count, char** arguments) {
  const std::span words(arguments, static_cast<std::size_t>(count));
  if (words.size() != 3) {
    fmt::print(stderr, "usage: {} STUDY_FOLDER STORE.db\n", words[0]);
    return 2;
  }
  const wattfor::Store store(words[2], wattfor::StoreAccess::read);
  double sum = 0.0;
  const double read_files_ms = median_ms(
      [&] { return static_cast<double>(wattfor::read_study(words[1]).tables.size()); }, sum);
  const double load_ms =
      median_ms([&] { return static_cast<double>(models_of(store).rows()); }, sum);
  const wattfor::ModelTable table = models_of(store);
  const double compute_ms = median_ms([&] { return statistics_of(table); }, sum);
  fmt::print(R"({{"models": {}, "runs": {}, "read_files_ms": {}, "load_ms": {}, "compute_ms": {}, )"
             R"("sum": {}}})"
             "\n",
             table.rows(), runs, read_files_ms, load_ms, compute_ms, sum);
}
