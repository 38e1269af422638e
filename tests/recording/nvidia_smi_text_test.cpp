#include "recording/nvidia_smi_text.h"

#include <gtest/gtest.h>

#include <vector>

#include "recording/nvidia_smi_log.h"
#include "support/text.h"

namespace wattfor::nvidia_smi_text_test {
namespace {

constexpr Seconds begin{1767225600.0};  // 2026-01-01 00:00:00

TEST(NvidiaSmiTextTest, IsWhatNvidiaSmiWrites) {
  const std::vector<LogLine> lines{{begin, Watts(60.004)}, {begin + Seconds(0.0051), "[N/A]"}};
  EXPECT_EQ(
      "timestamp, name, power.draw.instant [W], enforced.power.limit [W]\n"
      "2026/01/01 00:00:00.000, a board, 60.00 W, 400.00 W\n"
      "2026/01/01 00:00:00.005, a board, [N/A], 400.00 W\n",
      nvidia_smi_text({.board = "a board", .limit = Watts(400.0)}, lines));
}

TEST(NvidiaSmiTextTest, IsReadBackWithItsGaps) {
  std::vector<LogLine> lines;
  for (int i = 0; i < 100; ++i) {
    LogLine line{begin + i * Seconds(0.02), Watts(100.0 + i)};
    if (i >= 40 && i < 50) line.said = "[GPU is lost]";
    lines.push_back(line);
  }
  const NvidiaSmiLog log =
      read_nvidia_smi_log(nvidia_smi_text({.column = "power.draw", .board = "b"}, lines), "log");
  EXPECT_EQ("power.draw", log.column);
  EXPECT_EQ("b", log.board);
  EXPECT_FALSE(log.limit);
  ASSERT_EQ(90u, log.polls.size());
  EXPECT_EQ(Watts(139.0), log.polls[39].power);
  EXPECT_NEAR(0.78, (log.polls[39].time - begin).count(), 1e-6);
  ASSERT_EQ(1u, log.gaps.size());
  EXPECT_TRUE(test::has_text(log.gaps[0].reason, "GPU is lost"));
}

TEST(NvidiaSmiTextTest, ABoardsNameNeverShiftsTheColumns) {
  const std::vector<LogLine> lines{{begin, Watts(60.0)}};
  const NvidiaSmiLog log =
      read_nvidia_smi_log(nvidia_smi_text({.board = "mine, the \"good\"\none"}, lines), "log");
  EXPECT_EQ("mine  the  good  one", log.board);
  EXPECT_EQ(Watts(60.0), log.polls.at(0).power);
}

TEST(NvidiaSmiTextTest, NoBoardSaysThatItDrawsLessThanNothing) {
  const std::vector<LogLine> lines{{begin, Watts(-0.4)}};
  EXPECT_EQ(Watts(0.0), read_nvidia_smi_log(nvidia_smi_text({}, lines), "log").polls.at(0).power);
}

}  // namespace
}  // namespace wattfor::nvidia_smi_text_test
