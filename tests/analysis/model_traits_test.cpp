#include "analysis/model_traits.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace wattfor::model_traits_test {
namespace {

TEST(ModelTraitsTest, TellsClassFamilyAndYearFromTheName) {
  const std::vector<ModelKey> models{
      {"resnet50.a1_in1k", 224}, {"resnet50.a1_in1k", 288}, {"vit_base_patch16_224.augreg", 224}};
  const TraitColumns traits = traits_of(models);
  EXPECT_EQ(number_of(ModelClass::cnn), traits.model_class[0]);
  EXPECT_EQ(number_of(ModelClass::transformer), traits.model_class[2]);
  EXPECT_EQ(traits.family[0], traits.family[1]);
  EXPECT_EQ("ResNet", model_families()[static_cast<std::size_t>(traits.family[1])].name);
  EXPECT_EQ(2015.0, traits.year[1]);
}

TEST(ModelTraitsTest, KnowsNothingOfAnUnknownNameWhateverStandsBeforeIt) {
  const std::vector<ModelKey> models{{"resnet50", 224}, {"", 0}, {"\x1b[31m@;--", 224}};
  const TraitColumns traits = traits_of(models);
  for (const std::size_t row : {1U, 2U}) {
    EXPECT_TRUE(std::isnan(traits.model_class[row]));
    EXPECT_TRUE(std::isnan(traits.family[row]));
    EXPECT_TRUE(std::isnan(traits.year[row]));
  }
  EXPECT_TRUE(traits_of(std::span<const ModelKey>()).year.empty());
}

}  // namespace
}  // namespace wattfor::model_traits_test
