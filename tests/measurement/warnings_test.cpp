#include "measurement/warnings.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace wattfor {
namespace {

TEST(WarningsTest, TellOfThrottlingFallenClocksHeatAndFaults) {
  EnergyReport report;
  report.conditions = {{.device = "gpu 0",
                        .utilisation_percent = 99.0,
                        .memory_bytes = {},
                        .temperature_c = 91.0,
                        .clock_mhz = 1400.0,
                        .clock_minimum_mhz = 900.0,
                        .throttle_reasons = {"SW power cap"}}};
  ComponentEnergy gpu;
  gpu.faults = {"900 W is above its limit"};
  gpu.name = "gpu 0";
  report.components = {gpu};
  EXPECT_EQ(warnings_of(report),
            (std::vector<std::string>{"gpu 0: throttled (SW power cap)",
                                      "gpu 0: its clock fell to 900 MHz, 1400 MHz on average",
                                      "gpu 0: 91 °C, above the usual 85 °C",
                                      "gpu 0: 900 W is above its limit"}));
}

TEST(WarningsTest, TellHowMuchWasNotSeen) {
  EnergyReport report;
  report.duration = Seconds(4.0);
  ComponentEnergy package;
  package.name = "cpu package 0";
  package.gaps = {{Seconds(0.5), Seconds(0.25), "a failed read"}};
  report.components = {package};
  EXPECT_EQ(warnings_of(report),
            (std::vector<std::string>{"cpu package 0: 0.25 s of 4 s were not seen by its "
                                      "sensor (a failed read)"}));
}

}  // namespace
}  // namespace wattfor
