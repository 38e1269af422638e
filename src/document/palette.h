#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace wattfor {

// A colour on light paper and on dark, as 0xRRGGBB. The name tells inks apart: [a-z0-9]+.
struct Ink {
  std::string name;
  std::uint32_t light = 0;
  std::uint32_t dark = 0;
};

namespace ink {
Ink paper();
Ink text();
Ink quiet();  // words and lines of less weight, references
Ink frame();
Ink grid();
}  // namespace ink

// Okabe and Ito's colours without yellow, which is not seen on white ("Color Universal Design",
// 2008; on dark paper lighter ones of the same order): any two stay apart with protanopia,
// deuteranopia and tritanopia. From the seventh on they begin anew, with other markers.
inline constexpr std::size_t category_colours = 7;
Ink category_ink(std::size_t style);

// The place-th of `count` from dark to bright (on dark paper too): the middle of viridis (S. van
// der Walt, N. Smith, 2015), whose lightness grows evenly.
Ink ordered_ink(std::size_t place, std::size_t count);

enum class MarkerShape { circle, triangle, square, diamond, downward, plus, pentagon, cross };

inline constexpr std::size_t marker_shapes = 8;
MarkerShape marker_of(std::size_t style);

}  // namespace wattfor
