#include "analysis/grid_intensity.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <string_view>

namespace wattfor::grid_intensity_test {
namespace {

bool is_code(std::string_view text, std::size_t letters) {
  return text.size() == letters &&
         std::ranges::all_of(text, [](char letter) { return letter >= 'A' && letter <= 'Z'; });
}

TEST(GridIntensityTest, HasPlausibleFiguresOfMostCountriesEachOnce) {
  std::set<std::string_view> alpha2;
  std::set<std::string_view> alpha3;
  std::set<std::string_view> names;
  for (const GridIntensity& grid : grid_intensities()) {
    EXPECT_TRUE(is_code(grid.alpha2, 2)) << grid.country;
    EXPECT_TRUE(is_code(grid.alpha3, 3)) << grid.country;
    EXPECT_TRUE(alpha2.insert(grid.alpha2).second) << grid.country;
    EXPECT_TRUE(alpha3.insert(grid.alpha3).second) << grid.country;
    EXPECT_TRUE(names.insert(grid.country).second) << grid.country;
    EXPECT_GT(grid.g_per_kwh, 10.0) << grid.country;  // hydropower alone has some 24
    EXPECT_LT(grid.g_per_kwh, 1500.0) << grid.country;
    EXPECT_GE(grid.year, 2021) << grid.country;
    EXPECT_LE(grid.year, 2023) << grid.country;
  }
  EXPECT_EQ(grid_intensities().size(), 211U);
}

// As in the source's file.
TEST(GridIntensityTest, IsTheSourcesFigureAndYear) {
  struct Known {
    std::string_view code;
    double g_per_kwh;
    int year;
  };
  for (const Known& known : {Known{"DEU", 380.95, 2023},
                             {"FRA", 56.039, 2023},
                             {"USA", 369.473, 2023},
                             {"CHN", 582.317, 2023},
                             {"IND", 713.441, 2023},
                             {"NOR", 30.08, 2023},
                             {"POL", 661.926, 2023},
                             {"GBR", 237.589, 2023},
                             {"CAN", 170.043, 2023},
                             {"ZAF", 707.686, 2023},
                             {"AFG", 132.53, 2022},
                             {"REU", 572.816, 2021}}) {
    const GridIntensity* grid = find_grid(known.code);
    ASSERT_NE(grid, nullptr) << known.code;
    EXPECT_DOUBLE_EQ(grid->g_per_kwh, known.g_per_kwh) << known.code;
    EXPECT_EQ(grid->year, known.year) << known.code;
  }
}

TEST(GridIntensityTest, IsFoundByCodeAndNameInAnyCase) {
  for (const char* words : {"DE", "de", "DEU", "deu", "Germany", "GERMANY"}) {
    ASSERT_NE(find_grid(words), nullptr) << words;
    EXPECT_EQ(find_grid(words)->alpha3, "DEU") << words;
  }
  EXPECT_EQ(find_grid("uk")->alpha2, "GB");
  EXPECT_EQ(find_grid("czech republic")->alpha3, "CZE");
  EXPECT_EQ(find_grid("Côte d'Ivoire")->alpha3, "CIV");
}

TEST(GridIntensityTest, HasNothingForWhatTheSourceLacks) {
  EXPECT_EQ(find_grid("CAF"), nullptr);  // its zero is no intensity
  EXPECT_EQ(find_grid(""), nullptr);
  EXPECT_EQ(find_grid("Germ"), nullptr);
}

TEST(GridIntensityTest, KnowsTheCountryBehindEveryOtherName) {
  for (const char* name : {"UK",
                           "Great Britain",
                           "United States of America",
                           "Czech Republic",
                           "Türkiye",
                           "Turkiye",
                           "Russian Federation",
                           "Republic of Korea",
                           "Viet Nam",
                           "Côte d'Ivoire",
                           "Ivory Coast",
                           "Réunion",
                           "Cabo Verde",
                           "Timor-Leste",
                           "Brunei Darussalam",
                           "Macau",
                           "Swaziland",
                           "The Netherlands",
                           "Holland",
                           "Burma"}) {
    EXPECT_NE(find_grid(name), nullptr) << name;
  }
}

}  // namespace
}  // namespace wattfor::grid_intensity_test
