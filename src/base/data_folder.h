#pragma once

#include <filesystem>
#include <optional>

namespace wattfor {

// Where this user's records and profiles are kept unless told otherwise: $XDG_DATA_HOME/wattfor, or
// ~/.local/share/wattfor. Nothing where neither variable is set.
std::optional<std::filesystem::path> data_folder();

}  // namespace wattfor
