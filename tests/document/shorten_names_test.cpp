#include "document/shorten_names.h"

#include <gtest/gtest.h>

#include <random>
#include <set>

#include "document/text_table.h"

namespace wattfor::shorten_names_test {
namespace {

using Names = std::vector<std::string>;

TEST(ShortenNamesTest, LeavesWhatFits) {
  const Names names{"resnet50", "vit"};
  EXPECT_EQ(names, shorten_names(names, 8));
}

TEST(ShortenNamesTest, CutsInTheMiddle) {
  EXPECT_EQ((Names{"beit_…h_384", "vit"}), shorten_names({"beit_base_patch_384", "vit"}, 11));
}

TEST(ShortenNamesTest, CountsLettersAndNotBytes) {
  EXPECT_EQ(Names{"grö…ßen"}, shorten_names({"größen-und-größen"}, 7));
}

TEST(ShortenNamesTest, ShowsWhereSimilarNamesDiffer) {
  const Names shortened = shorten_names({"model_aaaa_X_bbbb_224", "model_aaaa_Y_bbbb_224"}, 12);
  EXPECT_NE(shortened[0], shortened[1]);
  for (const std::string& name : shortened) EXPECT_LE(display_width(name), 20);
}

TEST(ShortenNamesTest, GivesEqualNamesTheSameForm) {
  const Names shortened = shorten_names({"a_long_model_name", "a_long_model_name"}, 9);
  EXPECT_EQ(shortened[0], shortened[1]);
  EXPECT_EQ(9, display_width(shortened[0]));
}

TEST(ShortenNamesTest, TellsVeryLongNamesApart) {
  const std::string half(100'000, 'x');
  const Names two = shorten_names({half + "a" + half, half + "ä" + half}, 30);
  EXPECT_NE(two[0], two[1]);
  EXPECT_LE(display_width(two[0]), 40);

  // More than there are cuts of the width asked for.
  Names names;
  for (char letter = 'a'; letter <= 'z'; ++letter) names.push_back(half + letter + half);
  const Names shortened = shorten_names(names, 9);
  EXPECT_EQ(names.size(), std::set<std::string>(shortened.begin(), shortened.end()).size());
}

TEST(ShortenNamesTest, NeverMakesTwoLookAlikeNorOneLikeAnothersFullName) {
  std::mt19937 random(3);
  const Names parts{"a", "bb", "_", "…", "net", "ö"};
  for (int round = 0; round < 200; ++round) {
    Names names;
    for (int i = 0; i < 12; ++i) {
      std::string name;
      for (int j = 0; j < 8; ++j) {
        name += parts[std::uniform_int_distribution<std::size_t>(0, parts.size() - 1)(random)];
      }
      names.push_back(name);
    }
    const std::set<std::string> different(names.begin(), names.end());
    for (const int width : {1, 5, 6, 9}) {
      const Names shortened = shorten_names(names, width);
      const std::set<std::string> forms(shortened.begin(), shortened.end());
      ASSERT_EQ(different.size(), forms.size());
      for (std::size_t i = 0; i < names.size(); ++i) {
        ASSERT_TRUE(shortened[i] == names[i] || !different.contains(shortened[i]));
      }
    }
  }
}

}  // namespace
}  // namespace wattfor::shorten_names_test
