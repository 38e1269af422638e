#include "base/data_folder.h"

#include <cstdlib>
#include <string_view>

namespace wattfor {

namespace fs = std::filesystem;

std::optional<fs::path> data_folder() {
  const auto variable = [](const char* name) -> std::string_view {
    const char* value = std::getenv(name);
    return value == nullptr ? "" : value;
  };
  // The XDG specification asks to ignore a relative path.
  if (const fs::path data = variable("XDG_DATA_HOME"); data.is_absolute()) return data / "wattfor";
  if (const auto home = variable("HOME"); !home.empty()) {
    return fs::path(home) / ".local" / "share" / "wattfor";
  }
  return std::nullopt;
}

}  // namespace wattfor
