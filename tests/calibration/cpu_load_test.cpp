#include "calibration/cpu_load.h"

#include <gtest/gtest.h>

#include "support/refusal.h"

namespace wattfor::cpu_load_test {
namespace {

TEST(CpuLoadTest, RunsOnTheProcessorsItIsGivenAndEndsWhateverItDoes) {
  const auto load = cpu_load({allowed_processors().front()});
  EXPECT_EQ(load->description(), "1 processor computing");
  for (int i = 0; i < 20; ++i) {
    load->switch_on();
    load->switch_off();
  }
  load->switch_on();  // and goes while it is on
}

TEST(CpuLoadTest, AProcessorThatThisProcessMayNotUseIsRefused) {
  test::expect_refusal(test::refusal_of([] { cpu_load({}); }), ErrorCode::usage, "no processor");
  test::expect_refusal(test::refusal_of([] { cpu_load({100'000}); }), ErrorCode::usage,
                       "processor 100000: this process may run on ");
}

}  // namespace
}  // namespace wattfor::cpu_load_test
