#include "bench/subject.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <map>
#include <string_view>
#include <utility>

#include "base/sha256.h"
#include "sensor/host.h"

namespace wattfor {
namespace {

// As its makers write it.
std::string display_name(const std::string& runtime) {
  static const std::map<std::string, std::string> names = {
      {"onnxruntime", "ONNX Runtime"}, {"pytorch", "PyTorch"}, {"tensorrt", "TensorRT"}};
  const auto name = names.find(runtime);
  return name == names.end() ? runtime : name->second;
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

Model model_of(const std::filesystem::path& file) {
  return {.name = file.stem().string(),
          .input_size = 0,
          .sha256 = sha256_of_file(file),
          .file = file.string()};
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
  if (!plan.simulated.empty()) {
    device = plan.simulated + " (simulated)";
    slug = "simulated-" + slug_of(plan.simulated);
  }
  Setup setup{.id = {},
              .label = {},
              .device = std::move(device),
              .runtime = plan.worker,
              .runtime_version = {},
              .precision = plan.precision,
              .threads = plan.threads};
  setup.id = fmt::format("{}_{}_{}", slug, slug_of(plan.worker), slug_of(plan.precision));
  if (plan.threads > 0) setup.id += fmt::format("_t{}", plan.threads);
  setup.label = label_of(setup);
  return setup;
}

std::string label_of(const Setup& setup) {
  std::string label = fmt::format("{} · {}", setup.device, display_name(setup.runtime));
  if (!setup.runtime_version.empty()) label += " " + setup.runtime_version;
  label += fmt::format(" · {}", setup.precision);
  if (setup.threads > 0) {
    label += fmt::format(" · {} thread{}", setup.threads, setup.threads == 1 ? "" : "s");
  }
  return label;
}

}  // namespace wattfor
