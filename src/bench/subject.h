#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "bench/protocol.h"
#include "bench/sweep.h"
#include "measurement/measurement.h"

namespace wattfor {

// What a sweep measures, by the names that its records carry.

// Name and file, and the hash; the input's size is known once the model is loaded. Throws Error
// where the file can't be read.
Model model_of(const std::filesystem::path& file);

// The last dimension of the first input with four, images being laid out N·C·H·W; 0 where there is
// none or it is free.
int input_size_of(std::span<const protocol::Input> inputs);

// "AMD EPYC 9575F · ONNX Runtime 1.22.0 · fp32 · 2 threads"
std::string label_of(const Setup& setup);

}  // namespace wattfor
