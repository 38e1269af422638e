#include "response/identify_attention.h"

#include <gtest/gtest.h>

#include "support/text.h"

namespace wattfor::identify_attention_test {
namespace {

AttentionResult test_of(double attention) {
  return {.means = {Watts(60), Watts(300), Watts(120), Watts(80)},
          .spread = Watts(240),
          .noise = Watts(1),
          .part_time = attention < 1.0,
          .attention = Uncertain<double>{attention, 0.01}};
}

TEST(IdentifyAttentionTest, WhatTheStepsDidNotTellIsTaken) {
  Identification found;
  take_attention(test_of(0.25), found);
  EXPECT_EQ(found.profile.attention->value, 0.25);
  ASSERT_TRUE(found.attention_test);
  ASSERT_EQ(found.notes.size(), 1U);
  EXPECT_TRUE(test::has_text(found.notes[0], "60 to 300 W"));
  EXPECT_TRUE(test::has_text(found.notes[0], "looks away for a part of the time"));
}

TEST(IdentifyAttentionTest, WhatTheStepsToldStaysWhereBothAgree) {
  Identification found;
  found.profile.attention = Uncertain<double>{0.24, 0.01};
  take_attention(test_of(0.25), found);
  EXPECT_EQ(found.profile.attention->value, 0.24);
  EXPECT_EQ(found.notes.size(), 1U);
}

TEST(IdentifyAttentionTest, AContradictionIsSaid) {
  Identification found;
  found.profile.attention = Uncertain<double>{1.0, 0.0};
  take_attention(test_of(0.25), found);
  EXPECT_EQ(found.profile.attention->value, 1.0);
  ASSERT_EQ(found.notes.size(), 2U);
  EXPECT_TRUE(test::has_text(found.notes[1], "100 ± 0 %"));
  EXPECT_TRUE(test::has_text(found.notes[1], "25 ± 1 %"));
}

}  // namespace
}  // namespace wattfor::identify_attention_test
