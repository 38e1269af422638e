#include "analysis/scores.h"

#include <cmath>

namespace wattfor {
namespace {

bool has_score(double accuracy_percent, Joules energy) {
  return accuracy_percent >= 0.0 && accuracy_percent <= 100.0 && energy > Joules(0.0) &&
         std::isfinite(energy.value());
}

// 0 for the setup's least energy, 1 for its greatest, even steps for even factors between.
std::optional<double> logarithmic_share(Joules energy, Joules least, Joules greatest) {
  if (!(least > Joules(0.0)) || !(greatest >= least) || !std::isfinite(greatest.value())) {
    return std::nullopt;
  }
  if (energy == least) return 0.0;
  if (greatest == least) return std::nullopt;
  return std::log(energy / least) / std::log(greatest / least);
}

// 100 less the weighted way to 100 % at no energy.
double manhattan(double accuracy_percent, double energy_share, double weight) {
  return 100.0 - (weight * energy_share * 100.0 + (1.0 - weight) * (100.0 - accuracy_percent));
}

bool is_share(double weight) { return weight >= 0.0 && weight <= 1.0; }

}  // namespace

std::optional<double> efficiency(double accuracy_percent, Joules energy) {
  if (!has_score(accuracy_percent, energy)) return std::nullopt;
  return accuracy_percent / energy.value();
}

std::optional<double> weighted_manhattan(double accuracy_percent, Joules energy, Joules greatest,
                                         double weight) {
  const bool has_norm = greatest > Joules(0.0) && std::isfinite(greatest.value());
  if (!has_score(accuracy_percent, energy) || !has_norm || !is_share(weight)) return std::nullopt;
  return manhattan(accuracy_percent, energy / greatest, weight);
}

std::optional<double> log_manhattan(double accuracy_percent, Joules energy, Joules least,
                                    Joules greatest, double weight) {
  if (!has_score(accuracy_percent, energy) || !is_share(weight)) return std::nullopt;
  const std::optional<double> share = logarithmic_share(energy, least, greatest);
  if (!share) return std::nullopt;
  return manhattan(accuracy_percent, *share, weight);
}

}  // namespace wattfor
