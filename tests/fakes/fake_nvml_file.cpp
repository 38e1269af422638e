// $FAKE_NVML_FILE: a machine's GPUs in JSON, for programs that run without a test inside.
//
//   {"driver": "570.86.15", "live": true, "gpus": [
//     {"count": 4,                              as many of this kind; their UUIDs are numbered
//      "name": "NVIDIA GH200 480GB", "uuid": "GPU-…", "architecture": 9,
//      "energy_mj": 5000000,                    a number, null: not supported, {"status": 4}
//      "power_instant_mw": {"module": 600000, "memory": 40000},   scopes that answer; a number: gpu
//      "power_average_mw": null, "power_usage_mw": 280000,
//      "samples_mw": [280000, 281000],          20 ms apart, the last of them now
//      "power_limit_mw": 350000, "default_power_limit_mw": …, "lowest_…", "highest_…",
//      "temperature_c": 63, "sm_clock_mhz": 1755, "clock_reasons": 4,
//      "throttled_ns": {"74": 1000000000},
//      "mig": ["MIG-…"],                        instances; also []: MIG is on
//      "processes": [{"pid": 77, "bytes": 1000000}],
//      "state": 15}]}                           what every call about it answers
//
// What is left out is as in FakeGpu.
#include <chrono>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "fakes/fake_nvml.h"

namespace wattfor::test {
namespace {

using nlohmann::json;

template <class Value>
void take(const json& object, const char* key, FakeAnswer<Value>& answer) {
  if (!object.contains(key)) return;
  const json& value = object.at(key);
  if (value.is_null()) {
    answer.status = NvmlReturn::not_supported;
  } else if (value.is_object()) {
    answer.status = static_cast<NvmlReturn>(value.at("status").get<int>());
  } else {
    answer.value = value.get<Value>();
  }
}

void take(const json& object, const char* key, FakePowerField& field) {
  if (!object.contains(key)) return;
  const json& value = object.at(key);
  if (value.is_number()) {
    field.milliwatts = value.get<double>();
    return;
  }
  const auto scope = [&](const char* name) {
    return value.is_object() && value.contains(name) ? NvmlReturn::success
                                                     : NvmlReturn::not_supported;
  };
  field.scope_gpu = scope("gpu");
  field.scope_module = scope("module");
  field.scope_memory = scope("memory");
  if (!value.is_object()) return;
  field.milliwatts = value.value("gpu", 0.0);
  field.module_milliwatts = value.value("module", 0.0);
  field.memory_milliwatts = value.value("memory", 0.0);
}

FakeSamples samples_of(const json& milliwatts) {
  constexpr unsigned long long apart_us = 20'000;
  const auto now = std::chrono::duration_cast<std::chrono::microseconds>(
      std::chrono::system_clock::now().time_since_epoch());
  FakeSamples samples{.status = NvmlReturn::success};
  auto time = static_cast<unsigned long long>(now.count()) - apart_us * milliwatts.size();
  for (const json& value : milliwatts) {
    time += apart_us;
    samples.samples.push_back({time, {.uiVal = value.get<unsigned>()}});
  }
  return samples;
}

FakeGpu gpu_of(const json& object) {
  FakeGpu gpu;
  take(object, "name", gpu.name);
  take(object, "uuid", gpu.uuid);
  take(object, "architecture", gpu.architecture);
  take(object, "energy_mj", gpu.energy_mj);
  gpu.energy_field_mj = gpu.energy_mj;
  take(object, "power_instant_mw", gpu.power_instant);
  take(object, "power_average_mw", gpu.power_average);
  take(object, "power_usage_mw", gpu.power_usage_mw);
  take(object, "power_limit_mw", gpu.power_limit_mw);
  take(object, "default_power_limit_mw", gpu.default_power_limit_mw);
  take(object, "lowest_power_limit_mw", gpu.lowest_power_limit_mw);
  take(object, "highest_power_limit_mw", gpu.highest_power_limit_mw);
  take(object, "temperature_c", gpu.temperature_c);
  take(object, "sm_clock_mhz", gpu.sm_clock_mhz);
  take(object, "clock_reasons", gpu.clock_reasons);
  if (object.contains("samples_mw")) gpu.samples = samples_of(object.at("samples_mw"));
  const json throttled = object.value("throttled_ns", json::object());
  for (const auto& [field, time] : throttled.items()) {
    gpu.throttled_ns[static_cast<unsigned>(std::stoul(field))].value =
        time.get<unsigned long long>();
  }
  if (object.contains("mig")) {
    gpu.mig_enabled.value = true;
    gpu.mig_uuids = object.at("mig").get<std::vector<std::string>>();
  }
  for (const json& process : object.value("processes", json::array())) {
    gpu.compute.processes.push_back(
        {process.at("pid").get<unsigned>(), process.value("bytes", ~0ULL)});
  }
  gpu.state = static_cast<NvmlReturn>(object.value("state", 0));
  return gpu;
}

}  // namespace

FakeNvml fake_nvml_from_file(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error("FAKE_NVML_FILE: cannot open " + path);
  const json machine = json::parse(file);
  FakeNvml fake;
  fake.driver_version.value = machine.value("driver", fake.driver_version.value);
  fake.init = static_cast<NvmlReturn>(machine.value("init", 0));
  fake.live = machine.value("live", false);
  fake.gpus.clear();
  for (const json& object : machine.at("gpus")) {
    const FakeGpu gpu = gpu_of(object);
    const int count = object.value("count", 1);
    for (int i = 0; i < count; ++i) {
      fake.gpus.push_back(gpu);
      if (count > 1) fake.gpus.back().uuid.value += "-" + std::to_string(i);
    }
  }
  return fake;
}

}  // namespace wattfor::test
