#include "base/secret.h"

#include <gtest/gtest.h>

namespace wattfor::secret_test {
namespace {

TEST(SecretTest, Is256BitsInHexAndNeverTheSame) {
  const std::string secret = random_secret();
  EXPECT_EQ(64U, secret.size());
  EXPECT_EQ(std::string::npos, secret.find_first_not_of("0123456789abcdef"));
  EXPECT_NE(secret, random_secret());
}

TEST(SecretTest, IsComparedWhole) {
  EXPECT_TRUE(is_same_secret("abc", "abc"));
  EXPECT_TRUE(is_same_secret("", ""));
  EXPECT_FALSE(is_same_secret("abc", "abd"));
  EXPECT_FALSE(is_same_secret("abc", "ab"));
  EXPECT_FALSE(is_same_secret("", "a"));
}

}  // namespace
}  // namespace wattfor::secret_test
