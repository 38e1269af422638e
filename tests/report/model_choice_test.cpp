#include "report/model_choice.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/error.h"
#include "support/refusal.h"

namespace wattfor::model_choice_test {
namespace {

using test::has_text;

const ModelTable table = table_of(
    {{"digits", 0}, {"odd@name", 224}, {"resnet50.a", 224}, {"resnet50.a", 288}, {"vgg16.a", 224}});
const std::vector<bool> all(5, true);

std::string chosen(const std::string& words, const std::vector<bool>& eligible = all) {
  return words_of(table.models[required_model(table, words, eligible, "here")]);
}

Error refused(const std::string& words, const std::vector<bool>& eligible = all) {
  return test::refusal_of([&] { required_model(table, words, eligible, "here"); });
}

TEST(ModelChoiceTest, TakesANameThatHasOneSizeAndTheSizeBehindAnAt) {
  EXPECT_EQ("vgg16.a@224", chosen("vgg16.a"));
  EXPECT_EQ("digits", chosen("digits"));
  EXPECT_EQ("digits", chosen("digits@0"));
  EXPECT_EQ("resnet50.a@288", chosen("resnet50.a@288"));
}

TEST(ModelChoiceTest, ANameMayHaveAnAtOfItsOwn) {
  EXPECT_EQ("odd@name@224", chosen("odd@name"));
  EXPECT_EQ("odd@name@224", chosen("odd@name@224"));
}

TEST(ModelChoiceTest, OnlyEligibleRowsCount) {
  EXPECT_EQ("resnet50.a@288", chosen("resnet50.a", {true, true, false, true, true}));
  EXPECT_EQ(ErrorCode::not_found, refused("digits", {false, true, true, true, true}).code());
  EXPECT_EQ(ErrorCode::not_found, refused("digits", std::vector<bool>(5, false)).code());
}

TEST(ModelChoiceTest, ListsTheSizesOfANameThatHasSeveral) {
  const Error error = refused("resnet50.a");
  EXPECT_EQ(ErrorCode::usage, error.code());
  EXPECT_TRUE(has_text(error.what(), "resnet50.a@224"));
  EXPECT_TRUE(has_text(error.what(), "resnet50.a@288"));
  EXPECT_TRUE(has_text(refused("resnet50.a@225").what(), "resnet50.a@288"));
}

TEST(ModelChoiceTest, NamesWhatIsNearOrOfThatArchitecture) {
  EXPECT_TRUE(has_text(refused("vgg19.a").what(), "did you mean 'vgg16.a'"));
  EXPECT_TRUE(
      has_text(refused("resnet50").what(), "of that architecture there are:\n  resnet50.a"));
  for (const std::string hostile : {"", "@", "@224", "vgg16.a@", "vgg16.a@-1", "vgg16.a@9999999999",
                                    "vgg16.a@224x", "\x1b[31m"}) {
    EXPECT_EQ(ErrorCode::not_found, refused(hostile).code()) << hostile;
  }
}

}  // namespace
}  // namespace wattfor::model_choice_test
