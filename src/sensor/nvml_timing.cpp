#include "sensor/nvml_timing.h"

#include "response/default_profiles.h"
#include "sensor/nvml_api.h"

namespace wattfor {
namespace {

// The slowest of what is reported of the energy counter, 10 ms to 100 ms.
constexpr Seconds slowest_counter{0.1};

std::optional<GpuGeneration> generation_of(unsigned architecture) {
  using enum GpuGeneration;
  switch (architecture) {
    case nvml_architecture_pascal:
      return pascal;
    case nvml_architecture_volta:
      return volta;
    case nvml_architecture_turing:
      return turing;
    case nvml_architecture_ampere:
      return ampere;
    case nvml_architecture_ada:
      return ada;
    case nvml_architecture_hopper:
      return hopper;
    default:
      if (architecture < nvml_architecture_pascal) return maxwell;
      return std::nullopt;
  }
}

PowerReading reading_of(NvmlQuantity quantity) {
  if (quantity == NvmlQuantity::power_instant) return PowerReading::instant;
  return quantity == NvmlQuantity::power_average ? PowerReading::average : PowerReading::draw;
}

}  // namespace

NvmlTiming nominal_timing(NvmlQuantity quantity, std::optional<unsigned> architecture,
                          std::string_view board) {
  if (quantity == NvmlQuantity::energy) return {slowest_counter, std::nullopt};
  if (!architecture || quantity == NvmlQuantity::power_samples) return {};
  const auto generation = generation_of(*architecture);
  if (!generation) return {};
  const DefaultProfile* profile = default_profile(*generation, board, reading_of(quantity));
  if (profile == nullptr) return {};  // a board of which nothing is published
  return {profile->update_period, profile->window};
}

}  // namespace wattfor
