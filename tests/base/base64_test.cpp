#include "base/base64.h"

#include <gtest/gtest.h>

#include <string_view>

namespace wattfor::base64_test {
namespace {

using namespace std::string_view_literals;

// RFC 4648, section 10.
TEST(Base64Test, WritesTheExamplesOfTheStandard) {
  EXPECT_EQ(base64_of(""), "");
  EXPECT_EQ(base64_of("f"), "Zg==");
  EXPECT_EQ(base64_of("fo"), "Zm8=");
  EXPECT_EQ(base64_of("foobar"), "Zm9vYmFy");
  EXPECT_EQ(base64_of("\xFF\xFE\0"sv), "//4A");
}

}  // namespace
}  // namespace wattfor::base64_test
