#include "base/utf8.h"

#include <gtest/gtest.h>

#include <string>

namespace wattfor::utf8_test {
namespace {

TEST(Utf8Test, ReadsCodePointsOfAnyLength) {
  const auto value_of = [](std::string_view text) { return first_code_point(text)->value; };
  EXPECT_EQ(U'a', value_of("ab"));
  EXPECT_EQ(U'ö', value_of("öb"));
  EXPECT_EQ(U'…', value_of("…b"));
  EXPECT_EQ(U'🔋', value_of("🔋b"));
  EXPECT_EQ(4U, first_code_point("🔋b")->bytes);
  EXPECT_EQ(1U, first_code_point(std::string(1, '\0'))->bytes);
}

TEST(Utf8Test, RefusesWhatIsNotWellFormed) {
  EXPECT_FALSE(first_code_point(""));
  EXPECT_FALSE(first_code_point("\x80"));              // a byte that only follows
  EXPECT_FALSE(first_code_point("\xC3"));              // cut off
  EXPECT_FALSE(first_code_point("\xE2\x82x"));         // broken off
  EXPECT_FALSE(first_code_point("\xC0\xAF"));          // '/' in an overlong form
  EXPECT_FALSE(first_code_point("\xE0\x80\x80"));      // overlong, too
  EXPECT_FALSE(first_code_point("\xED\xA0\x80"));      // a surrogate
  EXPECT_FALSE(first_code_point("\xF4\x90\x80\x80"));  // above U+10FFFF
  EXPECT_FALSE(first_code_point("\xFF"));
}

TEST(Utf8Test, TellsTextFromOtherBytes) {
  EXPECT_TRUE(is_utf8(""));
  EXPECT_TRUE(is_utf8("Größe · µJ · 数 🔋"));
  EXPECT_FALSE(
      is_utf8("Gr\xF6\xDF"
              "e"));
  EXPECT_FALSE(is_utf8("cut \xE2\x80"));
}

}  // namespace
}  // namespace wattfor::utf8_test
