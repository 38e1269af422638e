#include "units/quantity.h"

#include <gtest/gtest.h>

#include <chrono>
#include <concepts>
#include <type_traits>

namespace wattfor::quantity_test {
namespace {

using std::chrono::milliseconds;

TEST(QuantityTest, PowerTimesTimeIsEnergyEitherWayRound) {
  EXPECT_EQ(Watts(50.0) * Seconds(3.0), Joules(150.0));
  EXPECT_EQ(Seconds(3.0) * Watts(50.0), Joules(150.0));
}

TEST(QuantityTest, EnergyOverTimeIsPowerAndOverPowerIsTime) {
  EXPECT_EQ(Joules(150.0) / Seconds(3.0), Watts(50.0));
  EXPECT_EQ(Joules(150.0) / Watts(50.0), Seconds(3.0));
}

TEST(QuantityTest, TakesAnyDurationOfTheClock) {
  EXPECT_EQ(Watts(4.0) * milliseconds(500), Joules(2.0));
}

TEST(QuantityTest, AddsAndScalesWithinItsUnit) {
  EXPECT_EQ(Joules(1.5) + Joules(2.0), Joules(3.5));
  EXPECT_EQ(Joules(1.5) - Joules(2.0), Joules(-0.5));
  EXPECT_EQ(-Joules(1.5), Joules(-1.5));
  EXPECT_EQ(2.0 * Watts(3.0), Watts(6.0));
  EXPECT_EQ(Watts(3.0) * 2.0, Watts(6.0));
  EXPECT_EQ(Watts(3.0) / 2.0, Watts(1.5));
  EXPECT_EQ(Joules(9.0) / Joules(3.0), 3.0);

  Joules sum;
  sum += Joules(5.0);
  sum -= Joules(2.0);
  EXPECT_EQ(sum, Joules(3.0));
}

TEST(QuantityTest, Compares) {
  EXPECT_LT(Watts(1.0), Watts(2.0));
  EXPECT_GE(Watts(2.0), Watts(2.0));
  EXPECT_NE(Joules(1.0), Joules(2.0));
}

TEST(QuantityTest, ScalesTheIntegersOfTheEdges) {
  EXPECT_DOUBLE_EQ(microjoules(2'500'000).value(), 2.5);
  EXPECT_DOUBLE_EQ(kilowatt_hours(2.5).value(), 9e6);
  EXPECT_DOUBLE_EQ(millijoules(2'500).value(), 2.5);
  EXPECT_DOUBLE_EQ(microwatts(65'000'000).value(), 65.0);
  EXPECT_DOUBLE_EQ(milliwatts(65'000).value(), 65.0);
}

template <class A, class B>
concept Comparable = requires(A a, B b) { a < b; };

// tests/compile_fail/ holds the same for the sum, with the compiler's reason.
static_assert(!Comparable<Watts, Joules>);
static_assert(!std::convertible_to<double, Joules>, "a number has no unit until somebody says so");
static_assert(!std::convertible_to<Joules, double>);
static_assert(!std::convertible_to<Watts, Joules>);
static_assert(sizeof(Joules) == sizeof(double) && std::is_trivially_copyable_v<Joules>);

}  // namespace
}  // namespace wattfor::quantity_test
