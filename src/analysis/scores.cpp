#include "analysis/scores.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstddef>
#include <limits>
#include <variant>

#include "analysis/sam.h"

namespace wattfor {
namespace {

// Energy in decades: 0 for the setup's least, 1 for its greatest, even steps for even factors.
class LogAxis {
 public:
  explicit LogAxis(EnergyRange range)
      : least_(range.least),
        is_defined_(range.least > Joules(0.0) && range.greatest >= range.least &&
                    std::isfinite(range.greatest.value())),
        length_(is_defined_ ? std::log(range.greatest / range.least) : 0.0) {}

  std::optional<double> share(Joules energy) const {
    if (!is_defined_) return std::nullopt;
    if (energy == least_) return 0.0;
    if (length_ == 0.0) return std::nullopt;
    return std::log(energy / least_) / length_;
  }

 private:
  Joules least_;
  bool is_defined_;
  double length_;
};

// 100 less the weighted way to 100 % at no energy.
double manhattan(double accuracy_percent, double energy_share, double weight) {
  return 100.0 - (weight * energy_share * 100.0 + (1.0 - weight) * (100.0 - accuracy_percent));
}

bool is_share(double weight) { return weight >= 0.0 && weight <= 1.0; }

std::optional<double> log_manhattan_on(const LogAxis& axis, double accuracy_percent, Joules energy,
                                       double weight) {
  if (!has_score(accuracy_percent, energy) || !is_share(weight)) return std::nullopt;
  const std::optional<double> share = axis.share(energy);
  if (!share) return std::nullopt;
  return manhattan(accuracy_percent, *share, weight);
}

}  // namespace

std::string_view name_of(Score score) {
  switch (score) {
    case Score::efficiency:
      return "efficiency";
    case Score::log_manhattan:
      return "log-manhattan";
    case Score::sam:
      return "sam";
    case Score::manhattan:
      break;
  }
  return "manhattan";
}

bool has_score(double accuracy_percent, Joules energy) {
  return accuracy_percent >= 0.0 && accuracy_percent <= 100.0 && energy > Joules(0.0) &&
         std::isfinite(energy.value());
}

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
  return log_manhattan_on(LogAxis({.least = least, .greatest = greatest}), accuracy_percent, energy,
                          weight);
}

EnergyRange energy_range(std::span<const double> energy_j) {
  double least = std::numeric_limits<double>::infinity();
  double greatest = 0.0;
  for (const double energy : energy_j) {
    if (!(energy > 0.0) || !std::isfinite(energy)) continue;
    least = std::min(least, energy);
    greatest = std::max(greatest, energy);
  }
  if (greatest == 0.0) return {};
  return {.least = Joules(least), .greatest = Joules(greatest)};
}

std::vector<double> scores_of(Score score, std::span<const double> accuracy_percent,
                              std::span<const double> energy_j, EnergyRange range, double weight,
                              std::span<const double> training_j) {
  assert(accuracy_percent.size() == energy_j.size());
  constexpr double undefined = std::numeric_limits<double>::quiet_NaN();
  const LogAxis axis(range);
  std::vector<double> scores(energy_j.size(), undefined);
  const auto fill = [&](auto score_of) {
    for (std::size_t row = 0; row < scores.size(); ++row) {
      scores[row] = score_of(accuracy_percent[row], Joules(energy_j[row])).value_or(undefined);
    }
  };
  switch (score) {
    case Score::efficiency:
      fill(efficiency);
      break;
    case Score::manhattan:
      fill([&](double accuracy, Joules energy) {
        return weighted_manhattan(accuracy, energy, range.greatest, weight);
      });
      break;
    case Score::log_manhattan:
      fill([&](double accuracy, Joules energy) {
        return log_manhattan_on(axis, accuracy, energy, weight);
      });
      break;
    case Score::sam:
      for (std::size_t row = 0; row < training_j.size(); ++row) {
        const auto value = sam(accuracy_percent[row], Joules(training_j[row]));
        if (const Sam* defined = std::get_if<Sam>(&value)) scores[row] = defined->value;
      }
      break;
  }
  return scores;
}

}  // namespace wattfor
