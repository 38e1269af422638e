// What a program that was compiled earlier has taken for granted. Which functions there are is
// src/c_api/exports.map's to say.
#include <gtest/gtest.h>

#include <cstddef>

#include "wattfor/wattfor.h"

namespace wattfor::abi_test {
namespace {

TEST(AbiTest, NumbersKeepTheirMeaning) {
  EXPECT_EQ(0, WATTFOR_OK);
  EXPECT_EQ(1, WATTFOR_USAGE);
  EXPECT_EQ(2, WATTFOR_INVALID_INPUT);
  EXPECT_EQ(3, WATTFOR_NOT_FOUND);
  EXPECT_EQ(4, WATTFOR_PERMISSION_DENIED);
  EXPECT_EQ(5, WATTFOR_UNSUPPORTED);
  EXPECT_EQ(6, WATTFOR_TIMED_OUT);
  EXPECT_EQ(7, WATTFOR_IO);
  EXPECT_EQ(8, WATTFOR_NO_MEMORY);
  EXPECT_EQ(9, WATTFOR_INTERNAL);
  EXPECT_EQ(0, WATTFOR_LOG_INFO);
  EXPECT_EQ(1, WATTFOR_LOG_WARNING);
  EXPECT_EQ(0, WATTFOR_MISSING);
  EXPECT_EQ(1, WATTFOR_MEASURED);
  EXPECT_EQ(2, WATTFOR_MODELLED);
  EXPECT_EQ(3, WATTFOR_SIMULATED);
  EXPECT_EQ(0, WATTFOR_DONE);
  EXPECT_EQ(1, WATTFOR_FAILED);
  EXPECT_EQ(2, WATTFOR_INTERRUPTED);
  EXPECT_EQ(-1, WATTFOR_NEXT);
}

TEST(AbiTest, StructuresGrowAtTheirEndAlone) {
  EXPECT_EQ(0U, offsetof(wattfor_meter_options, struct_size));
  EXPECT_EQ(8U, offsetof(wattfor_meter_options, simulate));
  EXPECT_EQ(16U, offsetof(wattfor_meter_options, interval_s));
  EXPECT_LE(24U, sizeof(wattfor_meter_options));
  EXPECT_EQ(0U, offsetof(wattfor_run_options, struct_size));
  EXPECT_EQ(8U, offsetof(wattfor_run_options, db));
  EXPECT_EQ(0U, offsetof(wattfor_interval, low));
  EXPECT_EQ(8U, offsetof(wattfor_interval, high));
  EXPECT_EQ(16U, sizeof(wattfor_interval));  // it is answered by value
}

}  // namespace
}  // namespace wattfor::abi_test
