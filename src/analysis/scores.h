#pragma once

#include <array>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "measurement/names.h"
#include "units/quantity.h"

namespace wattfor {

// The two scores of the inference study, and the second on a logarithmic axis. A is the accuracy in
// percent (0 … 100), E the energy of one image; higher is better. Undefined where A lies outside 0
// … 100, E is not above zero, or either is not finite.

// A / E in percent per joule. It favours models that do next to nothing for next to nothing: use it
// only among models above a minimum accuracy.
std::optional<double> efficiency(double accuracy_percent, Joules energy);

// 100 − [ W·(E/N)·100 + (1−W)·(100−A) ]: how near a model comes to 100 % at no energy, measured
// along both axes. `greatest`, N, is the greatest energy among the setup's models before any
// threshold; W, in [0, 1], is the weight on energy. Undefined also where N is not above zero or W
// lies outside. At W = 1 only energy counts, at W = 0 the score is A itself.
std::optional<double> weighted_manhattan(double accuracy_percent, Joules energy, Joules greatest,
                                         double weight);

// 100 − [ W·ln(E/E_min)/ln(N/E_min)·100 + (1−W)·(100−A) ]: the same with energy counted in decades,
// since energies span four of them and the share E/N tells only the greatest apart. `least`, E_min,
// and `greatest`, N, are those of the setup's models before any threshold; an E below E_min lies
// beyond the axis and is rewarded so. Where N equals E_min, energy tells no model from another: the
// share of E = E_min is 0, of any other E it is undefined. Undefined also where weighted_manhattan
// is, and where E_min is not above zero or exceeds N.
std::optional<double> log_manhattan(double accuracy_percent, Joules energy, Joules least,
                                    Joules greatest, double weight);

enum class Score {
  efficiency,
  manhattan,
  log_manhattan,
  sam,  // analysis/sam.h: of the electricity to train instead of the energy of an image
};
template <>
inline constexpr std::array enumerators<Score>{Score::efficiency, Score::manhattan,
                                               Score::log_manhattan, Score::sam};

std::string_view name_of(Score score);

// Whether a model has any score: a percentage, and a finite energy above zero.
bool has_score(double accuracy_percent, Joules energy);

// E_min and N of a setup, zero where it has no energy.
struct EnergyRange {
  Joules least;
  Joules greatest;
};

// Over all energies that are above zero and finite.
EnergyRange energy_range(std::span<const double> energy_j);

// One score a row, NaN where it is undefined. The columns are of one length. SAM alone reads the
// electricity that training took; without that column it is undefined.
std::vector<double> scores_of(Score score, std::span<const double> accuracy_percent,
                              std::span<const double> energy_j, EnergyRange range, double weight,
                              std::span<const double> training_j = {});

}  // namespace wattfor
