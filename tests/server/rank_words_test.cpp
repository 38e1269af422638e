#include "server/rank_words.h"

#include <gtest/gtest.h>

#include <string>

#include "base/error.h"
#include "support/refusal.h"

namespace wattfor::rank_words_test {
namespace {

TEST(RankWordsTest, AreThoseOfTheCommandLine) {
  const RankQuery query = rank_query({{"setup", "A100_PT"},
                                      {"test-set", "a"},
                                      {"test-set", "b"},
                                      {"score", "log-manhattan"},
                                      {"weight", "0.25"},
                                      {"min-accuracy", "80"},
                                      {"max-energy-j", "1e-1"},
                                      {"top", "3"}});
  EXPECT_EQ("A100_PT", query.where.setup);
  EXPECT_EQ((std::vector<std::string>{"a", "b"}), query.where.test_sets);
  EXPECT_EQ(Score::log_manhattan, query.score);
  EXPECT_EQ(0.25, query.weight);
  EXPECT_EQ(80.0, query.min_accuracy_percent);
  EXPECT_EQ(0.1, query.max_energy_j);
  EXPECT_EQ(3, query.top);
}

TEST(RankWordsTest, HaveTheCommandLinesDefaults) {
  const RankQuery query = rank_query({});
  EXPECT_EQ(std::nullopt, query.where.setup);
  EXPECT_EQ(Score::manhattan, query.score);
  EXPECT_EQ(0.5, query.weight);
  EXPECT_EQ(std::nullopt, query.top);
}

TEST(RankWordsTest, NameTheNearestWhereThereIsNoSuchWord) {
  test::expect_refusal(test::refusal_of([] { rank_query({{"testset", "a"}}); }), ErrorCode::usage,
                       "'test-set'");
  test::expect_refusal(test::refusal_of([] { rank_query({{"score", "manhatten"}}); }),
                       ErrorCode::usage, "'manhattan'");
}

TEST(RankWordsTest, RefuseWhatIsNoNumber) {
  for (const char* text : {"", "x", "1x", " 1", "1,5", "0x10", "--1"}) {
    EXPECT_THROW(rank_query({{"weight", text}}), Error) << text;
  }
  for (const char* text : {"1.5", "99999999999999999999", "1e3"}) {
    EXPECT_THROW(rank_query({{"top", text}}), Error) << text;
  }
}

TEST(RankWordsTest, AreThereOnce) {
  test::expect_refusal(test::refusal_of([] { rank_query({{"top", "1"}, {"top", "2"}}); }),
                       ErrorCode::usage, "top");
}

}  // namespace
}  // namespace wattfor::rank_words_test
