#include "dataset/timm.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "base/error.h"
#include "dataset/table_file.h"
#include "measurement/model_table.h"

namespace wattfor {
namespace {

namespace fs = std::filesystem;

constexpr Terms timm_terms{.licence = "Apache-2.0",
                           .origin = "github huggingface/pytorch-image-models"};

enum class DeviceKind { gpu, processor };

// By the word for it in a file's name. The limits are what the makers state: NVIDIA's "total
// graphics power", Intel's TDP (of the laptop's i7 the processor base power, which it may exceed up
// to 115 W for a while).
struct TimmDevice {
  std::string_view word;
  std::string_view id;
  std::string_view name;
  DeviceKind kind;
  double limit_w;
};
constexpr std::array timm_devices{
    TimmDevice{"rtx3090", "rtx3090", "NVIDIA GeForce RTX 3090", DeviceKind::gpu, 350.0},
    TimmDevice{"rtx4090", "rtx4090", "NVIDIA GeForce RTX 4090", DeviceKind::gpu, 450.0},
    TimmDevice{"4090", "rtx4090", "NVIDIA GeForce RTX 4090", DeviceKind::gpu, 450.0},
    TimmDevice{"5090", "rtx5090", "NVIDIA GeForce RTX 5090", DeviceKind::gpu, 575.0},
    TimmDevice{"pro6000maxq", "rtx-pro-6000-max-q",
               "NVIDIA RTX PRO 6000 Blackwell Max-Q Workstation Edition", DeviceKind::gpu, 300.0},
    TimmDevice{"i9_10940x", "i9-10940x", "Intel Core i9-10940X", DeviceKind::processor, 165.0},
    TimmDevice{"i7_12700h", "i7-12700h", "Intel Core i7-12700H", DeviceKind::processor, 45.0},
};

constexpr std::string_view results_prefix = "results-";
constexpr std::string_view benchmark_prefix = "benchmark-infer-";

// The weights that results-*.csv has of an architecture at an input size.
using Weights = std::map<ModelKey, std::set<std::string>>;

// What is counted in each model, and the table that it stands in.
struct BestCounts {
  std::size_t table = 0;
  ModelStatistics statistics;

