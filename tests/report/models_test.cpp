#include "report/models.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "report/sample_cells.h"
#include "report/sample_table.h"

namespace wattfor::models_test {
namespace {

PublishedFigure published_like(const Measurement& cell, const std::string& model, double energy_j) {
  PublishedFigure figure;
  figure.setup = cell.cell->setup;
  figure.model = model;
  figure.input_size = 8;
  figure.energy_per_image.energy = Joules(energy_j);
  return figure;
}

TEST(ModelsTest, WhatWasMeasuredHereTakesThePlaceOfWhatOthersPublished) {
  const std::vector<Measurement> cells{test::cell_of("a", 8, 2.0)};
  const std::vector<PublishedFigure> published{published_like(cells[0], "a", 1.0),
                                               published_like(cells[0], "b", 1.0)};
  const ModelTable table = test::sample_table(cells, {}, {}, published);
  ASSERT_EQ(table.setups.size(), 1U);
  EXPECT_EQ(table.setups[0].energy_j[0], 2.0);
  EXPECT_NE(table.setups[0].energy_j[1], table.setups[0].energy_j[1]);
}

TEST(ModelsTest, ACellThatFailedHidesNothingThatOthersPublished) {
  const std::vector<Measurement> cells{test::failed_cell_of("a", 8, "out of memory")};
  const std::vector<PublishedFigure> published{published_like(cells[0], "b", 1.0)};
  const ModelTable table = test::sample_table(cells, {}, {}, published);
  EXPECT_EQ(table.setups[0].energy_j[1], 1.0);
}

TEST(ModelsTest, ARecordOfAModelThatTheTableHasNotYetIsPassedOver) {
  ModelTable table = table_of({{"a", 8}});
  add_measured(table,
               std::vector<Measurement>{test::cell_of("a", 8, 2.0), test::cell_of("b", 8, 3.0)});
  EXPECT_EQ(table.setups[0].energy_j[0], 2.0);
}

}  // namespace
}  // namespace wattfor::models_test
