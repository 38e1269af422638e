#include "analysis/naive_estimate.h"

#include <algorithm>
#include <utility>

#include "analysis/known_devices.h"
#include "analysis/known_pairs.h"

namespace wattfor {
namespace {

// Operations a second that the estimate takes for granted, per multiply-accumulate; nothing where
// the precision has no rate in the table.
std::optional<double> macs_per_s(const KnownDevice& device, std::string_view precision,
                                 NaiveForm form) {
  const bool is_half = precision == "fp16";
  if (!is_half && precision != "fp32") return std::nullopt;
  if (form == NaiveForm::published) return is_half ? device.fp16_per_s : device.fp32_per_s;
  return (is_half ? device.fp16_tensor_per_s : device.fp32_per_s) / 2.0;
}

std::size_t place_of_greatest(const std::vector<double>& numbers) {
  return static_cast<std::size_t>(std::ranges::max_element(numbers) - numbers.begin());
}

}  // namespace

std::string_view name_of(NaiveForm form) {
  return form == NaiveForm::published ? "published" : "physical";
}

std::vector<NaiveError> naive_errors(std::span<const CheckedCounter> counters,
                                     std::span<const SetupColumns* const> setups) {
  std::vector<NaiveError> errors;
  for (const SetupColumns* setup : setups) {
    const KnownDevice* device = known_device(setup->setup.device);
    if (device == nullptr) continue;
    for (const CheckedCounter& counter : counters) {
      const auto is_flawed = [&](std::size_t row) { return counter.is_flawed(Counted::macs, row); };
      const KnownPairs all = known_pairs(counter.columns.macs, setup->energy_j);
      const KnownPairs sound = known_pairs(counter.columns.macs, setup->energy_j, is_flawed);
      for (const NaiveForm form : enumerators<NaiveForm>) {
        const auto rate = macs_per_s(*device, setup->setup.precision, form);
        if (!rate) continue;
        std::vector<double> ratios(sound.rows.size());
        for (std::size_t i = 0; i < ratios.size(); ++i) {
          ratios[i] = sound.y[i] / (sound.x[i] / *rate * device->limit.value());
        }
        const auto underestimate = distribution_of(ratios);
        if (!underestimate) continue;
        const std::size_t worst = place_of_greatest(ratios);
        std::ranges::sort(ratios);
        errors.push_back({.setup = setup->setup.id,
                          .counter = counter.columns.counter,
                          .form = form,
                          .underestimate = *underestimate,
                          .ascending = std::move(ratios),
                          .worst_row = sound.rows[worst],
                          .left_out = all.rows.size() - sound.rows.size()});
      }
    }
  }
  return errors;
}

std::vector<PowerDraw> power_draws(std::span<const SetupColumns* const> setups) {
  std::vector<PowerDraw> draws;
  for (const SetupColumns* setup : setups) {
    const auto is_estimated = [&](std::size_t row) { return setup->basis[row] != Basis::measured; };
    const KnownPairs pairs = known_pairs(setup->throughput_per_s, setup->energy_j, is_estimated);
    std::vector<double> watts(pairs.rows.size());
    for (std::size_t i = 0; i < watts.size(); ++i) watts[i] = pairs.x[i] * pairs.y[i];
    const auto spread = distribution_of(watts);
    if (!spread) continue;
    PowerDraw draw{.setup = setup->setup.id,
                   .watts = *spread,
                   .limit_w = std::nullopt,
                   .above_limit = 0,
                   .greatest_row = pairs.rows[place_of_greatest(watts)]};
    if (const KnownDevice* device = known_device(setup->setup.device)) {
      const double limit_w = device->limit.value();
      draw.limit_w = limit_w;
      draw.above_limit = static_cast<std::size_t>(
          std::ranges::count_if(watts, [=](double power) { return power > limit_w; }));
    }
    draws.push_back(draw);
  }
  return draws;
}

}  // namespace wattfor
