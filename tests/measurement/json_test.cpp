#include "measurement/json.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "measurement/sample_records.h"

namespace wattfor::json_test {
namespace {

using nlohmann::json;

json through_text(const json& value) { return json::parse(dump(value)); }

TEST(JsonTest, KeysCarryTheirUnits) {
  EXPECT_EQ(to_json(EnergyFigure{.energy = Joules(2.5),
                                 .absolute = Interval{.low = 2.0, .high = 3.0},
                                 .comparison = Interval{.low = 2.25, .high = 2.75}}),
            json::parse(R"({"energy_j": 2.5, "energy_low_j": 2.0, "energy_high_j": 3.0,
                            "comparison_low_j": 2.25, "comparison_high_j": 2.75})"));
}

TEST(JsonTest, WritesARecordAsDocumented) {
  EXPECT_EQ(to_json(test::full_cell()), json::parse(R"({
    "id": "9b2d1c9e-5a0f-4d1c-8e6a-0c5c3f7f6a11", "name": "digits_mlp_s batch 32", "kind": "cell",
    "outcome": "done", "reason": "", "started_at": "2026-01-31T12:00:00.000Z",
    "wattfor_version": "0.1.0",
    "machine": {"hostname": "node07", "cpu": "AMD EPYC 9575F 64-Core Processor",
                "logical_cpus": 128, "memory_bytes": 8e11, "kernel": "6.1.0-18-amd64",
                "virtualisation": "", "devices": ["NVIDIA H100 PCIe, driver 535.104.05"]},
    "energy": {
      "duration_s": 10.0,
      "components": [{
        "name": "cpu package 0", "kind": "cpu", "basis": "measured",
        "energy_j": 300.5, "energy_low_j": 290.0, "energy_high_j": 311.0,
        "comparison_low_j": 299.0, "comparison_high_j": 302.0,
        "net_energy_j": 200.25, "net_energy_low_j": null, "net_energy_high_j": null,
        "net_comparison_low_j": null, "net_comparison_high_j": null,
        "average_power_w": 30.05, "peak_power_w": 44.0, "idle_power_w": 10.025,
        "sensors": ["rapl:package-0"],
        "gaps": [{"start_s": 1.5, "duration_s": 0.25, "reason": "the driver hung"}],
        "faults": ["counter went backwards by no wrap"], "assumption": "none",
        "shared_with": "all MIG instances", "in_total": true}],
      "total": {
        "scope": "cpu", "basis": "measured",
        "energy_j": 300.5, "energy_low_j": 290.0, "energy_high_j": 311.0,
        "comparison_low_j": 299.0, "comparison_high_j": 302.0,
        "net_energy_j": 200.25, "net_energy_low_j": null, "net_energy_high_j": null,
        "net_comparison_low_j": null, "net_comparison_high_j": null},
      "conditions": [{
        "device": "gpu 0", "utilisation_percent": 99.5, "memory_bytes": 4e9, "temperature_c": 61.0,
        "clock_mhz": 1755.0, "clock_minimum_mhz": 1410.0, "power_limit_w": 310.0,
        "throttle_reasons": ["power cap"],
        "throttled_s": {"power cap": 1.25}}]},
    "warnings": ["another process used the device"],
    "settings": {"intra_op_spinning": "1", "graph_optimisation": "all"},
    "cell": {
      "setup": {"id": "epyc-9575f_onnxruntime_fp32_t2",
                "label": "AMD EPYC 9575F · ONNX Runtime 1.22.0 · fp32 · 2 threads",
                "device": "cpu", "runtime": "onnxruntime", "runtime_version": "1.22.0",
                "precision": "fp32", "threads": 2},
      "model": {"name": "digits_mlp_s", "input_size": 8, "sha256": "ba7816bf",
                "file": "models/digits/digits_mlp_s.onnx"},
      "batch_size": 32, "protocol": "study", "replicates": 3, "seed": 18446744073709551615},
    "result": {
      "energy_per_image": {
        "energy_j": 300.5, "energy_low_j": 290.0, "energy_high_j": 311.0,
        "comparison_low_j": 299.0, "comparison_high_j": 302.0},
      "net_energy_per_image": {
        "energy_j": 200.25, "energy_low_j": null, "energy_high_j": null,
        "comparison_low_j": null, "comparison_high_j": null},
      "throughput_per_s": 1234.5, "latency_ms": 25.9,
      "replicates": [{"duration_s": 10.0, "batches": 386, "energy_j": 300.5,
                      "net_energy_j": 200.25}],
      "published": {"mean_j": 0.024, "standard_deviation_j": 0.003, "standard_error_j": 0.0001,
                    "low_j": 0.0238, "high_j": 0.0242, "batches": 386},
      "precision_reached": true, "memory_bytes": 5e7},
    "command": {"arguments": ["python3", "train.py"], "exit_status": 130},
    "context": {
      "others_cpu_percent": 12.5,
      "others": [{"name": "python", "pid": 4242, "component": "gpu 0", "cpu_percent": null,
                  "memory_bytes": 1e9, "use": "graphics"}],
      "cgroup": "/docker/ab", "container": "docker", "cpu_quota_cpus": 2.5,
      "memory_limit_bytes": 4e9, "job": {"SLURM_JOB_ID": "4711"}, "tasks_on_node": 4,
      "allowed_cpus": "0-3", "allowed_cpu_count": 4, "numa_nodes": 2, "allowed_numa_nodes": 1,
      "scaling_driver": "intel_pstate", "governor": "powersave", "turbo": true, "smt": false,
      "package_temperature_c": 61.5, "slowed_by_heat_s": 0.5, "times_slowed_by_heat": 3,
      "power_supply": "mains"},
    "training": {
      "model": "resnet50", "task": "classification", "dataset": "ImageNet",
      "phase": "fine-tuning", "epochs_total": 90, "data_fraction": 0.01, "batch_size": 256,
      "metric": "top-1", "accuracy_percent": 76.1, "builds_on": [{"run": "1f0e", "uses": 4.0}]},
    "windows": [
      {"kind": "epoch", "name": "", "epoch": 1, "start_s": 1.5, "duration_s": 8.0, "steps": 50,
       "ended": true, "basis": "measured",
       "energy_j": 300.5, "energy_low_j": 290.0, "energy_high_j": 311.0,
       "comparison_low_j": 299.0, "comparison_high_j": 302.0,
       "net_energy_j": 200.25, "net_energy_low_j": null, "net_energy_high_j": null,
       "net_comparison_low_j": null, "net_comparison_high_j": null,
       "components": [{"name": "cpu package 0", "basis": "measured",
                       "energy_j": 300.5, "energy_low_j": 290.0, "energy_high_j": 311.0,
                       "comparison_low_j": 299.0, "comparison_high_j": 302.0}]},
      {"kind": "named", "name": "validate", "epoch": 0, "start_s": 9.0, "duration_s": 0.5,
       "steps": null, "ended": false, "basis": "missing",
       "energy_j": null, "energy_low_j": null, "energy_high_j": null,
       "comparison_low_j": null, "comparison_high_j": null,
       "net_energy_j": null, "net_energy_low_j": null, "net_energy_high_j": null,
       "net_comparison_low_j": null, "net_comparison_high_j": null, "components": []}],
    "steps": 50
  })"));
}

TEST(JsonTest, WhatIsAbsentIsNull) {
  const json run = to_json(Measurement{});
  EXPECT_EQ(run.at("kind"), "run");
  EXPECT_TRUE(run.at("cell").is_null());
  EXPECT_TRUE(run.at("result").is_null());
  EXPECT_TRUE(run.at("command").is_null());
  EXPECT_TRUE(run.at("context").is_null());
  EXPECT_TRUE(run.at("energy").at("total").at("energy_j").is_null());
  EXPECT_EQ(run.at("energy").at("total").at("basis"), "missing");
}

TEST(JsonTest, FullAndEmptyRecordsComeBackAsTheyWere) {
  EXPECT_EQ(measurement_from_json(through_text(to_json(test::full_cell()))), test::full_cell());
  EXPECT_EQ(measurement_from_json(through_text(to_json(Measurement{}))), Measurement{});
}

TEST(JsonTest, ReadsExportsOfTheFirstVersion) {
  json old = to_json(test::full_cell());
  old.erase("context");
  old["energy"]["components"][0].erase("shared_with");
  old["energy"]["conditions"][0].erase("throttled_s");
  old["energy"]["conditions"][0].erase("power_limit_w");
  Measurement expected = test::full_cell();
  expected.context.reset();
  expected.energy.components[0].shared_with.clear();
  expected.energy.conditions[0].throttled.clear();
  expected.energy.conditions[0].power_limit.reset();
  EXPECT_EQ(measurement_from_json(old), expected);
}

TEST(JsonTest, NeverWritesWhatIsNotANumber) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  Measurement record = test::full_cell();
  record.energy.duration = Seconds(std::nan(""));
  record.result->throughput_per_s = infinity;
  record.energy.components[0].peak_power = Watts(-infinity);
  record.energy.components[0].gross->absolute = Interval{.low = 1.0, .high = infinity};
  const std::string text = dump(to_json(record));
  EXPECT_EQ(text.find("nan"), std::string::npos);
  EXPECT_EQ(text.find("inf"), std::string::npos);

