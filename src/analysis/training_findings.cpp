#include "analysis/training_findings.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <tuple>
#include <utility>

#include "analysis/correlation.h"

namespace wattfor {
namespace {

// The runs in groups of equal keys, each in the order given.
template <class Key>
auto grouped(std::span<const TrainingRun> runs, const Key& key) {
  std::map<decltype(key(runs[0])), std::vector<std::size_t>> groups;
  for (std::size_t i = 0; i < runs.size(); ++i) groups[key(runs[i])].push_back(i);
  return groups;
}

std::optional<double> sam_of(const TrainingRun& run, double alpha) {
  if (!run.accuracy_percent || !run.train) return std::nullopt;
  const auto scored = sam(*run.accuracy_percent, *run.train, SamForm::published, {.alpha = alpha});
  const Sam* score = std::get_if<Sam>(&scored);
  return score == nullptr ? std::nullopt : std::optional(score->value);
}

std::vector<double> scores_at(double alpha, std::span<const TrainingRun> runs,
                              const std::vector<std::size_t>& chosen) {
  std::vector<double> scores;
  scores.reserve(chosen.size());
  for (const std::size_t run : chosen) scores.push_back(*sam_of(runs[run], alpha));
  return scores;
}

std::vector<ComparableRuns::AtAlpha> sensitivity(std::span<const TrainingRun> runs,
                                                 const ComparableRuns& group) {
  constexpr std::array alphas{1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0};
  std::vector<ComparableRuns::AtAlpha> sensitivity;
  for (const double alpha : alphas) {
    const std::vector<double> scores = scores_at(alpha, runs, group.runs);
    const auto best = std::ranges::max_element(scores) - scores.begin();
    sensitivity.push_back({.alpha = alpha,
                           .kendall = kendall(scores, group.sam),
                           .best = group.runs[static_cast<std::size_t>(best)]});
  }
  return sensitivity;
}

std::string condition_of(const TrainingRun& run) {
  std::string words = run.device.empty() ? "unknown device" : run.device;
  if (run.device_count) words = fmt::format("{} × {}", *run.device_count, words);
  if (run.batch_size) words += fmt::format(", batch {}", *run.batch_size);
  return words;
}

// Decimal logarithms of the models' electricity in kWh, of models trained once under a condition.
using ModelElectricity = std::map<std::string, double>;

std::optional<ConditionComparison> compare(const ModelElectricity& a, const ModelElectricity& b) {
  std::vector<double> of_a;
  std::vector<double> of_b;
  for (const auto& [model, log10_kwh] : a) {
    const auto found = b.find(model);
    if (found == b.end() || std::isnan(log10_kwh) || std::isnan(found->second)) continue;
    of_a.push_back(log10_kwh);
    of_b.push_back(found->second);
  }
  constexpr std::size_t fewest = 3;
  if (of_a.size() < fewest) return std::nullopt;
  ConditionComparison comparison;
  comparison.models = of_a.size();
  comparison.kendall = kendall(of_a, of_b);
  const auto count = static_cast<double>(of_a.size());
  for (std::size_t i = 0; i < of_a.size(); ++i) {
    comparison.mean_log10_ratio += (of_b[i] - of_a[i]) / count;
  }
  double squares = 0.0;
  for (std::size_t i = 0; i < of_a.size(); ++i) {
    squares += std::pow(of_b[i] - of_a[i] - comparison.mean_log10_ratio, 2.0);
  }
  comparison.deviation_log10_ratio = std::sqrt(squares / (count - 1.0));
  return comparison;
}

std::optional<double> quantity_of(const TrainingRun& run, TrainedOver over) {
  return over == TrainedOver::epochs ? run.epochs : run.data_fraction;
}

// Everything that says how a run was done, but the quantity itself.
auto key_apart_from(TrainedOver over) {
  return [over](const TrainingRun& run) {
    return std::tuple(run.task, run.dataset, run.model, run.device, run.device_count,
                      run.batch_size, run.pretrain_dataset,
                      over == TrainedOver::epochs ? run.data_fraction : run.epochs);
  };
}

void add_training_lines(std::span<const TrainingRun> runs, TrainedOver over,
                        std::vector<TrainingLine>& lines) {
  for (const auto& [key, members] : grouped(runs, key_apart_from(over))) {
    std::map<double, double> kwh_at;
    for (const std::size_t run : members) {
      const auto quantity = quantity_of(runs[run], over);
      if (quantity && runs[run].train) kwh_at[*quantity] = in_kilowatt_hours(*runs[run].train);
    }
    std::vector<double> quantities;
    std::vector<double> kwh;
    for (const auto& [quantity, electricity] : kwh_at) {
      quantities.push_back(quantity);
      kwh.push_back(electricity);
    }
    const auto fit = fit_line(quantities, kwh);
    if (!fit) continue;
    lines.push_back({.task = std::get<0>(key),
                     .dataset = std::get<1>(key),
                     .model = std::get<2>(key),
                     .over = over,
                     .runs = kwh.size(),
                     .kwh = *fit});
  }
}

}  // namespace

std::vector<ComparableRuns> comparable_runs(std::span<const TrainingRun> runs) {
  const auto groups = grouped(runs, [](const TrainingRun& run) {
    return std::tuple(run.task, run.dataset, run.metric, run.device, run.device_count,
                      run.batch_size);
  });
  std::vector<ComparableRuns> comparable;
  for (const auto& [key, members] : groups) {
    ComparableRuns group;
    std::tie(group.task, group.dataset, group.metric, group.device, group.device_count,
             group.batch_size) = key;
    std::vector<std::pair<double, std::size_t>> scored;
    for (const std::size_t run : members) {
      if (const auto score = sam_of(runs[run], SamConstants{}.alpha)) {
        scored.emplace_back(*score, run);
      } else {
        group.without_sam.push_back(run);
      }
    }
    std::ranges::stable_sort(scored, std::greater{}, &std::pair<double, std::size_t>::first);
    for (const auto& [score, run] : scored) {
      group.runs.push_back(run);
      group.sam.push_back(score);
    }
    if (!group.runs.empty()) group.alphas = sensitivity(runs, group);
    comparable.push_back(std::move(group));
  }
  return comparable;
}

std::vector<ConditionComparison> condition_comparisons(std::span<const TrainingRun> runs) {
  // What two runs must share so that only the condition tells them apart.
  const auto groups = grouped(runs, [](const TrainingRun& run) {
    return std::tuple(run.task, run.dataset, run.metric, run.epochs, run.data_fraction,
                      run.pretrain_dataset);
  });
  std::vector<ConditionComparison> comparisons;
  for (const auto& [key, members] : groups) {
    std::map<std::string, ModelElectricity> conditions;
    for (const std::size_t run : members) {
      if (!runs[run].train || !(*runs[run].train > Joules(0.0))) continue;
      const auto [model, is_first] = conditions[condition_of(runs[run])].try_emplace(
          runs[run].model, std::log10(in_kilowatt_hours(*runs[run].train)));
      // Two runs of a model under one condition: neither stands for it.
      if (!is_first) model->second = std::nan("");
    }
    for (auto a = conditions.begin(); a != conditions.end(); ++a) {
      for (auto b = std::next(a); b != conditions.end(); ++b) {
        auto comparison = compare(a->second, b->second);
        if (!comparison) continue;
        comparison->task = std::get<0>(key);
        comparison->dataset = std::get<1>(key);
        comparison->a = a->first;
        comparison->b = b->first;
        comparisons.push_back(std::move(*comparison));
      }
    }
  }
  return comparisons;
}

std::vector<TrainingLine> training_lines(std::span<const TrainingRun> runs) {
  std::vector<TrainingLine> lines;
  for (const TrainedOver over : {TrainedOver::epochs, TrainedOver::data_fraction}) {
    add_training_lines(runs, over, lines);
  }
  return lines;
}

StatedElectricity stated_electricity(const TrainingRun& run) {
  StatedElectricity stated;
  for (const auto& phase : {run.pretrain, run.train, run.finetune, run.test}) {
    if (!phase) continue;
    stated.total += *phase;
    ++stated.phases;
  }
  return stated;
}

std::optional<PhaseShares> phase_shares(const TrainingRun& stated, std::size_t run) {
  const Joules total = stated_electricity(stated).total;
  if (!(total > Joules(0.0))) return std::nullopt;
  const auto share = [total](const std::optional<Joules>& phase) {
    return phase ? std::optional(100.0 * (*phase / total)) : std::nullopt;
  };
  return PhaseShares{.run = run,
                     .total = total,
                     .pretrain_percent = share(stated.pretrain),
                     .train_percent = share(stated.train),
                     .finetune_percent = share(stated.finetune),
                     .test_percent = share(stated.test)};
}

std::vector<PhaseShares> phase_shares(std::span<const TrainingRun> runs) {
  std::vector<PhaseShares> all;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    if (stated_electricity(runs[i]).phases < 2) continue;
    if (const auto shares = phase_shares(runs[i], i)) all.push_back(*shares);
  }
  return all;
}

