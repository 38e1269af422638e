#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace wattfor {

struct PngFonts {
  std::filesystem::path regular;
  std::filesystem::path bold;
};

// A sans-serif font below the folder: DejaVu Sans, or another that the distributions have. By its
// file, so that the same machine gives the same picture whatever a user has configured.
std::optional<PngFonts> find_png_fonts(const std::filesystem::path& folder);

// $WATTFOR_FONTS, else /usr/share/fonts.
std::filesystem::path font_folder();

}  // namespace wattfor