  const Measurement back = measurement_from_json(json::parse(text));
  EXPECT_TRUE(std::isnan(back.energy.duration.count()));
  EXPECT_TRUE(std::isnan(back.result->throughput_per_s));
  EXPECT_EQ(back.energy.components[0].peak_power, std::nullopt);
  EXPECT_EQ(back.energy.components[0].gross->absolute, std::nullopt) << "half an interval is none";
}

TEST(JsonTest, ABrokenNameDoesNotKeepARecordFromBeingWritten) {
  Measurement record = test::full_cell();
  record.cell->model.name = "model\xff\xfe";
  record.reason = "cut in the middle: \xe2\x82";
  record.settings["\xc3("] = "a key too";
  record.command->arguments = {std::string("zero\0byte", 9)};
  const Measurement back = measurement_from_json(json::parse(dump(to_json(record))));
  EXPECT_EQ(back.cell->model.name, "model\ufffd\ufffd");
  EXPECT_EQ(back.reason, "cut in the middle: \ufffd");
  EXPECT_TRUE(back.settings.contains("\ufffd("));
  EXPECT_EQ(back.command->arguments, record.command->arguments);
}

TEST(JsonTest, IndentsWhereAsked) {
  const json value = {{"energy_j", 1.0}};
  EXPECT_EQ(dump(value), R"({"energy_j":1.0})");
  EXPECT_EQ(dump(value, 2), "{\n  \"energy_j\": 1.0\n}");
}

// Draws records that no hand would write.
class RandomRecords {
 public:
  explicit RandomRecords(std::uint64_t seed) : engine_(seed) {}

