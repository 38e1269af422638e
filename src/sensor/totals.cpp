#include "sensor/totals.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace wattfor {
namespace {

using Devices = std::vector<std::unique_ptr<Device>>;

bool is_of_gpu(Domain domain) { return domain == Domain::gpu || domain == Domain::gpu_memory; }

// By the number that its own probe gave it; nothing for a device that is no GPU.
std::optional<int> gpu_number(const Device& device) {
  for (const auto& sensor : device.sensors()) {
    if (is_of_gpu(sensor->info().domain)) return sensor->info().domain_index;
  }
  return std::nullopt;
}

// A number that is taken already gives way to the next free one.
void number_gpus(const Devices& devices) {
  std::set<int> taken;
  for (const auto& device : devices) {
    const auto wanted = gpu_number(*device);
    if (!wanted) continue;
    int number = *wanted;
    if (taken.contains(number)) number = *taken.rbegin() + 1;
    taken.insert(number);
    for (const auto& sensor : device->sensors()) {
      if (is_of_gpu(sensor->info().domain)) sensor->renumber(number);
    }
  }
}

// A record tells components apart by their domain and its number.
void number_others(const Devices& devices) {
  int number = 0;
  for (const auto& device : devices) {
    for (const auto& sensor : device->sensors()) {
      if (sensor->info().domain == Domain::other) sensor->renumber(number++);
    }
  }
}

std::vector<Sensor*> in_total(const Devices& devices) {
  std::vector<Sensor*> sensors;
  for (const auto& device : devices) {
    for (const auto& sensor : device->sensors()) {
      if (sensor->info().in_total) sensors.push_back(sensor.get());
    }
  }
  return sensors;
}

void keep_the_first_of_each_domain(const Devices& devices) {
  std::map<std::pair<Domain, int>, const Sensor*> first;
  for (Sensor* sensor : in_total(devices)) {
    const SensorInfo& info = sensor->info();
    const auto [kept, is_first] = first.try_emplace({info.domain, info.domain_index}, sensor);
    if (!is_first) {
      sensor->leave_out_of_total(fmt::format("{} counts the same", kept->second->info().id));
    }
  }
}

bool lies_inside(const SensorInfo& part, const SensorInfo& whole) {
  return part.domain_index == whole.domain_index && part.domain != whole.domain &&
         holds(whole, part.domain);
}

void count_wholes_or_their_parts(const Devices& devices) {
  for (Sensor* whole : in_total(devices)) {
    std::vector<Sensor*> parts;
    for (Sensor* other : in_total(devices)) {
      if (lies_inside(other->info(), whole->info())) parts.push_back(other);
    }
    const bool has_gpu = std::ranges::any_of(
        parts, [](const Sensor* part) { return part->info().domain == Domain::gpu; });
    if (has_gpu) {
      whole->leave_out_of_total("the gpu in it is counted by itself");
      continue;
    }
    for (Sensor* part : parts) {
      part->leave_out_of_total(fmt::format("lies inside {}", component_name(whole->info())));
    }
  }
}

}  // namespace

void settle_totals(const Devices& devices) {
  number_gpus(devices);
  number_others(devices);
  keep_the_first_of_each_domain(devices);
  count_wholes_or_their_parts(devices);
}

}  // namespace wattfor
