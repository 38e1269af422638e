#include "analysis/grid_intensity.h"

#include <algorithm>
#include <array>

#include "analysis/grid_intensity_table.h"

namespace wattfor {
namespace {

// Names in use beside those of the table, most of them ISO 3166's own.
struct OtherName {
  std::string_view name;
  std::string_view alpha3;
};
constexpr auto other_names = std::to_array<OtherName>({
    {"UK", "GBR"},
    {"Great Britain", "GBR"},
    {"United States of America", "USA"},
    {"Czech Republic", "CZE"},
    {"Türkiye", "TUR"},
    {"Turkiye", "TUR"},
    {"Russian Federation", "RUS"},
    {"Republic of Korea", "KOR"},
    {"Viet Nam", "VNM"},
    {"Côte d'Ivoire", "CIV"},
    {"Ivory Coast", "CIV"},
    {"Réunion", "REU"},
    {"Cabo Verde", "CPV"},
    {"Timor-Leste", "TLS"},
    {"Brunei Darussalam", "BRN"},
    {"Macau", "MAC"},
    {"Swaziland", "SWZ"},
    {"The Netherlands", "NLD"},
    {"Holland", "NLD"},
    {"Burma", "MMR"},
});

char lower(char letter) {
  return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

bool is_same(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, {}, lower, lower);
}

}  // namespace

std::span<const GridIntensity> grid_intensities() { return grid_intensity_table; }

const GridIntensity* find_grid(std::string_view region) {
  const auto* other = std::ranges::find_if(
      other_names, [region](const auto& each) { return is_same(each.name, region); });
  const std::string_view asked = other == other_names.end() ? region : other->alpha3;
  const auto* found = std::ranges::find_if(grid_intensity_table, [asked](const auto& each) {
    return is_same(each.alpha2, asked) || is_same(each.alpha3, asked) ||
           is_same(each.country, asked);
  });
  return found == grid_intensity_table.end() ? nullptr : found;
}

}  // namespace wattfor
