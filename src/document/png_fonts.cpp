#include "document/png_fonts.h"

#include <array>
#include <cstdlib>
#include <string_view>

namespace wattfor {
namespace {

namespace fs = std::filesystem;

struct FontFiles {
  std::string_view folder;
  std::string_view regular;
  std::string_view bold;
};

// As the packages of Debian, Fedora, Arch and openSUSE lay them below /usr/share/fonts.
constexpr std::array<FontFiles, 9> known_fonts{
    {{"truetype/dejavu", "DejaVuSans.ttf", "DejaVuSans-Bold.ttf"},
     {"dejavu-sans-fonts", "DejaVuSans.ttf", "DejaVuSans-Bold.ttf"},
     {"TTF", "DejaVuSans.ttf", "DejaVuSans-Bold.ttf"},
     {"truetype", "DejaVuSans.ttf", "DejaVuSans-Bold.ttf"},
     {"truetype/liberation", "LiberationSans-Regular.ttf", "LiberationSans-Bold.ttf"},
     {"truetype/liberation2", "LiberationSans-Regular.ttf", "LiberationSans-Bold.ttf"},
     {"liberation-sans", "LiberationSans-Regular.ttf", "LiberationSans-Bold.ttf"},
     {"liberation", "LiberationSans-Regular.ttf", "LiberationSans-Bold.ttf"},
     {"truetype/noto", "NotoSans-Regular.ttf", "NotoSans-Bold.ttf"}}};

}  // namespace

std::optional<PngFonts> find_png_fonts(const fs::path& folder) {
  for (const FontFiles& font : known_fonts) {
    PngFonts found{.regular = folder / font.folder / font.regular,
                   .bold = folder / font.folder / font.bold};
    std::error_code ignored;
    if (fs::is_regular_file(found.regular, ignored) && fs::is_regular_file(found.bold, ignored)) {
      return found;
    }
  }
  return std::nullopt;
}

fs::path font_folder() {
  const char* folder = std::getenv("WATTFOR_FONTS");
  return folder != nullptr && *folder != '\0' ? folder : "/usr/share/fonts";
}

}  // namespace wattfor
