#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "bench/protocol.h"
#include "bench/sweep.h"
#include "measurement/measurement.h"

namespace wattfor {

// What a sweep measures, by the names that its records carry.

// Name and file, and the hash; the input's size is known once the model is loaded. One that the
// worker knows by name has no hash. Throws Error where the file can't be read.
Model model_of(const std::filesystem::path& model);

// The width of the images in the first input with four dimensions, laid out N·C·H·W or N·H·W·C; 0
// where there is none or it is free.
int input_size_of(std::span<const protocol::Input> inputs);

// The batch that a model's first input asks for; nothing where it is free.
std::optional<int> fixed_batch_of(std::span<const protocol::Input> inputs);

// device_runtime[-variant]_precision[_tN], before the worker has said its version. The device of
// CUDA's is called by its name where the machine has GPUs of one name only: which of several is
// CUDA's first the worker alone knows.
Setup setup_of(const SweepPlan& plan, const Machine& machine);

// "AMD EPYC 9575F · ONNX Runtime 1.22.0 · fp32 · 2 threads", "NVIDIA H200 · PyTorch 2.9.1 compile ·
// fp16"
std::string label_of(const Setup& setup);

}  // namespace wattfor
