#include "report/sweep_summary.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "document/text_table.h"
#include "report/sample_cells.h"
#include "support/golden.h"

namespace wattfor::sweep_summary_test {
namespace {

using test::cell_of;
using test::failed_cell_of;

const std::vector<Measurement> sweep{
    cell_of("digits_mlp_s", 1, 40e-6), cell_of("digits_mlp_s", 256, 12.34e-6),
    cell_of("digits_vit_s", 32, 1.04e-3),
    failed_cell_of("digits_vit_s", 64, "out of memory: 8 GiB wanted"),
    failed_cell_of("broken\nname", 1, "digits.onnx: not an ONNX file")};

TEST(SweepSummaryTest, NamesTheBestBatchOfEachModelAndEachFailure) {
  test::expect_golden("sweep_summary.txt", sweep_summary(sweep, 100));
}

TEST(SweepSummaryTest, FitsTheTerminal) {
  for (const std::string& line : test::lines_of(sweep_summary(sweep, 80))) {
    EXPECT_LE(display_width(line), 80) << line;
  }
}

TEST(SweepSummaryTest, OfNothingIsEmpty) { EXPECT_EQ("", sweep_summary({}, 80)); }

}  // namespace
}  // namespace wattfor::sweep_summary_test
