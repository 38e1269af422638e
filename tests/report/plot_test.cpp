#include "report/plot.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "document/text_table.h"
#include "support/golden.h"

namespace wattfor::plot_test {
namespace {

const std::vector<PlotPoint> sample{{1e-6, 80.0, true},
                                    {1e-5, 90.0, true},
                                    {2e-5, 85.0, false},
                                    {1e-3, 99.0, true},
                                    {1e-3, 80.0, false}};

TEST(PlotTest, ShowsAccuracyAgainstTheLogarithmOfEnergy) {
  test::expect_golden("plot.txt", scatter_plot(sample, 60));
}

TEST(PlotTest, FitsTheTerminal) {
  for (const int width : {60, 80, 200}) {
    for (const std::string& line : test::lines_of(scatter_plot(sample, width))) {
      EXPECT_LE(display_width(line), width) << line;
    }
  }
  EXPECT_EQ("", scatter_plot(sample, 59));
}

TEST(PlotTest, OfEqualPointsIsNoDivisionByZero) {
  const std::vector<PlotPoint> equal{{1e-3, 50.0, true}, {1e-3, 50.0, true}};
  EXPECT_NE(std::string::npos, scatter_plot(equal, 80).find("●"));
}

TEST(PlotTest, LeavesOutWhatHasNoPlace) {
  const double not_a_number = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ("", scatter_plot(std::vector<PlotPoint>{{0.0, 50.0, true},
                                                    {1.0, not_a_number, true},
                                                    {INFINITY, 50.0, true},
                                                    {1.0, 50.0, true}},
                             80));
  EXPECT_EQ("", scatter_plot({}, 80));
}

}  // namespace
}  // namespace wattfor::plot_test
