#include "measurement/measurement.h"

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace wattfor::measurement_test {
namespace {

Cell digits_cell() {
  Cell cell;
  cell.setup.id = "epyc-9575f_onnxruntime_fp32_t2";
  cell.setup.precision = "fp32";
  cell.model.name = "digits_mlp_s";
  cell.model.sha256 = "ba7816bf";
  cell.batch_size = 32;
  cell.protocol = "study";
  cell.replicates = 3;
  cell.seed = 18'446'744'073'709'551'615U;
  return cell;
}

TEST(CellKeyTest, NamesTheWorkInOneLine) {
  EXPECT_EQ(
      digits_cell().key(),
      "digits_mlp_s|ba7816bf|epyc-9575f_onnxruntime_fp32_t2|32|study|fp32|3|18446744073709551615");
}

TEST(CellKeyTest, ChangesWithEachOfItsParts) {
  const std::vector<std::function<void(Cell&)>> changes{[](Cell& cell) { cell.model.name = "renamed"; },
                                                        [](Cell& cell) { cell.model.sha256 = "cdc76e5c"; },
                                                        [](Cell& cell) { cell.setup.id = "other"; },
                                                        [](Cell& cell) { cell.batch_size = 64; },
                                                        [](Cell& cell) { cell.protocol = "adaptive"; },
                                                        [](Cell& cell) { cell.setup.precision = "fp16"; },
                                                        [](Cell& cell) { cell.replicates = 4; },
                                                        [](Cell& cell) { cell.seed = 2; }};
  for (std::size_t i = 0; i < changes.size(); ++i) {
    Cell cell = digits_cell();
    changes[i](cell);
    EXPECT_NE(cell.key(), digits_cell().key()) << "change " << i;
  }
}

TEST(CellKeyTest, IsTheSameWhereTheFileWasOnlyMoved) {
  Cell cell = digits_cell();
  cell.model.file = "/elsewhere/digits_mlp_s.onnx";
  cell.setup.label = "another label";
  EXPECT_EQ(cell.key(), digits_cell().key());
}

std::string key_of(std::string_view sha256, std::string_view setup_id) {
  Cell cell = digits_cell();
  cell.model.sha256 = sha256;
  cell.setup.id = setup_id;
  return cell.key();
}

TEST(CellKeyTest, ASeparatorInANameDoesNotMoveTheParts) {
  EXPECT_NE(key_of("a|b", "c"), key_of("a", "b|c"));
  EXPECT_NE(key_of("a\\", "|b"), key_of("a\\|", "b"));
  EXPECT_NE(key_of("a\\|b", "c"), key_of("a\\", "b|c"));
}

TEST(NamesTest, OfOutcomesAreThoseOfTheRecords) {
  EXPECT_EQ(name_of(Outcome::done), "done");
  EXPECT_EQ(name_of(Outcome::skipped), "skipped");
  EXPECT_EQ(name_of(Outcome::failed), "failed");
  EXPECT_EQ(name_of(Outcome::interrupted), "interrupted");
}

}  // namespace
}  // namespace wattfor::measurement_test
