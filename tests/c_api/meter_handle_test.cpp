#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <string>

#include "handles.h"
#include "support/text.h"

namespace wattfor::meter_handle_test {
namespace {

// How opening ends with these options; it gives no meter then.
wattfor_status refusal_of(const wattfor_meter_options& options) {
  auto* meter = reinterpret_cast<wattfor_meter*>(1);
  const wattfor_status status = wattfor_meter_open(&options, &meter);
  EXPECT_EQ(nullptr, meter);
  return status;
}

TEST(MeterHandleTest, NothingIsRefusedAndNeverCrashes) {
  EXPECT_EQ(WATTFOR_USAGE, wattfor_meter_open(nullptr, nullptr));
  EXPECT_EQ(WATTFOR_USAGE, wattfor_meter_measure_idle(nullptr, 1.0));
  EXPECT_EQ(nullptr, wattfor_meter_warning(nullptr, 0));
  wattfor_meter_close(nullptr);
}

TEST(MeterHandleTest, ASimulatedDeviceThatIsNotThereIsNamed) {
  wattfor_meter_options options = WATTFOR_METER_OPTIONS_INIT;
  options.simulate = "/nowhere/board.json";
  EXPECT_EQ(WATTFOR_NOT_FOUND, refusal_of(options));
  EXPECT_TRUE(test::has_text(wattfor_error_message(), "/nowhere/board.json"));

  const test::SimulatedBoard board(R"("waveform": "triangular-ish")");
  const std::string file = board.file();
  options.simulate = file.c_str();
  EXPECT_EQ(WATTFOR_INVALID_INPUT, refusal_of(options));
  EXPECT_TRUE(test::has_text(wattfor_error_message(), "triangular-ish"));
}

TEST(MeterHandleTest, AnIntervalOutsideItsLimitsIsRefused) {
  wattfor_meter_options options = WATTFOR_METER_OPTIONS_INIT;
  for (const double interval_s : {-1.0, 1e-4, 61.0, std::nan("")}) {
    options.interval_s = interval_s;
    EXPECT_EQ(WATTFOR_INVALID_INPUT, refusal_of(options)) << interval_s;
    EXPECT_TRUE(test::has_text(wattfor_error_message(), "expected 0.001 to 60 s"));
  }
}

TEST(MeterHandleTest, OptionsWithoutTheirSizeAreRefused) {
  EXPECT_EQ(WATTFOR_USAGE, refusal_of(wattfor_meter_options{}));
  EXPECT_TRUE(test::has_text(wattfor_error_message(), "struct_size"));
}

// As a program hands it over that was compiled with a later version.
struct LaterOptions {
  wattfor_meter_options known;
  int later;
};

TEST(MeterHandleTest, ALaterOptionIsRefusedOnlyWhereItIsUsed) {
  const test::SimulatedBoard board;
  const std::string file = board.file();
  LaterOptions options{};
  options.known = {
      .struct_size = sizeof(LaterOptions), .simulate = file.c_str(), .interval_s = 0.0};
  const auto meter = test::given_by<wattfor_meter>(
      [&](wattfor_meter** opened) { return wattfor_meter_open(&options.known, opened); });
  EXPECT_NE(nullptr, meter);
  options.later = 1;
  EXPECT_EQ(WATTFOR_UNSUPPORTED, refusal_of(options.known));
  EXPECT_TRUE(test::has_text(wattfor_error_message(), "compiled with a later one"));
}

TEST(MeterHandleTest, PowerAtRestIsWhatNetEnergyIsWithout) {
  const test::SimulatedBoard board(test::SimulatedBoard::resting);
  const auto meter = test::meter_of(board);
  for (const double duration_s : {0.0, -1.0, 3601.0, std::nan("")}) {
    EXPECT_EQ(WATTFOR_INVALID_INPUT, wattfor_meter_measure_idle(meter.get(), duration_s));
  }
  ASSERT_EQ(WATTFOR_OK, wattfor_meter_measure_idle(meter.get(), 0.05));
  const auto window = test::window_of(meter.get());
  test::work(std::chrono::milliseconds(60));
  wattfor_window_end(window.get());
  const auto energy = test::energy_of(window.get());
  EXPECT_LT(wattfor_energy_net_joules(energy.get()), wattfor_energy_joules(energy.get()));
}

}  // namespace
}  // namespace wattfor::meter_handle_test