std::vector<PretrainingGain> pretraining_gains(std::span<const TrainingRun> runs) {
  const auto groups = grouped(runs, [](const TrainingRun& run) {
    return std::tuple(run.task, run.dataset, run.metric, run.model, run.device, run.device_count,
                      run.batch_size, run.epochs, run.data_fraction);
  });
  std::vector<PretrainingGain> gains;
  for (const auto& [key, members] : groups) {
    for (const std::size_t with : members) {
      for (const std::size_t without : members) {
        const TrainingRun& a = runs[with];
        const TrainingRun& b = runs[without];
        const bool is_pair = !a.pretrain_dataset.empty() && b.pretrain_dataset.empty();
        if (!is_pair || !a.accuracy_percent || !b.accuracy_percent || !a.train || !b.train)
          continue;
        if (!(*b.train > Joules(0.0))) continue;
        const Joules with_pretraining = *a.train + a.pretrain.value_or(Joules(0.0));
        gains.push_back({.with = with,
                         .without = without,
                         .accuracy_points = *a.accuracy_percent - *b.accuracy_percent,
                         .electricity_factor = with_pretraining / *b.train});
      }
    }
  }
  return gains;
}

std::vector<TrainingYears> training_years(std::span<const TrainingRun> runs) {
  const auto groups = grouped(
      runs, [](const TrainingRun& run) { return std::tuple(run.task, run.dataset, run.metric); });
  std::vector<TrainingYears> all;
  for (const auto& [key, members] : groups) {
    TrainingYears years;
    std::tie(years.task, years.dataset, years.metric) = key;
    std::vector<double> year;
    std::vector<double> accuracy;
    std::vector<double> kwh;
    for (const std::size_t run : members) {
      if (!runs[run].year || !runs[run].accuracy_percent || !runs[run].train) continue;
      years.runs.push_back(run);
      year.push_back(*runs[run].year);
      accuracy.push_back(*runs[run].accuracy_percent);
      kwh.push_back(in_kilowatt_hours(*runs[run].train));
    }
    years.accuracy_line = fit_line(year, accuracy);
    years.accuracy_exponential = fit_exponential(year, accuracy);
    years.kwh_line = fit_line(year, kwh);
    years.kwh_exponential = fit_exponential(year, kwh);
    if (years.kwh_line) all.push_back(std::move(years));
  }
  return all;
}

TrainingFindings training_findings(std::span<const TrainingRun> runs) {
  return {.comparable = comparable_runs(runs),
          .conditions = condition_comparisons(runs),
          .lines = training_lines(runs),
          .phases = phase_shares(runs),
          .pretraining = pretraining_gains(runs),
          .years = training_years(runs)};
}

}  // namespace wattfor
