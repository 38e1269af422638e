// Any bytes as a profile: read or refused, and what was read comes back from its own JSON.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string_view>

#include "base/error.h"
#include "response/profile.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  try {
    const wattfor::SensorProfile profile = wattfor::profile_from_json(text, "profile.json");
    const auto again = to_json(profile).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    const wattfor::SensorProfile same = wattfor::profile_from_json(again, "again");
    if (same.kind != profile.kind || same.window != profile.window || same.gain != profile.gain) {
      std::abort();
    }
  } catch (const wattfor::Error&) {
    return 0;
  }
  return 0;
}
