#include "base/text.h"

#include <gtest/gtest.h>

namespace wattfor::text_test {
namespace {

TEST(TextTest, TrimsWhiteSpaceOfAllKindsAtBothEndsAndNoneWithin) {
  EXPECT_EQ(trimmed(" \t\n\v\f\ra \n b\r\n"), "a \n b");
  EXPECT_EQ(trimmed("a"), "a");
}

TEST(TextTest, OfWhiteSpaceAloneNothingIsLeft) {
  EXPECT_EQ(trimmed(""), "");
  EXPECT_EQ(trimmed(" \r\n"), "");
}

TEST(TextTest, AHardSpaceIsALetter) { EXPECT_EQ(trimmed("\u00a0a "), "\u00a0a"); }

}  // namespace
}  // namespace wattfor::text_test
