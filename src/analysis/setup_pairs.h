#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "analysis/distribution.h"
#include "analysis/line_fit.h"
#include "measurement/model_table.h"

namespace wattfor {

using SetupList = std::vector<const SetupColumns*>;

// How the energies of the same models go together on two setups (inference study, table 2), in
// joules as they are: one greatest model can rule Pearson's r. Undefined as correlation.h says.
struct SetupCorrelation {
  std::string a;
  std::string b;
  std::size_t models =
      0;  // that both setups have; of a joint one, that every setup of the list has
  bool is_joint = false;
  std::optional<double> pearson;
  std::optional<double> spearman;
};

// Every pair of the list, over the models that both have, then over those that all have.
std::vector<SetupCorrelation> setup_correlations(std::span<const SetupColumns* const> setups);

// What a model's energy falls by from one runtime of a device to another (inference study, section
// 4.3 and figures 8 B and 9).
struct SetupReduction {
  std::string from;  // where models take more, by the geometric mean
  std::string to;
  Distribution factor;  // E_from / E_to
  // ln(factor) = intercept + slope · ln(E_from / 1 J): above zero where models that take much gain
  // more.
  std::optional<LineFit> by_energy;
  // Of the models whose throughputs are known too: ln(factor) = intercept + slope · ln(throughput
  // gain), and the correlation of the two logarithms. A slope of 1 is a power that stays the same.
  std::optional<LineFit> by_throughput_gain;
  std::optional<double> throughput_gain_pearson;
};

// Every pair of the list that shares its device, where that is known. Published runtimes may differ
// in precision, too: PyTorch ran in fp32, TensorRT in fp16.
std::vector<SetupReduction> setup_reductions(std::span<const SetupColumns* const> setups);

}  // namespace wattfor
