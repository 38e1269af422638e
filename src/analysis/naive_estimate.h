#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/distribution.h"
#include "analysis/drivers.h"
#include "measurement/model_table.h"

namespace wattfor {

// Energy estimated from what a model computes and what a device could: operations / peak rate ·
// power limit (Desislavov et al., 2021; inference study, section 4.2 and figure 6).
enum class NaiveForm {
  published,  // MACs / peak of the plain units: as the study computed, a MAC being one operation
  physical,   // 2 · MACs / peak of the units that the precision runs on: fp16 on the tensor cores
};
template <>
inline constexpr std::array enumerators<NaiveForm>{NaiveForm::published, NaiveForm::physical};
std::string_view name_of(NaiveForm form);

// How many times the measured energy the estimate is too small, over the models of a setup.
struct NaiveError {
  std::string setup;
  std::string counter;
  NaiveForm form = NaiveForm::published;
  Distribution underestimate;     // measured / estimated
  std::vector<double> ascending;  // all of them
  std::size_t worst_row = 0;      // the model of the greatest
  std::size_t left_out = 0;       // whose count can't be right
};

// Of the setups whose device and precision are known (known_devices.h), for each counter that has
// MACs.
std::vector<NaiveError> naive_errors(std::span<const CheckedCounter> counters,
                                     std::span<const SetupColumns* const> setups);

// The power at which a device ran its models: throughput · energy per image, W (section 4.3 and
// figure 8 A).
struct PowerDraw {
  std::string setup;
  Distribution watts;
  std::optional<double> limit_w;  // the device's, where it is known
  std::size_t above_limit = 0;    // models
  std::size_t greatest_row = 0;   // the model of the greatest power
};

// Of the setups whose figures were measured: an estimate from a throughput is the limit itself.
std::vector<PowerDraw> power_draws(std::span<const SetupColumns* const> setups);

}  // namespace wattfor
