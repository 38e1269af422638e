#include "report/nearest_word.h"

#include <gtest/gtest.h>

#include <vector>

namespace wattfor::nearest_word_test {
namespace {

TEST(NearestWordTest, TakesTheFewestEdits) {
  const std::vector<std::string> words{"a100_pt", "a100_trt", "h100_trt"};
  EXPECT_EQ("a100_pt", nearest_word("a100_p", words));
  EXPECT_EQ("h100_trt", nearest_word("h10_trt", words));
  EXPECT_EQ("a100_trt", nearest_word("a100_trt", words));
}

TEST(NearestWordTest, TakesTheFirstOfSeveral) {
  const std::vector<std::string> words{"ab", "cd"};
  EXPECT_EQ("ab", nearest_word("", words));
}

}  // namespace
}  // namespace wattfor::nearest_word_test
