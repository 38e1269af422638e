#include <gtest/gtest.h>

#include <chrono>
#include <cmath>

#include "handles.h"

namespace wattfor::energy_handle_test {
namespace {

TEST(EnergyHandleTest, NothingIsNotANumberAndNeverZero) {
  EXPECT_TRUE(std::isnan(wattfor_energy_joules(nullptr)));
  EXPECT_TRUE(std::isnan(wattfor_energy_net_joules(nullptr)));
  EXPECT_TRUE(std::isnan(wattfor_energy_duration_s(nullptr)));
  for (const wattfor_interval interval :
       {wattfor_energy_interval(nullptr), wattfor_energy_comparison_interval(nullptr)}) {
    EXPECT_TRUE(std::isnan(interval.low));
    EXPECT_TRUE(std::isnan(interval.high));
  }
  EXPECT_EQ(WATTFOR_MISSING, wattfor_energy_basis(nullptr));
  EXPECT_STREQ("", wattfor_energy_name(nullptr));
  EXPECT_STREQ("", wattfor_energy_scope(nullptr));
  EXPECT_EQ(0, wattfor_energy_is_final(nullptr));
  EXPECT_EQ(0, wattfor_energy_is_in_total(nullptr));
  EXPECT_EQ(0U, wattfor_energy_component_count(nullptr));
  EXPECT_EQ(nullptr, wattfor_energy_component(nullptr, 0));
  char* json = nullptr;
  EXPECT_EQ(WATTFOR_USAGE, wattfor_energy_json(nullptr, &json));
  EXPECT_EQ(nullptr, json);
  wattfor_energy_free(nullptr);
}

TEST(EnergyHandleTest, EachBasisHasItsName) {
  EXPECT_STREQ("missing", wattfor_basis_name(WATTFOR_MISSING));
  EXPECT_STREQ("measured", wattfor_basis_name(WATTFOR_MEASURED));
  EXPECT_STREQ("modelled", wattfor_basis_name(WATTFOR_MODELLED));
  EXPECT_STREQ("simulated", wattfor_basis_name(WATTFOR_SIMULATED));
  EXPECT_STREQ("", wattfor_basis_name(4));
}

TEST(EnergyHandleTest, AComponentIsAnEnergyOfItsOwnAndTheJsonHasThemAll) {
  const test::SimulatedBoard board;
  const auto meter = test::meter_of(board);
  const auto window = test::window_of(meter.get(), "forward");
  test::work(std::chrono::milliseconds(60));
  wattfor_window_end(window.get());
  const auto energy = test::energy_of(window.get());
  EXPECT_STREQ("forward", wattfor_energy_name(energy.get()));
  ASSERT_EQ(1U, wattfor_energy_component_count(energy.get()));
  const wattfor_energy* component = wattfor_energy_component(energy.get(), 0);
  EXPECT_EQ(wattfor_energy_joules(energy.get()), wattfor_energy_joules(component));
  EXPECT_EQ(1, wattfor_energy_is_in_total(component));
  EXPECT_EQ(nullptr, wattfor_energy_component(energy.get(), 1));
  EXPECT_EQ(0U, wattfor_energy_component_count(component));

  const auto json = test::json_of<const wattfor_energy>(wattfor_energy_json, energy.get());
  EXPECT_EQ(wattfor_energy_joules(energy.get()), json["total"]["energy_j"]);
  EXPECT_EQ(wattfor_energy_scope(energy.get()), json["total"]["scope"]);
  EXPECT_EQ(json["components"][0], test::json_of(wattfor_energy_json, component));
  EXPECT_EQ(wattfor_energy_name(component), json["components"][0]["name"]);
}

}  // namespace
}  // namespace wattfor::energy_handle_test
