#pragma once

#include <optional>
#include <string_view>

#include "units/quantity.h"

namespace wattfor {

// What a device's sheet states, for the naive estimates and the line of its power limit.
struct KnownDevice {
  std::string_view name;  // as the setups name it
  Watts limit;
  // Peak rates in operations a second, a multiply-accumulate being two: of the plain units as the
  // inference study took them, and of the tensor cores without sparsity.
  double fp32_per_s = 0.0;
  double fp16_per_s = 0.0;
  double fp16_tensor_per_s = 0.0;
};

// Null for a device that is not in the table.
const KnownDevice* known_device(std::string_view name);

}  // namespace wattfor
