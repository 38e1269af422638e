// The colours stay apart for the colour-blind: simulated as G. Machado, M. Oliveira and L.
// Fernandes did ("A Physiologically-based Model for Simulation of Color Vision Deficiency", 2009,
// severity 1).

#include "document/palette.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace wattfor::palette_test {
namespace {

using Triple = std::array<double, 3>;
using Matrix = std::array<Triple, 3>;

constexpr std::array<Matrix, 4> visions{{{{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}},
                                         {{{0.152286, 1.052583, -0.204868},
                                           {0.114503, 0.786281, 0.099216},
                                           {-0.003882, -0.048116, 1.051998}}},
                                         {{{0.367322, 0.860646, -0.227968},
                                           {0.280085, 0.672501, 0.047413},
                                           {-0.011820, 0.042940, 0.968881}}},
                                         {{{1.255528, -0.076749, -0.178779},
                                           {-0.078411, 0.930809, 0.147602},
                                           {0.004733, 0.691367, 0.303900}}}}};

Triple linear_rgb(std::uint32_t colour) {
  Triple result{};
  for (std::size_t i = 0; i < 3; ++i) {
    const double value = ((colour >> (16 - 8 * i)) & 0xFFU) / 255.0;
    result.at(i) = value <= 0.04045 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
  }
  return result;
}

Triple times(const Matrix& matrix, const Triple& vector) {
  Triple result{};
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t j = 0; j < 3; ++j) result.at(i) += matrix.at(i).at(j) * vector.at(j);
    result.at(i) = std::clamp(result.at(i), 0.0, 1.0);
  }
  return result;
}

double luminance(std::uint32_t colour) {
  const Triple rgb = linear_rgb(colour);
  return 0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2];
}

// As WCAG 2 has it.
double contrast(std::uint32_t a, std::uint32_t b) {
  const auto [dark, bright] = std::minmax({luminance(a), luminance(b)});
  return (bright + 0.05) / (dark + 0.05);
}

Triple lab(const Triple& rgb) {
  constexpr Matrix to_xyz{
      {{0.4124, 0.3576, 0.1805}, {0.2126, 0.7152, 0.0722}, {0.0193, 0.1192, 0.9505}}};
  constexpr Triple white{0.95047, 1.0, 1.08883};
  Triple f{};
  for (std::size_t i = 0; i < 3; ++i) {
    double xyz = 0.0;
    for (std::size_t j = 0; j < 3; ++j) xyz += to_xyz.at(i).at(j) * rgb.at(j);
    const double share = xyz / white.at(i);
    f.at(i) = share > 216.0 / 24389 ? std::cbrt(share) : (24389.0 / 27 * share + 16) / 116;
  }
  return {116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])};
}

double difference(std::uint32_t a, std::uint32_t b, const Matrix& vision) {
  const Triple first = lab(times(vision, linear_rgb(a)));
  const Triple second = lab(times(vision, linear_rgb(b)));
  return std::hypot(first[0] - second[0], first[1] - second[1], first[2] - second[2]);
}

TEST(PaletteTest, StaysApartWithEveryKindOfColourVision) {
  constexpr double plainly_apart = 15.0;  // CIE76; 2.3 are just seen
  for (const Matrix& vision : visions) {
    for (std::size_t i = 0; i < category_colours; ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        const Ink a = category_ink(i);
        const Ink b = category_ink(j);
        EXPECT_GE(difference(a.light, b.light, vision), plainly_apart) << i << " " << j;
        EXPECT_GE(difference(a.dark, b.dark, vision), plainly_apart) << i << " " << j;
      }
    }
  }
}

TEST(PaletteTest, WritesWordsWithTheContrastThatWcagAsksFor) {
  constexpr double of_text = 4.5;
  for (const Ink& words : {ink::text(), ink::quiet()}) {
    EXPECT_GE(contrast(words.light, ink::paper().light), of_text) << words.name;
    EXPECT_GE(contrast(words.dark, ink::paper().dark), of_text) << words.name;
  }
}

TEST(PaletteTest, ShowsTheFirstFourCategoriesWithTheContrastOfGraphics) {
  constexpr double of_graphics = 3.0;
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_GE(contrast(category_ink(i).light, ink::paper().light), of_graphics) << i;
    EXPECT_GE(contrast(category_ink(i).dark, ink::paper().dark), of_graphics) << i;
  }
}

TEST(PaletteTest, GivesNoTwoOfTheFirstSeriesTheSameColourAndMarker) {
  for (std::size_t i = 0; i < category_colours * marker_shapes; ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      EXPECT_FALSE(category_ink(i).name == category_ink(j).name && marker_of(i) == marker_of(j));
    }
  }
}

TEST(PaletteTest, OrdersFromDarkToBright) {
  constexpr std::size_t count = 12;
  for (std::size_t i = 1; i < count; ++i) {
    EXPECT_GT(luminance(ordered_ink(i, count).light), luminance(ordered_ink(i - 1, count).light));
    EXPECT_GT(luminance(ordered_ink(i, count).dark), luminance(ordered_ink(i - 1, count).dark));
  }
  EXPECT_EQ(ordered_ink(0, 1).light, ordered_ink(0, 2).light);
}

}  // namespace
}  // namespace wattfor::palette_test
