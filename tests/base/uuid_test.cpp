#include "base/uuid.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace wattfor::uuid_test {
namespace {

TEST(UuidTest, IsOfVersionFourAndItsVariant) {
  for (int i = 0; i < 100; ++i) {
    std::string uuid = random_uuid();
    ASSERT_EQ(uuid.size(), 36U);
    EXPECT_EQ(uuid[14], '4') << uuid;
    EXPECT_NE(std::string("89ab").find(uuid[19]), std::string::npos) << uuid;
    for (char& c : uuid) {
      if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f')) c = 'x';
    }
    EXPECT_EQ(uuid, "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx");
  }
}

TEST(UuidTest, DoesNotRepeatItself) {
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) seen.insert(random_uuid());
  EXPECT_EQ(seen.size(), 1000U);
}

}  // namespace
}  // namespace wattfor::uuid_test
