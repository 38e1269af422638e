#pragma once

#include <cmath>
#include <cstddef>
#include <deque>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "analysis/energy_prediction.h"
#include "measurement/model_table.h"
#include "support/csv_column.h"

namespace wattfor::test {

// The energies of one setup of the inference study, with what timm counted in their architectures
// at their input sizes; a row that lacks either is left out.
struct PublishedEnergies {
  std::deque<std::string> names;  // that `measured` looks at
  std::vector<MeasuredModel> measured;
};

// `setup` is a table like the study's A100_TRT.csv, `timm` one of timm's benchmark-infer-*.csv.
// Nothing where one of them is not there.
inline std::optional<PublishedEnergies> published_energies(const std::filesystem::path& setup,
                                                           const std::filesystem::path& timm) {
  if (!exists(setup) || !exists(timm)) return std::nullopt;
  const auto numbers = [](const std::filesystem::path& file, std::string_view column, double unit) {
    std::vector<double> read;
    for (const std::string& field : csv_column(file, column)) {
      read.push_back(field.empty() ? std::nan("") : unit * std::stod(field));
    }
    return read;
  };
  const auto architectures = csv_column(timm, "model");
  const auto counted_sizes = numbers(timm, "infer_img_size", 1.0);
  const auto parameters = numbers(timm, "param_count", 1e6);
  const auto macs = numbers(timm, "infer_gmacs", 1e9);
  const auto activations = numbers(timm, "infer_macts", 1e6);
  std::map<std::pair<std::string, double>, std::size_t> counted;
  for (std::size_t i = 0; i < architectures.size(); ++i) {
    counted.emplace(std::pair(architecture_of(architectures[i]), counted_sizes[i]), i);
  }
  PublishedEnergies energies;
  const auto names = csv_column(setup, "Model Name");
  const auto sizes = numbers(setup, "Input Size", 1.0);
  const auto energies_j = numbers(setup, "Energy", 1e-3);
  for (std::size_t row = 0; row < names.size(); ++row) {
    const auto found = counted.find({std::string(architecture_of(names[row])), sizes[row]});
    if (found == counted.end() || std::isnan(energies_j[row])) continue;
    const std::size_t i = found->second;
    const PredictionInput input{energies.names.emplace_back(names[row]),
                                static_cast<int>(sizes[row]), parameters[i], macs[i],
                                activations[i]};
    if (traits_of(input)) energies.measured.push_back({input, Joules(energies_j[row])});
  }
  return energies;
}

}  // namespace wattfor::test
