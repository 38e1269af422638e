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

bool is_module_with_gpu(const SensorInfo& info) {
  return info.domain == Domain::module && holds(info, Domain::gpu);
}

bool has_gpu_alone(const Device& device) {
  return std::ranges::any_of(
      device.sensors(), [](const auto& sensor) { return sensor->info().domain == Domain::gpu; });
}

// Which GPU lies on which module no driver tells: a module's number is its socket's. So one GPU
// that is read by itself says that all are, also where it is hidden from this user's programs: its
// module would bring its power back.
void prefer_gpus_to_their_modules(const Devices& devices) {
  const bool gpu_alone =
      std::ranges::any_of(devices, [](const auto& device) { return has_gpu_alone(*device); });
  if (!gpu_alone) return;
  for (Sensor* sensor : in_total(devices)) {
    if (is_module_with_gpu(sensor->info())) {
      sensor->leave_out_of_total("gpus are read by themselves, without their module");
    }
  }
}

// Two GPUs may lie on one module, and a module may be seen through its meter as well: of those that
// only a GPU on them names, one is counted where no other module is, and never two.
void count_no_module_by_two_gpus(const Devices& devices) {
  std::vector<Sensor*> modules = in_total(devices);
  std::erase_if(modules, [](const Sensor* sensor) { return !is_module_with_gpu(sensor->info()); });
  std::ranges::stable_partition(
      modules, [](const Sensor* sensor) { return !sensor->info().index_is_of_gpu; });
  for (Sensor* module : modules) {
    if (module == modules.front() || !module->info().index_is_of_gpu) continue;
    module->leave_out_of_total(
        fmt::format("may be the same module as {}", modules.front()->info().id));
  }
}

bool is_wall(const SensorInfo& info) { return info.domain == Domain::wall; }

void count_the_wall_where_nothing_else_is(const Devices& devices) {
  std::vector<Sensor*> counted = in_total(devices);
  const auto walls = std::ranges::stable_partition(
      counted, [](const Sensor* sensor) { return !is_wall(sensor->info()); });
  if (walls.begin() != counted.begin()) {
    leave_out_the_wall(devices);
    return;
  }
  for (Sensor* wall : walls) {
    const SensorInfo& first = counted.front()->info();
    if (wall->info().domain_index == first.domain_index) continue;
    wall->leave_out_of_total(fmt::format("may measure the same as {}", first.id));
  }
}

bool lies_inside(const SensorInfo& part, const SensorInfo& whole) {
  const bool same_place = part.domain_index == whole.domain_index || whole.index_is_of_gpu;
  return same_place && part.domain != whole.domain && holds(whole, part.domain);
}

void leave_out_parts(const Devices& devices) {
  for (const Sensor* whole : in_total(devices)) {
    if (!whole->info().in_total) continue;  // a part of one before it
    for (Sensor* part : in_total(devices)) {
      if (!lies_inside(part->info(), whole->info())) continue;
      part->leave_out_of_total(fmt::format("lies inside {}", component_name(whole->info())));
    }
  }
}

}  // namespace

void settle_totals(const Devices& devices) {
  number_gpus(devices);
  number_others(devices);
  prefer_gpus_to_their_modules(devices);
  count_no_module_by_two_gpus(devices);
  keep_the_first_of_each_domain(devices);
  count_the_wall_where_nothing_else_is(devices);
  leave_out_parts(devices);
}

void leave_out_the_wall(const Devices& devices) {
  for (Sensor* sensor : in_total(devices)) {
    if (!is_wall(sensor->info())) continue;
    sensor->leave_out_of_total(
        "the whole machine, its power supply's losses too: shown beside its parts, never added");
  }
}

}  // namespace wattfor