  Measurement measurement() {
    Measurement record;
    for (auto* text :
         {&record.id, &record.name, &record.started_at, &record.wattfor_version, &record.reason}) {
      *text = string();
    }
    record.outcome = static_cast<Outcome>(below(4));
    record.machine = {.hostname = string(),
                      .cpu = string(),
                      .logical_cpus = integer<int>(),
                      .memory_bytes = number(),
                      .kernel = string(),
                      .virtualisation = string(),
                      .devices = strings()};
    record.energy.duration = Seconds(number());
    for (auto n = below(4); n > 0; --n) record.energy.components.push_back(component());
    record.energy.total = {.scope = string(),
                           .basis = static_cast<Basis>(below(4)),
                           .gross = maybe([&] { return figure(); }),
                           .net = maybe([&] { return figure(); })};
    for (auto n = below(3); n > 0; --n) record.energy.conditions.push_back(conditions());
    record.warnings = strings();
    for (auto n = below(4); n > 0; --n) record.settings[string()] = string();
    record.cell = maybe([&] { return cell(); });
    record.result = maybe([&] { return result(); });
    record.command = maybe([&] {
      return Command{.arguments = strings(), .exit_status = maybe([&] { return integer<int>(); })};
    });
    record.context = maybe([&] { return context(); });
    record.training = maybe([&] { return training(); });
    for (auto n = below(3); n > 0; --n) record.windows.push_back(window());
    record.steps = maybe([&] { return integer<std::int64_t>(); });
    return record;
  }

