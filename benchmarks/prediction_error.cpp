// How far off predicted energies are, by ten-fold cross-validation over 20 seeds on the setups that
// the inference study published, with what timm counted: docs/prediction.md shows its tables.
//
//   prediction_error DL-Inference-Energy-Efficiency/data benchmark-infer-….csv

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "analysis/distribution.h"
#include "analysis/energy_prediction.h"
#include "support/published_energies.h"

namespace {

using wattfor::CrossValidation;
using wattfor::EnergyPredictor;
using wattfor::HeldOut;
using wattfor::MeasuredModel;

constexpr std::uint64_t seeds = 20;

double quantile_of(std::vector<double> numbers, double share) {
  std::ranges::sort(numbers);
  return wattfor::quantile(numbers, share);
}

std::vector<CrossValidation> validations(const EnergyPredictor& predictor, HeldOut held_out) {
  std::vector<CrossValidation> all;
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    all.push_back(predictor.cross_validate({.held_out = held_out, .seed = seed}).value());
  }
  return all;
}

void print_setup(const std::string& setup, const char* held_out,
                 std::span<const CrossValidation> all) {
  std::vector<double> errors;
  std::vector<double> coverages;
  std::vector<double> factors;
  for (const CrossValidation& each : all) {
    errors.push_back(100.0 * each.median_relative_error);
    coverages.push_back(100.0 * each.coverage);
    factors.push_back(each.median_interval_factor);
  }
  fmt::print("| {} | {} | {} | {:.1f} ({:.1f} … {:.1f}) | {:.1f} ({:.1f} … {:.1f}) | {:.2f} |\n",
             setup, held_out, all.front().predictions.size(), quantile_of(errors, 0.5),
             std::ranges::min(errors), std::ranges::max(errors), quantile_of(coverages, 0.5),
             std::ranges::min(coverages), std::ranges::max(coverages), quantile_of(factors, 0.5));
}

// Of the rows that go by each name, over all seeds.
void print_groups(const std::string& setup, std::span<const MeasuredModel> measured,
                  std::span<const CrossValidation> all,
                  const std::function<std::string(std::size_t)>& name_of_row) {
  struct Group {
    std::size_t rows = 0;
    double held = 0.0;
    std::vector<double> errors = {};
    std::vector<double> factors = {};
  };
  std::map<std::string, Group> groups;
  for (std::size_t row = 0; row < measured.size(); ++row) {
    Group& group = groups[name_of_row(row)];
    ++group.rows;
    for (const CrossValidation& each : all) {
      const wattfor::PredictedEnergy& told = each.predictions[row];
      const wattfor::Joules truth = measured[row].energy;
      group.errors.push_back(100.0 * std::abs(told.energy / truth - 1.0));
      group.factors.push_back(told.high / told.energy);
      if (told.low <= truth && truth <= told.high) group.held += 1.0;
    }
  }
  for (auto& [name, group] : groups) {
    fmt::print("| {} | {} | {} | {:.1f} | {:.0f} | {:.1f} | {:.2f} |\n", setup, name, group.rows,
               quantile_of(group.errors, 0.5), quantile_of(group.errors, 0.9),
               100.0 * group.held / static_cast<double>(group.errors.size()),
               quantile_of(group.factors, 0.5));
  }
}

std::string class_of(const MeasuredModel& model) {
  const wattfor::ModelFamily* family = wattfor::family_of(model.input.model);
  return family == nullptr ? "unknown" : std::string(name_of(family->model_class));
}

// Which quarter of the models, from the fewest multiply-accumulates on.
std::vector<std::string> quarters(std::span<const MeasuredModel> measured) {
  std::vector<double> macs;
  for (const MeasuredModel& each : measured) macs.push_back(each.input.macs);
  std::vector<std::string> names;
  for (const MeasuredModel& each : measured) {
    std::string name = "4: more";
    for (const int quarter : {3, 2, 1}) {
      const double end = quantile_of(macs, quarter / 4.0);
      if (each.input.macs <= end) name = fmt::format("{}: to {:.1f} GMAC", quarter, end / 1e9);
    }
    names.push_back(std::move(name));
  }
  return names;
}

}  // namespace

int main(int count, char** arguments) {
  const std::span words(arguments, static_cast<std::size_t>(count));
  if (words.size() != 3) {
    fmt::print(stderr, "usage: {} STUDY_FOLDER TIMM_BENCHMARK.csv\n", words[0]);
    return 2;
  }
  const std::filesystem::path folder(words[1]);
  const char* groups_head =
      "\n| setup | models | rows | half within, % | nine tenths within, % | held, % | factor |\n"
      "|---|---|--:|--:|--:|--:|--:|\n";
  const char* setup_head =
      "| setup | held out | rows | half within, % | held, % | factor "
      "|\n|---|---|--:|--:|--:|--:|\n";
  for (const char* setup : {"A100_TRT", "H100_TRT", "A100_PT", "H100_PT"}) {
    const auto published =
        wattfor::test::published_energies(folder / (std::string(setup) + ".csv"), words[2]);
    const auto predictor = published ? EnergyPredictor::fit(published->measured) : std::nullopt;
    if (!predictor) {
      fmt::print(stderr, "{}: no usable tables of {}\n", words[1], setup);
      return 1;
    }
    const auto& measured = published->measured;
    const auto by_architectures = validations(*predictor, HeldOut::architectures);
    fmt::print("{}", setup_head);
    print_setup(setup, "architectures", by_architectures);
    print_setup(setup, "families", validations(*predictor, HeldOut::families));
    fmt::print("{}", groups_head);
    print_groups(setup, measured, by_architectures,
                 [&](std::size_t row) { return class_of(measured[row]); });
    const auto quarter = quarters(measured);
    print_groups(setup, measured, by_architectures, [&](std::size_t row) { return quarter[row]; });
    fmt::print("\n");
  }
  return 0;
}
