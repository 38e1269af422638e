#include "sensor/redfish_meter.h"

#include <gtest/gtest.h>

#include "support/text.h"

namespace wattfor::redfish_meter_test {
namespace {

using test::has_text;

TEST(RedfishMeterTest, APasswordIsNotSentOverHttpUnasked) {
  const ProbeResult found =
      find_redfish_meter("http://127.0.0.1:1", {.user = "reader", .password = "hush"});
  ASSERT_EQ(found.obstacles.size(), 1U);
  const Obstacle& obstacle = found.obstacles.front();
  EXPECT_TRUE(has_text(obstacle.reason, "over http the password"));
  EXPECT_TRUE(has_text(obstacle.remedy, "WATTFOR_REDFISH_INSECURE=1"));
  EXPECT_FALSE(has_text(obstacle.reason + obstacle.remedy, "hush"));
  EXPECT_FALSE(has_text(obstacle.reason + obstacle.remedy, "reader"));
}

}  // namespace
}  // namespace wattfor::redfish_meter_test
