#include "report/metrics_text.h"

#include <gtest/gtest.h>

#include <limits>
#include <vector>

#include "support/text.h"

namespace wattfor::metrics_text_test {
namespace {

using test::has_text;

TEST(MetricsTextTest, TellsPowerAndEnergyOfEachComponent) {
  TopView view;
  view.components.resize(2);
  view.components[0].name = "gpu 0";
  view.components[0].figure.basis = Basis::measured;
  view.components[0].figure.power = Watts(312.5);
  view.components[0].figure.energy_basis = Basis::measured;
  view.components[0].figure.energy =
      EnergyFigure{.energy = Joules(93.0), .absolute = {}, .comparison = {}};
  view.components[1].name = "core";
  view.components[1].in_total = false;
  view.components[1].figure.power = Watts(std::numeric_limits<double>::quiet_NaN());
  const std::string text = metrics_text(view, {}, {});
  EXPECT_TRUE(has_text(text,
                       "# TYPE wattfor_power_watts gauge\n"
                       "wattfor_power_watts{component=\"gpu 0\",in_total=\"true\","
                       "basis=\"measured\"} 312.5\n"))
      << text;
  EXPECT_TRUE(has_text(text, "# TYPE wattfor_energy_joules_total counter\n")) << text;
  EXPECT_TRUE(has_text(text, "} 93\n")) << text;
  EXPECT_FALSE(has_text(text, "core")) << "what is not known has no line";
  EXPECT_TRUE(has_text(text, "wattfor_running_measurements 0\n")) << text;
}

TEST(MetricsTextTest, AMeasurementsNameCannotBreakOutOfItsLabel) {
  Measurement record;
  record.id = "id";
  record.name = "a\"} 1\nevil \\";
  record.energy.duration = Seconds(4.0);
  const std::string text = metrics_text(std::nullopt, std::vector{record}, {});
  EXPECT_TRUE(has_text(text, "name=\"a\\\"} 1\\nevil \\\\\"")) << text;
  EXPECT_TRUE(has_text(text, "wattfor_running_measurements 1\n")) << text;
  EXPECT_FALSE(has_text(text, "wattfor_power_watts")) << "nobody looks at the power";
  EXPECT_FALSE(has_text(text, "measurement_joules")) << "its energy is not known yet";
}

TEST(MetricsTextTest, CountsTheModelsOfEachSetup) {
  ModelTable models = table_of({{"a", 224}, {"b", 224}});
  SetupColumns& columns = models.setup_columns({.id = "s",
                                                .label = "",
                                                .device = "",
                                                .runtime = "",
                                                .runtime_version = "",
                                                .precision = "",
                                                .threads = 0});
  columns.energy_j.set(1, 0.5);
  EXPECT_TRUE(
      has_text(metrics_text(std::nullopt, {}, models), "wattfor_setup_models{setup=\"s\"} 1\n"));
}

}  // namespace
}  // namespace wattfor::metrics_text_test
