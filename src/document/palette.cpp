#include "document/palette.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace wattfor {
namespace {

struct TwoColours {
  std::uint32_t light;
  std::uint32_t dark;
};

constexpr std::array<TwoColours, category_colours> categories{{{0x0072B2, 0x6CC3F5},
                                                               {0xD55E00, 0xF0803C},
                                                               {0x009E73, 0x1FA67F},
                                                               {0xCC79A7, 0xE9A9CF},
                                                               {0xE69F00, 0xF5E663},
                                                               {0x56B4E9, 0x3F7FD0},
                                                               {0x4D4D4D, 0xFFFFFF}}};

// viridis at 0, 1/8 … 1.
constexpr std::array<std::uint32_t, 9> viridis{0x440154, 0x472D7B, 0x3B528B, 0x2C728E, 0x21918C,
                                               0x28AE80, 0x5EC962, 0xADDC30, 0xFDE725};

std::uint32_t viridis_at(double share) {
  const double along = share * (viridis.size() - 1);
  const auto below = std::min(static_cast<std::size_t>(along), viridis.size() - 2);
  const double rest = along - static_cast<double>(below);
  std::uint32_t colour = 0;
  for (const unsigned shift : {16U, 8U, 0U}) {
    const double from = (viridis.at(below) >> shift) & 0xFFU;
    const double to = (viridis.at(below + 1) >> shift) & 0xFFU;
    colour |= static_cast<std::uint32_t>(std::lround(from + rest * (to - from))) << shift;
  }
  return colour;
}

}  // namespace

namespace ink {
Ink paper() { return {"paper", 0xFFFFFF, 0x15181B}; }
Ink text() { return {"text", 0x1B1F23, 0xE6E9EC}; }
Ink quiet() { return {"quiet", 0x5B646D, 0xA3ACB5}; }
Ink frame() { return {"frame", 0x5B646D, 0x98A1AA}; }
Ink grid() { return {"grid", 0xE4E7EA, 0x2C3238}; }
}  // namespace ink

Ink category_ink(std::size_t style) {
  const std::size_t place = style % category_colours;
  return {fmt::format("c{}", place), categories.at(place).light, categories.at(place).dark};
}

Ink ordered_ink(std::size_t place, std::size_t count) {
  const double share =
      count < 2 ? 0.0 : static_cast<double>(place) / static_cast<double>(count - 1);
  // The ends that are as bright as the paper are left out.
  constexpr double brightest_on_light = 0.82;
  constexpr double darkest_on_dark = 0.35;
  return {fmt::format("o{}of{}", place, count), viridis_at(share * brightest_on_light),
          viridis_at(darkest_on_dark + share * (1.0 - darkest_on_dark))};
}

MarkerShape marker_of(std::size_t style) { return static_cast<MarkerShape>(style % marker_shapes); }

}  // namespace wattfor
