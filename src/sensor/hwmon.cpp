#include "sensor/hwmon.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sensor/attribute_sensor.h"
#include "sensor/hwmon_chip.h"
#include "sensor/hwmon_drivers.h"
#include "sensor/trial_read.h"

namespace wattfor {

namespace {

namespace fs = std::filesystem;

constexpr double per_million = 1e-6;  // files are in µJ and µW

// An ACPI power meter calls its label so (Documentation/hwmon/acpi_power_meter.rst).
std::string label_of(const HwmonChip& chip, const HwmonChannel& channel) {
  const std::string label = chip.text(channel.name() + "_label");
  return label.empty() ? chip.text(channel.name() + "_oem_info") : label;
}

std::optional<Watts> greatest_limit(const HwmonChip& chip, const KnownChannel& known) {
  std::optional<Watts> greatest;
  for (const std::string_view attribute : known.limits) {
    const auto limit = chip.number(attribute);
    // Zero: the limit is off.
    if (limit && *limit > 0.0) {
      greatest = std::max(greatest.value_or(Watts(0.0)), microwatts(*limit));
    }
  }
  return greatest;
}

SensorInfo describe_channel(const HwmonChip& chip, const HwmonChannel& channel,
                            const std::string& label, const ChannelMeaning& meaning) {
  const KnownChannel& known = *meaning.channel;
  const bool energy = channel.kind == HwmonChannel::Kind::energy;
  SensorInfo info;
  info.id = fmt::format("{}:{}:{}", chip.name, chip.address, channel.name());
  info.kind = energy ? SensorKind::energy_counter : SensorKind::power_gauge;
  info.domain = known.domain;
  info.domain_index = meaning.domain_index;
  info.unit = energy ? "µJ" : "µW";
  info.source = chip.attribute(channel.value_attribute()).string();
  info.label = label;
  info.update_period = known.update_period;
  if (known.paced_by_interval) {
    const auto interval_ms = chip.number(channel.name() + "_average_interval");
    if (interval_ms && *interval_ms > 0.0) info.update_period = Seconds(*interval_ms * 1e-3);
    info.averaging_window = info.update_period;
  }
  info.power_limit = greatest_limit(chip, known);
  info.gain_uncertainty = known.gain_uncertainty;
  info.contains = known.contains;
  info.why_not_in_total = known.why_not_in_total;
  return info;
}

// "nvme 0000:01:00.0 power1": what a sensor of a domain of its own is called.
std::string own_name(const HwmonChip& chip, const HwmonChannel& channel, const std::string& label) {
  return fmt::format("{} {} {}", chip.name, chip.address, label.empty() ? channel.name() : label);
}

bool has(const std::vector<HwmonChannel>& channels, std::string_view name) {
  return std::ranges::find(channels, name, &HwmonChannel::name) != channels.end();
}

// One chip's sensors that answer, and why the others do not.
struct Answers {
  std::vector<std::unique_ptr<Sensor>> sensors;
  std::vector<Obstacle> obstacles;
};

Answers ask(const HwmonChip& chip) {
  Answers answers;
  std::vector<fs::path> forbidden;
  std::string forbidden_reason;
  const std::vector<HwmonChannel> channels = hwmon_channels(chip);
  for (const HwmonChannel& channel : channels) {
    const std::string label = label_of(chip, channel);
    const ChannelMeaning meaning = meaning_of(chip.name, channel.name(), label);
    if (!meaning.channel->listed) continue;
    SensorInfo info = describe_channel(chip, channel, label, meaning);
    const std::string_view whole = meaning.channel->part_of;
    if (!whole.empty() && has(channels, whole)) {
      info.domain = Domain::other;
      info.why_not_in_total = fmt::format("lies inside the card's {}", whole);
    }
    if (info.domain == Domain::other) info.label = own_name(chip, channel, label);
    info.in_total = info.why_not_in_total.empty();

    auto sensor = std::make_unique<AttributeSensor>(std::move(info), per_million);
    const fs::path file = sensor->info().source;
    const Trial trial = try_sensor(*sensor, {file});
    if (trial.failure() == nullptr) {
      answers.sensors.push_back(std::move(sensor));
    } else if (trial.forbidden.empty()) {
      answers.obstacles.push_back(silent(sensor->info().id, trial.failure()->reason));
    } else {
      forbidden.push_back(file);
      forbidden_reason = trial.failure()->reason;
    }
  }
  if (!forbidden.empty()) {
    answers.obstacles.push_back(
        silent(fmt::format("Power sensors of {} ({})", chip.name, chip.address), forbidden_reason,
               forbidden));
  }
  return answers;
}

bool has_probe_of_its_own(const HwmonChip& chip) {
  return chip.name == "amdgpu" || chip.name == "ina3221";
}

bool has_gpu(const Answers& answers) {
  return std::ranges::any_of(
      answers.sensors, [](const auto& sensor) { return sensor->info().domain == Domain::gpu; });
}

}  // namespace

ProbeResult find_hwmon(const fs::path& sysfs_root) {
  ProbeResult result;
  int gpus = 0;
  // Chips of one driver are read by one thread, but a GPU is a device of its own.
  std::vector<std::unique_ptr<Sensor>> group;
  std::string group_name;
  const auto close_group = [&] {
    if (!group.empty()) {
      result.devices.push_back(std::make_unique<SensorGroup>(group_name, std::exchange(group, {})));
    }
  };
  for (const HwmonChip& chip : hwmon_chips(sysfs_root)) {
    if (has_probe_of_its_own(chip)) continue;
    Answers answers = ask(chip);
    std::ranges::move(answers.obstacles, std::back_inserter(result.obstacles));
    if (has_gpu(answers)) {
      close_group();
      for (const auto& sensor : answers.sensors) {
        if (sensor->info().domain == Domain::gpu) sensor->renumber(gpus);
      }
      ++gpus;
      result.devices.push_back(std::make_unique<SensorGroup>(
          fmt::format("Intel GPU {} ({})", chip.address, chip.name), std::move(answers.sensors)));
      continue;
    }
    if (chip.name != group_name) close_group();
    group_name = chip.name;
    std::ranges::move(answers.sensors, std::back_inserter(group));
  }
  close_group();
  return result;
}

}  // namespace wattfor
