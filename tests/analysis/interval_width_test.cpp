#include "analysis/interval_width.h"

#include <gtest/gtest.h>

#include <vector>

namespace wattfor::interval_width_test {
namespace {

std::vector<ClaimedError> errors_up_to(int count, std::optional<ModelClass> model_class,
                                       double scale = 1.0) {
  std::vector<ClaimedError> errors;
  for (int i = 1; i <= count; ++i) errors.push_back({model_class, scale * i});
  return errors;
}

TEST(IntervalWidthTest, HoldsNineOfTenAndOneMore) {
  // ⌈0.9·100⌉ = 90 of 1 … 99.
  EXPECT_EQ(90.0, IntervalWidth(errors_up_to(99, std::nullopt)).deviations(std::nullopt));
  EXPECT_EQ(9.0, IntervalWidth(errors_up_to(9, std::nullopt)).deviations(std::nullopt));
}

TEST(IntervalWidthTest, OfFewerThanNineIsTheGreatestAndTheNormalDistributionsAtLeast) {
  EXPECT_EQ(8.0, IntervalWidth(errors_up_to(8, std::nullopt)).deviations(std::nullopt));
  EXPECT_NEAR(1.645, IntervalWidth({}).deviations(std::nullopt), 1e-3);
}

TEST(IntervalWidthTest, IsAClasssOwnWhereFiftyAreKnown) {
  auto errors = errors_up_to(50, ModelClass::transformer);        // 46 of its own
  const auto others = errors_up_to(49, ModelClass::cnn, 1000.0);  // one too few
  errors.insert(errors.end(), others.begin(), others.end());
  const IntervalWidth width(errors);
  EXPECT_EQ(46.0, width.deviations(ModelClass::transformer));
  // ⌈0.9·100⌉ = 90 of all 99: the 40th of the others.
  EXPECT_EQ(40000.0, width.deviations(ModelClass::cnn));
  EXPECT_EQ(40000.0, width.deviations(ModelClass::mlp));
  EXPECT_EQ(40000.0, width.deviations(std::nullopt));
}

}  // namespace
}  // namespace wattfor::interval_width_test
