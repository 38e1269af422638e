// Any bytes as a simulated device's description: read or refused.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/error.h"
#include "simulation/simulation_spec.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  try {
    if (wattfor::simulation_from_json(text, "device.json").sensors.empty()) std::abort();
  } catch (const wattfor::Error&) {
    return 0;
  }
  return 0;
}
