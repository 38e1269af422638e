#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "analysis/diminishing_returns.h"
#include "analysis/judged_models.h"
#include "analysis/returns_bootstrap.h"

namespace wattfor {

// One way of fitting diminishing returns to a front: what its energy at 100 % rests on.
struct FrontCurve {
  std::size_t models = 0;          // of the front that it is fitted to
  std::size_t lowest_dropped = 0;  // models of the front with the least energy that it leaves out
  LossChoice loss;
  DiminishingReturns fit;
  // By bootstrap over the models that it is fitted to; 95 %. Of the squared loss alone, which has
  // no scale to choose.
  std::optional<BootstrapInterval> log10_energy_j_at_100_percent;
};

// The front fitted whole and without its three lowest, by each loss (the robust ones at 1 %), as
// far as the fits are defined. Which of them is meant decides what the energy at 100 % is; none is
// right.
std::vector<FrontCurve> front_curves(const JudgedModels& front, const Resampling& resampling = {});

}  // namespace wattfor
