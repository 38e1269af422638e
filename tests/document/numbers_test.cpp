#include "document/numbers.h"

#include <gtest/gtest.h>

#include <limits>

namespace wattfor::numbers_test {
namespace {

TEST(SiNumberTest, HasThreeSignificantDigitsAndAPrefix) {
  EXPECT_EQ("3.21 mJ", si_number(0.00321, "J"));
  EXPECT_EQ("12.4 W", si_number(12.44, "W"));
  EXPECT_EQ("50.0 kJ", si_number(5.0e4, "J"));
  EXPECT_EQ("123 µJ", si_number(1.234e-4, "J"));
  EXPECT_EQ("1.00 J", si_number(1.0, "J"));
  EXPECT_EQ("-2.50 J", si_number(-2.5, "J"));
}

TEST(SiNumberTest, RoundsIntoTheNextPrefix) {
  EXPECT_EQ("1.00 J", si_number(0.9999, "J"));
  EXPECT_EQ("999 mJ", si_number(0.9994, "J"));
  EXPECT_EQ("10.0 W", si_number(9.996, "W"));
  EXPECT_EQ("100 W", si_number(99.96, "W"));
  EXPECT_EQ("1.00 kW", si_number(999.6, "W"));
}

TEST(SiNumberTest, ShowsZeroAndWhatIsNoNumber) {
  EXPECT_EQ("0 J", si_number(0.0, "J"));
  EXPECT_EQ("–", si_number(std::numeric_limits<double>::quiet_NaN(), "J"));
  EXPECT_EQ("–", si_number(std::numeric_limits<double>::infinity(), "J"));
}

TEST(SiNumberTest, StaysWithTheOutermostPrefixes) {
  EXPECT_EQ("0.0100 pJ", si_number(1e-14, "J"));
  EXPECT_EQ("12345 TJ", si_number(1.2345e16, "J"));
}

TEST(PlainNumberTest, SeparatesThousands) {
  EXPECT_EQ("0", plain_number(0.0));
  EXPECT_EQ("1.23", plain_number(1.2345));
  EXPECT_EQ("99.9", plain_number(99.94));
  EXPECT_EQ("100", plain_number(99.96));
  EXPECT_EQ("999", plain_number(999.4));
  EXPECT_EQ("1,000", plain_number(999.6));
  EXPECT_EQ("512,000", plain_number(512000.0));
  EXPECT_EQ("1,234,568", plain_number(1234567.8));
  EXPECT_EQ("-123", plain_number(-123.0));
  EXPECT_EQ("-1,234", plain_number(-1234.0));
}

TEST(DurationTextTest, UsesTheUnitsOfAClock) {
  EXPECT_EQ("0 s", duration_text(Seconds(0.0)));
  EXPECT_EQ("450 ms", duration_text(Seconds(0.45)));
  EXPECT_EQ("12.3 s", duration_text(Seconds(12.34)));
  EXPECT_EQ("1 min 0 s", duration_text(Seconds(59.99)));
  EXPECT_EQ("1 min 4 s", duration_text(Seconds(64.2)));
  EXPECT_EQ("2 h 3 min", duration_text(Seconds(2 * 3600 + 3 * 60 + 59)));
  EXPECT_EQ("3 d 4 h", duration_text(Seconds(3 * 86400 + 4 * 3600)));
}

TEST(RelativeIntervalTest, IsShortWhereItIsSymmetric) {
  EXPECT_EQ("±50 %", relative_interval(2.0, Interval{.low = 1.0, .high = 3.0}));
  EXPECT_EQ("±1.2 %", relative_interval(100.0, Interval{.low = 98.8, .high = 101.2}));
  EXPECT_EQ("±0 %", relative_interval(5.0, Interval{.low = 5.0, .high = 5.0}));
}

TEST(RelativeIntervalTest, NamesBothSidesWhereTheyDiffer) {
  EXPECT_EQ("−20 … +50 %", relative_interval(10.0, Interval{.low = 8.0, .high = 15.0}));
  EXPECT_EQ("+10 … +20 %", relative_interval(10.0, Interval{.low = 11.0, .high = 12.0}));
}

TEST(RelativeIntervalTest, IsCappedForANarrowColumn) {
  EXPECT_EQ(">±100 %", narrow_interval(2.0, Interval{.low = 0.0, .high = 9.0}));
  EXPECT_EQ("±100 %", narrow_interval(2.0, Interval{.low = 0.0, .high = 4.0}));
  EXPECT_EQ("±50 %", narrow_interval(2.0, Interval{.low = 1.0, .high = 3.0}));
  EXPECT_EQ("–", narrow_interval(2.0, std::nullopt));
}

TEST(RelativeIntervalTest, IsUnknownWithoutIntervalOrOfZero) {
  EXPECT_EQ("–", relative_interval(10.0, std::nullopt));
  EXPECT_EQ("–", relative_interval(0.0, Interval{.low = 0.0, .high = 1.0}));
}

}  // namespace
}  // namespace wattfor::numbers_test
