#include "bench/subject.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <map>
#include <string_view>
#include <utility>

#include "base/sha256.h"
#include "bench/model_names.h"
#include "sensor/host.h"

namespace wattfor {
namespace {

// As its makers write it, with its version; what follows it is how it runs a model.
std::string display_name(const Setup& setup) {
  static const std::map<std::string, std::string> names = {
      {"onnxruntime", "ONNX Runtime"}, {"pytorch", "PyTorch"}, {"tensorrt", "TensorRT"}};
  const std::string version = setup.runtime_version.empty() ? "" : " " + setup.runtime_version;
  const auto hyphen = setup.runtime.find('-');
  const auto name = names.find(setup.runtime.substr(0, hyphen));
  if (name == names.end()) return setup.runtime + version;
  const bool has_variant = hyphen != std::string::npos;
  return name->second + version + (has_variant ? " " + setup.runtime.substr(hyphen + 1) : "");
}

// The runtime within the worker, where that is not called by its name.
std::string runtime_of(const SweepPlan& plan) {
  std::string runtime = plan.worker == "torch" ? "pytorch" : plan.worker;
  // An execution provider of ONNX Runtime's, which is asked for as a device.
  if (plan.device.starts_with("tensorrt")) runtime += "-tensorrt";
  if (!plan.variant.empty()) runtime += "-" + plan.variant;
  return runtime;
}

// "NVIDIA H200 (gpu 0), driver 570.86" → "NVIDIA H200", where all that the machine has are one.
std::optional<std::string> gpu_name(const Machine& machine) {
  std::optional<std::string> common;
  for (const std::string& line : machine.devices) {
    const std::string name = line.substr(0, std::min(line.find(" (gpu "), line.find(", ")));
    if (!name.starts_with("NVIDIA ") || (common && *common != name)) return std::nullopt;
    common = name;
  }
  return common;
}

bool is_cuda(const std::string& device) {
  const std::string kind = device.substr(0, device.find(':'));
  return kind == "cuda" || kind == "tensorrt";
}

// Lower-case letters, digits, dots and hyphens; anything else becomes a hyphen.
std::string slug_of(std::string_view text) {
  std::string slug;
  for (const char c : text) {
    const bool upper = c >= 'A' && c <= 'Z';
    const bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
    slug += upper ? static_cast<char>(c - 'A' + 'a') : plain ? c : '-';
  }
  return slug;
}

// "AMD EPYC 9575F 64-Core Processor" → "AMD EPYC 9575F"
std::string short_cpu_name(const std::string& cpu) {
  const auto core = cpu.find("-Core");
  if (core == std::string::npos) return cpu;
  const auto space = cpu.rfind(' ', core);
  return space == std::string::npos ? cpu : cpu.substr(0, space);
}

}  // namespace

Model model_of(const std::filesystem::path& model) {
  if (const auto catalogue = catalogue_of(model)) {
    return {.name = model.string().substr(catalogue->size() + 1),
            .input_size = 0,
            .sha256 = "",
            .file = model.string()};
  }
  return {.name = model.stem().string(),
          .input_size = 0,
          .sha256 = sha256_of_file(model),
          .file = model.string()};
}

int input_size_of(std::span<const protocol::Input> inputs) {
  const auto image =
      std::ranges::find_if(inputs, [](const auto& input) { return input.shape.size() == 4; });
  if (image == inputs.end()) return 0;
  // Channels are few and images square: N·H·W·C shows as two equal sizes before a small one.
  const auto& shape = image->shape;
  const bool channels_last = shape[1] == shape[2] && shape[3].value_or(0) <= 4 && shape[1] > 4;
  const std::int64_t size = (channels_last ? shape[2] : shape[3]).value_or(0);
  return size <= std::numeric_limits<int>::max() ? static_cast<int>(size) : 0;
}

std::optional<int> fixed_batch_of(std::span<const protocol::Input> inputs) {
  if (inputs.empty() || inputs.front().shape.empty()) return std::nullopt;
  const auto batch = inputs.front().shape.front();
  const bool usable = batch && *batch >= 1 && *batch <= std::numeric_limits<int>::max();
  return usable ? std::optional(static_cast<int>(*batch)) : std::nullopt;
}

Setup setup_of(const SweepPlan& plan, const Machine& machine) {
  const bool on_cpu = plan.device == "cpu";
  std::string device = on_cpu ? short_cpu_name(machine.cpu) : plan.device;
  std::string slug = on_cpu ? cpu_slug(machine.cpu) : slug_of(plan.device);
  if (const auto gpu = is_cuda(plan.device) ? gpu_name(machine) : std::nullopt) {
    device = *gpu;
    slug = slug_of(gpu->substr(std::string_view("NVIDIA ").size()));
  }
  if (!plan.simulated.empty()) {
    device = plan.simulated + " (simulated)";
    slug = "simulated-" + slug_of(plan.simulated);
  }
  Setup setup{.id = {},
              .label = {},
              .device = std::move(device),
              .runtime = runtime_of(plan),
              .runtime_version = {},
              .precision = plan.precision,
              .threads = plan.threads};
  setup.id = fmt::format("{}_{}_{}", slug, slug_of(setup.runtime), slug_of(plan.precision));
  if (plan.threads > 0) setup.id += fmt::format("_t{}", plan.threads);
  setup.label = label_of(setup);
  return setup;
}

std::string label_of(const Setup& setup) {
  std::string label =
      fmt::format("{} · {} · {}", setup.device, display_name(setup), setup.precision);
  if (setup.threads > 0) {
    label += fmt::format(" · {} thread{}", setup.threads, setup.threads == 1 ? "" : "s");
  }
  return label;
}

}  // namespace wattfor
