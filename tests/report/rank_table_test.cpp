#include "report/rank_table.h"

#include <gtest/gtest.h>

#include <string>

#include "document/text_table.h"
#include "report/sample_cells.h"
#include "report/sample_table.h"
#include "support/golden.h"

namespace wattfor::rank_table_test {
namespace {

using test::accuracy_of;
using test::cell_of;
using test::expect_golden;
using test::sample_table;

RankView sample_view(Basis basis) {
  std::vector<Measurement> cells{
      cell_of("digits_mlp_s", 256, 12.34e-6), cell_of("digits_mlp_l", 128, 55.5e-6),
      cell_of("digits_vit_s", 32, 1.04e-3),   cell_of("digits_vit_s_p1", 16, 9.99e-3),
      cell_of("digits_resnet_l", 64, 2.5e-3), cell_of("unknown_net", 1, 0.2)};
  for (Measurement& cell : cells) cell.energy.total.basis = basis;
  cells.push_back(test::failed_cell_of("huge_net", 1, "out of memory: 8 GiB wanted"));
  return rank(sample_table(cells, std::vector{accuracy_of("digits_mlp_s", 89.83),
                                              accuracy_of("digits_mlp_l", 97.0),
                                              accuracy_of("digits_vit_s", 96.5),
                                              accuracy_of("digits_vit_s_p1", 98.17),
                                              accuracy_of("digits_resnet_l", 98.83)}),
              {});
}

TEST(RankTableTest, ShowsMeasuredModels) {
  expect_golden("rank_measured_100.txt", rank_table(sample_view(Basis::measured), 100));
}

TEST(RankTableTest, SaysFirstThatModelledEnergyIsNoMeasurement) {
  expect_golden("rank_modelled_80.txt", rank_table(sample_view(Basis::modelled), 80));
}

TEST(RankTableTest, SaysFirstThatSomeModelsWereMeasuredElsewhere) {
  const std::vector cells{cell_of("ours", 8, 1e-3), cell_of("theirs", 8, 2e-3)};
  const std::vector accuracies{accuracy_of("ours", 80.0), accuracy_of("theirs", 90.0)};
  const std::string table =
      rank_table(rank(sample_table(cells, accuracies, {cells[1].id}), {}), 80);
  EXPECT_EQ("1 of 2 models were imported from elsewhere", test::lines_of(table).front());
}

TEST(RankTableTest, JsonIsAsTheTable) {
  expect_golden("rank.json", to_json(sample_view(Basis::measured)).dump(2) + "\n");
}

TEST(RankTableTest, FitsTheTerminalAndKeepsLongNamesApart) {
  std::vector<Measurement> cells;
  std::vector<Accuracy> accuracies;
  for (const char size : {'b', 'l', 'h'}) {
    const std::string name =
        std::string("vit_") + size + "_patch14_clip_quickgelu_336.openai_ft_in12k_in1k";
    cells.push_back(cell_of(name, 8, 1e-3));
    accuracies.push_back(accuracy_of(name, 80.0));
  }
  for (const int width : {60, 80, 100, 140}) {
    for (const std::string& line :
         test::lines_of(rank_table(rank(sample_table(cells, accuracies), {}), width))) {
      EXPECT_LE(display_width(line), width) << line;
    }
  }
  const std::string narrow = rank_table(rank(sample_table(cells, accuracies), {}), 60);
  for (const std::string start : {"vit_b", "vit_l", "vit_h"}) {
    EXPECT_NE(std::string::npos, narrow.find(start));
  }
}

TEST(RankTableTest, ShowsInputSizesWhereAModelHasSeveral) {
  std::vector<Measurement> cells{cell_of("a", 8, 1e-3), cell_of("a", 8, 2e-3)};
  cells[1].cell->model.input_size = 16;
  std::vector<Accuracy> accuracies{accuracy_of("a", 80.0), accuracy_of("a", 85.0)};
  accuracies[1].input_size = 16;
  EXPECT_NE(std::string::npos,
            rank_table(rank(sample_table(cells, accuracies), {}), 80).find("input"));
}

TEST(RankTableTest, CountsTheModelledAmongMeasuredOnes) {
  std::vector<Measurement> cells{cell_of("a", 8, 1e-3), cell_of("b", 8, 2e-3)};
  cells[1].energy.total.basis = Basis::modelled;
  const std::string text = rank_table(
      rank(sample_table(cells, std::vector{accuracy_of("a", 80.0), accuracy_of("b", 85.0)}), {}),
      80);
  EXPECT_EQ(0U, text.find("modelled energy in 1 of 2 models"));
  EXPECT_NE(std::string::npos, text.find("basis"));
}

TEST(RankTableTest, KeepsAStrangeNameOnItsLine) {
  const std::vector<Measurement> cells{cell_of("new\nline", 8, 1e-3)};
  const std::string text =
      rank_table(rank(sample_table(cells, std::vector{accuracy_of("new\nline", 80.0)}), {}), 80);
  EXPECT_NE(std::string::npos, text.find("new?line"));
}

}  // namespace
}  // namespace wattfor::rank_table_test
