#include "sensor/external_meter.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace wattfor {
namespace {

// Hands out a meter's last reply until it may be asked again, counted from the last question.
class PacedMeter {
 public:
  PacedMeter(std::unique_ptr<MeterSource> source, const MeterFacts& facts,
             std::shared_ptr<const Clock> clock)
      : source_(std::move(source)),
        shortest_pause_(facts.shortest_pause),
        pause_if_refused_(facts.pause_if_refused),
        clock_(std::move(clock)) {}

  const MeterReply& reply() {
    const Instant now = clock_->now();
    if (!asked_ || Seconds(now - *asked_) >= pause()) {
      asked_ = now;
      reply_ = source_->ask();
    }
    return reply_;
  }

 private:
  Seconds pause() const {
    const auto* failed = std::get_if<MeterFailure>(&reply_);
    const bool refused = failed != nullptr && failed->failure.kind == FailureKind::forbidden;
    return refused ? std::max(shortest_pause_, pause_if_refused_) : shortest_pause_;
  }

  std::unique_ptr<MeterSource> source_;
  Seconds shortest_pause_;
  Seconds pause_if_refused_;
  std::shared_ptr<const Clock> clock_;
  std::optional<Instant> asked_;
  MeterReply reply_;
};

// One quantity of a meter's answers.
template <class Quantity>
class MeterSensor final : public Sensor {
 public:
  MeterSensor(SensorInfo info, std::shared_ptr<PacedMeter> meter,
              std::optional<Quantity> MeterAnswer::* quantity)
      : Sensor(std::move(info)), meter_(std::move(meter)), quantity_(quantity) {}

  Reading read() override {
    const MeterReply& reply = meter_->reply();
    if (const auto* failed = std::get_if<MeterFailure>(&reply)) return failed->failure;
    const auto& value = std::get<MeterAnswer>(reply).*quantity_;
    if (value) return *value;
    return ReadFailure{FailureKind::broken,
                       fmt::format("{}: its answer has no {} any more", info().source,
                                   info().kind == SensorKind::energy_counter ? "energy" : "power")};
  }

 private:
  std::shared_ptr<PacedMeter> meter_;
  std::optional<Quantity> MeterAnswer::* quantity_;
};

SensorInfo meter_info(const MeterFacts& facts, SensorKind kind) {
  SensorInfo info;
  info.kind = kind;
  info.id = facts.id + (kind == SensorKind::energy_counter ? ":energy" : ":power");
  info.domain = Domain::wall;
  info.contains = {Domain::cpu_package, Domain::dram, Domain::gpu};
  info.unit = kind == SensorKind::energy_counter ? facts.energy_unit : facts.power_unit;
  info.source = facts.source;
  info.update_period = facts.update_period;
  if (kind == SensorKind::power_gauge) info.averaging_window = facts.averaging_window;
  info.gain_uncertainty = facts.gain_uncertainty;
  return info;
}

}  // namespace

ProbeResult find_external_meter(std::unique_ptr<MeterSource> source, const MeterFacts& facts,
                                const std::shared_ptr<const Clock>& clock) {
  ProbeResult result;
  auto meter = std::make_shared<PacedMeter>(std::move(source), facts, clock);
  const MeterReply& first = meter->reply();
  if (const auto* failed = std::get_if<MeterFailure>(&first)) {
    result.obstacles.push_back(silent_meter(facts.id, *failed));
    return result;
  }
  const auto& answer = std::get<MeterAnswer>(first);
  std::vector<std::unique_ptr<Sensor>> sensors;
  if (answer.energy) {
    sensors.push_back(std::make_unique<MeterSensor<Joules>>(
        meter_info(facts, SensorKind::energy_counter), meter, &MeterAnswer::energy));
  }
  if (answer.power) {
    sensors.push_back(std::make_unique<MeterSensor<Watts>>(
        meter_info(facts, SensorKind::power_gauge), meter, &MeterAnswer::power));
  }
  result.devices.push_back(std::make_unique<SensorGroup>(facts.name, std::move(sensors)));
  return result;
}

Obstacle silent_meter(std::string name, MeterFailure failure) {
  return {.what = std::move(name),
          .reason = std::move(failure.failure.reason),
          .remedy = std::move(failure.remedy),
          .asked_for = true};
}

}  // namespace wattfor
