#include <gtest/gtest.h>

#include <chrono>
#include <cmath>

#include "handles.h"

namespace wattfor::window_handle_test {
namespace {

using std::chrono::milliseconds;

class WindowHandleTest : public testing::Test {
 protected:
  test::SimulatedBoard board_;
  test::Handle<wattfor_meter> meter_ = test::meter_of(board_);
};

TEST(WindowTest, NothingIsRefusedAndNeverCrashes) {
  wattfor_window* window = nullptr;
  wattfor_energy* energy = nullptr;
  EXPECT_EQ(WATTFOR_USAGE, wattfor_window_begin(nullptr, "window", &window));
  EXPECT_EQ(WATTFOR_USAGE, wattfor_window_begin(nullptr, nullptr, nullptr));
  EXPECT_EQ(WATTFOR_USAGE, wattfor_window_end(nullptr));
  EXPECT_EQ(WATTFOR_USAGE, wattfor_window_energy(nullptr, &energy));
  EXPECT_EQ(WATTFOR_USAGE, wattfor_window_energy(nullptr, nullptr));
  wattfor_window_free(nullptr);
  EXPECT_EQ(nullptr, window);
  EXPECT_EQ(nullptr, energy);
}

TEST_F(WindowHandleTest, ANameIsATextThatMayBeEmpty) {
  wattfor_window* window = nullptr;
  EXPECT_EQ(WATTFOR_USAGE, wattfor_window_begin(meter_.get(), nullptr, &window));
  EXPECT_EQ(nullptr, window);
  EXPECT_NE(nullptr, test::window_of(meter_.get(), ""));
}

TEST_F(WindowHandleTest, NestedAndOverlappingOnesHoldTheTruth) {
  const auto outer = test::window_of(meter_.get());
  test::work(milliseconds(40));
  const auto inner = test::window_of(meter_.get());
  const auto across = test::window_of(meter_.get());
  test::work(milliseconds(60));
  EXPECT_EQ(WATTFOR_OK, wattfor_window_end(inner.get()));
  EXPECT_EQ(WATTFOR_OK, wattfor_window_end(outer.get()));
  test::work(milliseconds(40));
  EXPECT_EQ(WATTFOR_OK, wattfor_window_end(across.get()));
  for (const auto* window : {&outer, &inner, &across}) {
    const auto energy = test::energy_of(window->get());
    EXPECT_EQ(1, wattfor_energy_is_final(energy.get()));
    test::expect_work(energy.get());
  }
}

TEST_F(WindowHandleTest, AnOpenOneAnswersSoFarAndASecondEndIsNothing) {
  const auto window = test::window_of(meter_.get());
  EXPECT_EQ(0, wattfor_energy_is_final(test::energy_of(window.get()).get()));
  EXPECT_EQ(WATTFOR_OK, wattfor_window_end(window.get()));
  const auto first = test::energy_of(window.get());
  EXPECT_EQ(WATTFOR_OK, wattfor_window_end(window.get()));
  const auto second = test::energy_of(window.get());
  EXPECT_EQ(wattfor_energy_joules(first.get()), wattfor_energy_joules(second.get()));
  EXPECT_EQ(wattfor_energy_duration_s(first.get()), wattfor_energy_duration_s(second.get()));
}

TEST_F(WindowHandleTest, ItGoesOnWhereTheMeterIsClosed) {
  const auto window = test::window_of(meter_.get());
  meter_.reset();
  test::work(milliseconds(60));
  EXPECT_EQ(WATTFOR_OK, wattfor_window_end(window.get()));
  test::expect_work(test::energy_of(window.get()).get());
}

}  // namespace
}  // namespace wattfor::window_handle_test
