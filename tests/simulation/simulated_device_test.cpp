#include "simulation/simulated_device.h"

#include <gtest/gtest.h>

#include "meter/meter.h"
#include "simulation/simulation_spec.h"
#include "support/refusal.h"

namespace wattfor::simulated_device_test {
namespace {

constexpr Seconds poll{0.005};

// A meter over a simulated device, by a clock held by hand.
class SimulatedRig {
 public:
  explicit SimulatedRig(const std::string& spec) {
    Simulation simulation = simulate(simulation_from_json(spec, "spec.json"), clock_);
    load_ = simulation.load;
    std::vector<std::unique_ptr<Device>> devices;
    devices.push_back(std::move(simulation.device));
    meter_ = std::make_unique<Meter>(std::move(devices), *clock_, MeterOptions{.interval = poll});
  }

  Meter& meter() { return *meter_; }
  SimulatedLoad& load() { return *load_; }
  Instant now() const { return clock_->now(); }
  void pass(Seconds duration) {
    for (const Instant end = now() + ticks(duration); now() < end;) {
      clock_->advance(ticks(poll));
      meter_->sample();
    }
  }

 private:
  std::shared_ptr<ManualClock> clock_ = std::make_shared<ManualClock>();
  std::shared_ptr<SimulatedLoad> load_;
  std::unique_ptr<Meter> meter_;
};

TEST(SimulatedDeviceTest, StandsBehindTheMeterAndSaysThatItIsSimulated) {
  SimulatedRig rig(R"({"load": {"waveform": "square", "high_w": 400, "low_w": 100},
                       "sensors": [{"id": "energy", "kind": "counter", "update_period_s": 0.02}]})");
  rig.pass(Seconds(2.0));
  const Instant from = rig.now();
  const WindowId window = rig.meter().begin();
  rig.load().begin_work(from);
  rig.pass(Seconds(3.0));
  rig.load().end_work(rig.now());
  const Instant to = rig.now();
  rig.meter().end(window);
  rig.pass(Seconds(1.0));
  const EnergyReport report = rig.meter().wait(window);
  const Joules truth = rig.load().energy(from, to);
  EXPECT_NEAR(truth.value(), 750.0, 1e-6);
  ASSERT_TRUE(report.total.gross.has_value());
  EXPECT_EQ(report.total.basis, Basis::simulated);
  const Interval comparison = report.total.gross->comparison.value();
  EXPECT_LE(comparison.low, truth.value());
  EXPECT_GE(comparison.high, truth.value());
}

TEST(SimulatedDeviceTest, IdlesUntilItsWorkBeginsAndAfterItEnds) {
  SimulatedRig rig(R"({"load": {"idle_w": 50, "high_w": 200}, "sensors": [{}]})");
  const Instant start = rig.now();
  rig.pass(Seconds(1.0));
  rig.load().begin_work(rig.now());
  rig.pass(Seconds(100.0));
  rig.load().end_work(rig.now());
  rig.pass(Seconds(1.0));
  EXPECT_NEAR(rig.load().energy(start, rig.now()).value(), 50.0 + 20000.0 + 50.0, 1e-3);
}

TEST(SimulatedDeviceTest, AFailedReadIsAGapAndNoFigure) {
  SimulatedRig rig(R"({"load": {"high_w": 200},
                       "sensors": [{"id": "power", "window_s": 0.1,
                                    "faults": [{"fault": "try_again", "from_s": 2,
                                                "duration_s": 2}]}]})");
  rig.pass(Seconds(1.0));
  const WindowId window = rig.meter().begin();
  rig.pass(Seconds(5.0));
  rig.meter().end(window);
  rig.pass(Seconds(1.0));
  const EnergyReport report = rig.meter().wait(window);
  ASSERT_EQ(report.components.size(), 1U);
  ASSERT_EQ(report.components[0].gaps.size(), 1U);
  EXPECT_NEAR(report.components[0].gaps[0].duration.count(), 2.0, 0.1);
}

TEST(SimulatedDeviceTest, TheSameSeedReadsTheSameHoweverOftenItIsAsked) {
  const std::string spec =
      R"({"seed": 5, "load": {"waveform": "decoding", "noise_w": 10},
          "sensors": [{"noise_w": 2, "jitter_s": 0.002}]})";
  const auto read_at_the_end = [&](int polls) {
    const auto clock = std::make_shared<ManualClock>();
    const Simulation simulation = simulate(simulation_from_json(spec, "spec.json"), clock);
    Reading reading;
    simulation.load->begin_work(clock->now());
    for (int i = 0; i < polls; ++i) {
      clock->advance(std::chrono::milliseconds(12000 / polls));
      reading = simulation.device->sensors()[0]->read();
    }
    return std::get<Watts>(reading);
  };
  EXPECT_NEAR(read_at_the_end(1200).value(), read_at_the_end(12).value(), 1e-9);
}

TEST(SimulationSpecTest, AKeyThatIsNoneIsRefusedWithThoseThereAre) {
  const auto refuses = [](const std::string& text, std::string_view words) {
    test::expect_refusal(test::refusal_of([&] { simulation_from_json(text, "spec.json"); }),
                         ErrorCode::invalid_input, words);
  };
  refuses("{", "spec.json: expected JSON");
  refuses("[1]", "expected an object");
  refuses("{}", "sensors: expected a list of at least one sensor");
  refuses(R"({"sensors": [{"windows_s": 1}]})", "sensors[0].windows_s: no such key; there are: id");
  refuses(R"({"sensors": [{"kind": "box"}]})",
          "one of counter, instantaneous, boxcar, exponential");
  refuses(R"({"load": {"waveform": 3}, "sensors": [{}]})", "load.waveform: expected a text");
  refuses(R"({"sensors": [{"update_period_s": 0}]})", "a number from 1e-06");
  refuses(R"({"sensors": [{"faults": [{"fault": "bad"}]}]})", "sensors[0].faults[0].fault");
  refuses(R"({"sensors": [{}, {}]})", "one that no other sensor has, not 'power'");
}

}  // namespace
}  // namespace wattfor::simulated_device_test