  int counts() const {
    return (statistics.parameters ? 1 : 0) + (statistics.macs ? 1 : 0) +
           (statistics.activations ? 1 : 0);
  }
};
using BestCountsOfModels = std::map<ModelKey, BestCounts>;

std::vector<std::string_view> words_of(std::string_view name) {
  std::vector<std::string_view> words;
  for (;;) {
    const auto end = name.find('-');
    words.push_back(name.substr(0, end));
    if (end == std::string_view::npos) return words;
    name.remove_prefix(end + 1);
  }
}

// "240" is 2.4.0 and "113" 1.13: three digits of which the minor version of PyTorch 1 took two.
std::optional<std::array<int, 3>> pytorch_version(std::string_view word) {
  if (word.size() != 5 || !word.starts_with("pt")) return std::nullopt;
  std::array<int, 3> digits{};
  for (std::size_t i = 0; i < digits.size(); ++i) {
    const char digit = word[i + 2];
    if (digit < '0' || digit > '9') return std::nullopt;
    digits.at(i) = digit - '0';
  }
  if (digits[0] == 1) return std::array{1, digits[1] * 10 + digits[2], 0};
  return digits;
}

std::string text_of(const std::array<int, 3>& version) {
  return version[0] == 1 ? fmt::format("1.{}", version[1])
                         : fmt::format("{}.{}.{}", version[0], version[1], version[2]);
}

// What a file's name says: benchmark-infer-amp-nchw-pt240-cu124-rtx4090-dynamo.csv.
struct Benchmark {
  fs::path path;
  std::array<int, 3> version{};
  Setup setup;
  const TimmDevice* device = nullptr;  // none where it isn't known
};

std::optional<Benchmark> benchmark_of(const fs::path& path, std::string_view stem) {
  const auto words = words_of(stem.substr(benchmark_prefix.size()));
  const bool is_compiled = words.size() == 6 && words[5] == "dynamo";
  if (words.size() != 5 && !is_compiled) return std::nullopt;
  const auto version = pytorch_version(words[2]);
  if (!version) return std::nullopt;
  Benchmark benchmark{.path = path, .version = *version, .setup = {}};
  const auto* const found = std::ranges::find(timm_devices, words[4], &TimmDevice::word);
  if (found != timm_devices.end()) benchmark.device = found;
  const std::string_view id = benchmark.device != nullptr ? found->id : words[4];
  const std::string_view name = benchmark.device != nullptr ? found->name : words[4];
  const std::string_view compiled = is_compiled ? "dynamo" : "";
  const std::string number = text_of(*version);
  benchmark.setup = {.id = fmt::format("{}_pytorch-{}_{}_{}{}{}", id, number, words[0], words[1],
                                       is_compiled ? "_" : "", compiled),
                     .label = fmt::format("{} · PyTorch {} · {} · {}{}{}", name, number, words[0],
                                          words[1], is_compiled ? " · " : "", compiled),
                     .device = std::string(name),
                     .runtime = "PyTorch",
                     .runtime_version = number,
                     .precision = std::string(words[0]),
                     .threads = 0};
  return benchmark;
}

void read_results(const fs::path& path, std::string_view stem, ImportedTables& data,
                  Weights& weights) {
  enum Column : std::size_t { model_name, side, top1, top5 };
  constexpr std::array<std::string_view, 4> columns{"model", "img_size", "top1", "top5"};
  // As the inference study calls the test sets.
  const std::string_view name = stem.substr(results_prefix.size());
  const std::string test_set(name == "imagenet" ? "imagenet-original" : name);
  TableFile file(path.string(), timm_terms, data);
  file.each_model(columns, columns.size(), fmt::format("accuracies on {}", test_set),
                  [&](DataTable& table, const std::string& model, int input_size) {
                    Accuracy accuracy{.model = model,
                                      .input_size = input_size,
                                      .test_set = test_set,
                                      .top1_percent = table.percent(top1),
                                      .top5_percent = table.percent(top5)};
                    const bool is_known = accuracy.top1_percent || accuracy.top5_percent;
                    if (!is_known || !table.is_usable()) return false;
                    weights[{std::string(architecture_of(model)), input_size}].insert(model);
                    file.table().accuracies.push_back(std::move(accuracy));
                    return true;
                  });
}

// What the device's limit tells of the energy of an image.
EnergyFigure energy_by_limit(const TimmDevice& device, double throughput_per_s) {
  const Joules energy = Watts(device.limit_w) * Seconds(1.0 / throughput_per_s);
  if (device.kind == DeviceKind::processor)
    return {.energy = energy, .absolute = {}, .comparison = {}};
  // How far a model fills its device is its own affair, so nothing of the doubt is common to the
  // models of a setup.
  const Interval interval{.low = least_share_of_limit * energy.value(),
                          .high = greatest_share_of_limit * energy.value()};
  return {.energy = energy, .absolute = interval, .comparison = interval};
}

void read_benchmark(const Benchmark& benchmark, ImportedTables& data, const Weights& weights,
                    BestCountsOfModels& counted) {
  constexpr double giga = 1e9;
  constexpr double mega = 1e6;
  enum Column : std::size_t { name, side, throughput, step_ms, batch, parameters, gmacs, macts };
  constexpr std::array<std::string_view, 8> columns{
      "model",           "infer_img_size",   "infer_samples_per_sec",
      "infer_step_time", "infer_batch_size", "param_count",
      "infer_gmacs",     "infer_macts"};
  constexpr std::size_t required = 3;
  const std::size_t table_index = data.tables.size();
  TableFile file(benchmark.path.string(), timm_terms, data);
  const auto scaled = [](std::optional<double> value, double factor) {
    return value ? std::optional(*value * factor) : std::nullopt;
  };
  const auto add_statistics = [&](DataTable& table, const std::string& model, int input_size) {
    ModelStatistics statistics{.model = model,
                               .input_size = input_size,
                               .counter = "timm",
                               .parameters = scaled(table.positive(parameters, "millions"), mega),
                               .macs = scaled(table.positive(gmacs, "billions"), giga),
                               .activations = scaled(table.positive(macts, "millions"), mega)};
    BestCounts candidate{.table = table_index, .statistics = std::move(statistics)};
    if (candidate.counts() == 0) return false;
    // Benchmarks come from the newest on; one that tells more than a newer one wins all the same.
    BestCounts& best = counted[{model, input_size}];
    if (candidate.counts() > best.counts()) best = std::move(candidate);
    return true;
  };
  const auto add_figures = [&](DataTable& table, const std::string& model, int input_size) {
    const auto images_per_s = table.positive(throughput, "images/s");
    PublishedFigure figure{.setup = benchmark.setup,
                           .model = model,
                           .input_size = input_size,
                           .basis = Basis::modelled,
                           .batch_size = table.count(batch),
                           .energy_per_image = {},
                           .throughput_per_s = images_per_s,
                           .latency_ms = table.positive(step_ms, "milliseconds")};
    if (!images_per_s || !table.is_usable() || benchmark.device == nullptr) return false;
    figure.energy_per_image = energy_by_limit(*benchmark.device, *images_per_s);
    const auto found = weights.find({model, input_size});
    if (found == weights.end()) {
      file.table().figures.push_back(std::move(figure));
      return true;
    }
    for (const std::string& each : found->second) {
      figure.model = each;
      file.table().figures.push_back(figure);
    }
    return true;
  };
  file.each_model(columns, required, fmt::format("estimates of {}", benchmark.setup.id),
                  [&](DataTable& table, const std::string& model, int input_size) {
                    const bool has_figures = add_figures(table, model, input_size);
                    return add_statistics(table, model, input_size) || has_figures;
                  });
  if (benchmark.device == nullptr) {
    data.left_out.push_back(
        {.file = benchmark.path.string(),
         .line = 0,
         .what = benchmark.setup.device,
         .reason = "this device's power limit is not known, so its throughput tells no energy"});
  }
}

std::vector<fs::path> tables_in(const fs::path& folder, std::string_view prefix) {
  std::vector<fs::path> paths;
  std::error_code unreadable;
  for (const auto& entry : fs::directory_iterator(folder, unreadable)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with(prefix) && name.ends_with(".csv")) paths.push_back(entry.path());
  }
  if (unreadable) {
    throw error_from_errno(unreadable.value(),
                           fmt::format("reading the folder {}", folder.string()));
  }
  std::ranges::sort(paths);
  return paths;
}

std::vector<Benchmark> benchmarks_in(const fs::path& folder, ImportedTables& data) {
  std::vector<Benchmark> benchmarks;
  std::set<std::string> ids;
  for (const fs::path& path : tables_in(folder, benchmark_prefix)) {
    const std::string stem = path.stem().string();
    const auto leave_out = [&](const char* reason) {
      data.left_out.push_back({.file = path.string(), .line = 0, .what = stem, .reason = reason});
    };
    auto benchmark = benchmark_of(path, stem);
    if (!benchmark) {
      leave_out("expected a name like benchmark-infer-amp-nchw-pt240-cu124-rtx4090[-dynamo].csv");
    } else if (!ids.insert(benchmark->setup.id).second) {
      leave_out("another file is of the same setup");
    } else {
      benchmarks.push_back(std::move(*benchmark));
    }
  }
  // The newest first, of those in the order of their names.
  std::ranges::stable_sort(benchmarks, std::greater<>(), &Benchmark::version);
  return benchmarks;
}

}  // namespace

ImportedTables read_timm(const fs::path& folder) {
  if (!fs::is_directory(folder)) {
    throw Error(ErrorCode::not_found,
                fmt::format("{}: expected timm's results folder, with results-imagenet.csv and "
                            "benchmark-infer-*.csv",
                            folder.string()));
  }
  ImportedTables data;
  Weights weights;
  for (const fs::path& path : tables_in(folder, results_prefix)) {
    read_results(path, path.stem().string(), data, weights);
  }
  BestCountsOfModels counted;
  for (const Benchmark& benchmark : benchmarks_in(folder, data)) {
    read_benchmark(benchmark, data, weights, counted);
  }
  for (auto& [model, best] : counted) {
    data.tables[best.table].statistics.push_back(std::move(best.statistics));
  }
  if (data.tables.empty()) {
    throw Error(ErrorCode::not_found,
                fmt::format("{}: found neither results-*.csv nor benchmark-infer-*.csv in it; "
                            "expected timm's results folder",
                            folder.string()));
  }
  return data;
}

}  // namespace wattfor