  TrainingFacts training() {
    TrainingFacts facts{.model = string(),
                        .task = string(),
                        .dataset = string(),
                        .phase = static_cast<Phase>(below(4)),
                        .epochs_total = maybe([&] { return integer<int>(); }),
                        .data_fraction = maybe([&] { return number(); }),
                        .batch_size = maybe([&] { return integer<int>(); }),
                        .metric = string(),
                        .accuracy_percent = maybe([&] { return number(); })};
    for (auto n = below(3); n > 0; --n) {
      facts.builds_on.push_back({.run = string(), .uses = number()});
    }
    return facts;
  }

  MarkedWindow window() {
    return {.kind = static_cast<WindowKind>(below(4)),
            .name = string(),
            .epoch = integer<std::int64_t>(),
            .start = Seconds(number()),
            .duration = Seconds(number()),
            .steps = maybe([&] { return integer<std::int64_t>(); }),
            .ended = below(2) == 1,
            .basis = static_cast<Basis>(below(4)),
            .gross = maybe([&] { return figure(); }),
            .net = maybe([&] { return figure(); }),
            .components = {{.name = string(),
                            .basis = static_cast<Basis>(below(4)),
                            .gross = maybe([&] { return figure(); })}}};
  }

  Accuracy accuracy() {
    return {.model = string(),
            .input_size = integer<int>(),
            .test_set = string(),
            .top1_percent = maybe([&] { return number(); }),
            .top5_percent = maybe([&] { return number(); })};
  }

 private:
  std::size_t below(std::size_t end) { return engine_() % end; }

  auto maybe(const auto& draw) -> std::optional<decltype(draw())> {
    if (below(3) == 0) return std::nullopt;
    return draw();
  }

  // Any finite double, by its bits: subnormal, negative zero, the greatest.
  double number() {
    for (;;) {
      const auto drawn = std::bit_cast<double>(engine_());
      if (std::isfinite(drawn)) return drawn;
    }
  }

  template <class Integer>
  Integer integer() {
    using Limits = std::numeric_limits<Integer>;
    switch (below(4)) {
      case 0:
        return Limits::min();
      case 1:
        return Limits::max();
      default:
        return static_cast<Integer>(engine_());
    }
  }

  std::string string() {
    static const std::vector<std::string> pieces{
        "",  "a", " ", "\"", "\\", "\n",   "\t",  std::string(1, '\0'), "\x7f", "'",
        "/", "é", "·", "漢", "🔋", "null", "NaN", "</script>",          "%s",   "\xef\xbf\xbd"};
    std::string text;
    for (auto n = below(6); n > 0; --n) text += pieces[below(pieces.size())];
    return text;
  }
  std::vector<std::string> strings() {
    std::vector<std::string> list(below(4));
    for (std::string& text : list) text = string();
    return list;
  }

