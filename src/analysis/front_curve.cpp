#include "analysis/front_curve.h"

#include <array>
#include <span>

namespace wattfor {

std::vector<FrontCurve> front_curves(const JudgedModels& front, const Resampling& resampling) {
  constexpr std::array<std::size_t, 2> cut_offs{0, 3};
  constexpr std::array losses{LossChoice{.loss = FitLoss::squared},
                              LossChoice{.loss = FitLoss::soft_l1},
                              LossChoice{.loss = FitLoss::cauchy}};
  std::vector<FrontCurve> curves;
  for (const std::size_t dropped : cut_offs) {
    if (front.points.size() <= dropped) continue;
    const auto points = std::span(front.points).subspan(dropped);
    for (const LossChoice& loss : losses) {
      const auto fit = fit_diminishing_returns(points, loss);
      if (!fit) continue;
      FrontCurve curve{.models = points.size(),
                       .lowest_dropped = dropped,
                       .loss = loss,
                       .fit = *fit,
                       .log10_energy_j_at_100_percent = std::nullopt};
      if (loss.loss == FitLoss::squared) {
        curve.log10_energy_j_at_100_percent =
            bootstrap_log10_energy_at_100_percent(points, resampling);
      }
      curves.push_back(curve);
    }
  }
  return curves;
}

}  // namespace wattfor
