#include "recording/reference_power.h"

#include <gtest/gtest.h>

#include <string>

#include "base/error.h"
#include "support/refusal.h"

namespace wattfor::reference_power_test {
namespace {

ReferencePower read(const std::string& text) { return read_reference_power(text, "meter.csv"); }

void expect_refused(const std::string& text, std::string_view words) {
  test::expect_refusal(test::refusal_of([&] { read(text); }), ErrorCode::invalid_input, words);
}

TEST(ReferencePowerTest, IntegratesByTrapezoids) {
  const auto reference =
      read("time_us,power_w\n1689325834000000,100\n1689325835000000,200\n1689325837000000,200\n");
  const Seconds begin = reference.begin();
  EXPECT_NEAR(550.0, reference.energy(begin, reference.end()).value(), 1e-6);
  EXPECT_NEAR(62.5, reference.energy(begin, begin + Seconds(0.5)).value(), 1e-4);
  EXPECT_NEAR(550.0, reference.energy(begin - Seconds(9), begin + Seconds(9)).value(), 1e-6);
}

TEST(ReferencePowerTest, NamesTheLineAndTheFault) {
  const std::string good = "time_us,power_w\n1689325834000000,100\n";
  expect_refused(good + "1689325834000000,1\n", "meter.csv:3: the time is not later");
  expect_refused(good + "1689325835000000,inf\n", "meter.csv:3: 'inf'");
  expect_refused(good, "at least two readings");
  expect_refused("time_s,power_w\n", "no column `time_us`");
}

}  // namespace
}  // namespace wattfor::reference_power_test