  Interval interval() { return {.low = number(), .high = number()}; }
  EnergyFigure figure() {
    return {.energy = Joules(number()),
            .absolute = maybe([&] { return interval(); }),
            .comparison = maybe([&] { return interval(); })};
  }
  ComponentEnergy component() {
    ComponentEnergy drawn;
    drawn.name = string();
    drawn.kind = static_cast<ComponentKind>(below(4));
    drawn.basis = static_cast<Basis>(below(4));
    drawn.gross = maybe([&] { return figure(); });
    drawn.net = maybe([&] { return figure(); });
    drawn.average_power = maybe([&] { return Watts(number()); });
    drawn.peak_power = maybe([&] { return Watts(number()); });
    drawn.idle_power = maybe([&] { return Watts(number()); });
    drawn.sensors = strings();
    for (auto n = below(3); n > 0; --n) {
      drawn.gaps.push_back(
          {.start = Seconds(number()), .duration = Seconds(number()), .reason = string()});
    }
    drawn.faults = strings();
    drawn.assumption = string();
    drawn.shared_with = string();
    drawn.in_total = below(2) == 0;
    return drawn;
  }
  HostContext context() {
    HostContext drawn;
    drawn.others_cpu_percent = maybe([&] { return number(); });
    for (auto n = below(3); n > 0; --n) {
      drawn.others.push_back({.name = string(),
                              .pid = integer<int>(),
                              .component = string(),
                              .cpu_percent = maybe([&] { return number(); }),
                              .memory_bytes = maybe([&] { return number(); }),
                              .use = static_cast<ProgramUse>(below(3))});
    }
    for (auto* text : {&drawn.cgroup, &drawn.container, &drawn.allowed_cpus, &drawn.scaling_driver,
                       &drawn.governor, &drawn.power_supply}) {
      *text = string();
    }
    drawn.cpu_quota = maybe([&] { return number(); });
    drawn.memory_limit_bytes = maybe([&] { return number(); });
    for (auto n = below(3); n > 0; --n) drawn.job[string()] = string();
    drawn.tasks_on_node = maybe([&] { return integer<int>(); });
    drawn.allowed_cpu_count = integer<int>();
    drawn.numa_nodes = integer<int>();
    drawn.allowed_numa_nodes = integer<int>();
    drawn.turbo = maybe([&] { return below(2) == 0; });
    drawn.smt = maybe([&] { return below(2) == 0; });
    drawn.package_temperature_c = maybe([&] { return number(); });
    drawn.slowed_by_heat = maybe([&] { return Seconds(number()); });
    drawn.times_slowed_by_heat = maybe([&] { return integer<std::int64_t>(); });
    return drawn;
  }
  DeviceConditions conditions() {
    std::map<std::string, Seconds> throttled;
    for (auto n = below(3); n > 0; --n) throttled[string()] = Seconds(number());
    return {.device = string(),
            .utilisation_percent = maybe([&] { return number(); }),
            .memory_bytes = maybe([&] { return number(); }),
            .temperature_c = maybe([&] { return number(); }),
            .clock_mhz = maybe([&] { return number(); }),
            .clock_minimum_mhz = maybe([&] { return number(); }),
            .power_limit = maybe([&] { return Watts(number()); }),
            .throttle_reasons = strings(),
            .throttled = throttled};
  }
  Cell cell() {
    return {.setup = {.id = string(),
                      .label = string(),
                      .device = string(),
                      .runtime = string(),
                      .runtime_version = string(),
                      .precision = string(),
                      .threads = integer<int>()},
            .model = {.name = string(),
                      .input_size = integer<int>(),
                      .sha256 = string(),
                      .file = string()},
            .batch_size = integer<int>(),
            .protocol = string(),
            .replicates = integer<int>(),
            .seed = integer<std::uint64_t>()};
  }
  CellResult result() {
    CellResult drawn;
    drawn.energy_per_image = figure();
    drawn.net_energy_per_image = maybe([&] { return figure(); });
    drawn.throughput_per_s = number();
    drawn.latency_ms = number();
    for (auto n = below(4); n > 0; --n) {
      drawn.replicates.push_back({.duration = Seconds(number()),
                                  .batches = integer<std::int64_t>(),
                                  .energy = Joules(number()),
                                  .net_energy = Joules(number())});
    }
    drawn.published = maybe([&] {
      return PublishedInterval{.mean_j = number(),
                               .standard_deviation_j = number(),
                               .standard_error_j = number(),
                               .interval_j = interval(),
                               .batches = integer<std::int64_t>()};
    });
    drawn.precision_reached = below(2) == 0;
    drawn.memory_bytes = maybe([&] { return number(); });
    return drawn;
  }

  std::mt19937_64 engine_;
};

TEST(JsonTest, AnyRecordComesBackExactly) {
  RandomRecords records(20260131);
  for (int i = 0; i < 500; ++i) {
    const Measurement record = records.measurement();
    const std::string text = dump(to_json(record));
    ASSERT_EQ(measurement_from_json(json::parse(text)), record) << text;
    // Equality takes 0 for -0; the second text tells them apart.
    ASSERT_EQ(dump(to_json(measurement_from_json(json::parse(text)))), text);
  }
}

TEST(JsonTest, AnyAccuracyComesBackExactly) {
  RandomRecords records(7);
  for (int i = 0; i < 500; ++i) {
    const Accuracy accuracy = records.accuracy();
    const std::string text = dump(to_json(accuracy));
    ASSERT_EQ(accuracy_from_json(json::parse(text)), accuracy) << text;
  }
}

}  // namespace
}  // namespace wattfor::json_test
