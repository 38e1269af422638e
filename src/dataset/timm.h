#pragma once

#include <filesystem>

#include "dataset/imported_tables.h"

namespace wattfor {

// timm's results folder, as it is published (github huggingface/pytorch-image-models):
//
// - results-*.csv: top-1 and top-5 accuracies of weights ("resnet50.a1_in1k"), a file a test set.
// - benchmark-infer-*.csv: throughput, latency and batch size of architectures ("resnet50") on a
//   device that the file's name tells, and what timm counted in them.
//
// A figure of an architecture at an input size is one of each of its weights that results-*.csv has
// at that size; where there is none it stays under the architecture's name. Statistics stay under
// the architecture's name, the counter is "timm"; where files differ the newest PyTorch tells, of
// those the first by name. docs/datasets.md has it whole. Throws Error naming the folder or file:
// there is nothing of the kind, or a file is no such table.
ImportedTables read_timm(const std::filesystem::path& folder);

// No energy was measured: it is the device's power limit divided by the throughput, which the
// inference study's four setups (two GPUs, PyTorch and TensorRT) bear out: of their models,
// energy · throughput / TDP lies between these two, the lowest of the four 2.5 % quantiles (H100
// with PyTorch, models that do not fill it) and the highest of the four 97.5 % quantiles (A100 with
// TensorRT). Of a GPU that is none of the two that is the best that is known; of processors nothing
// is, and their figures have no interval.
inline constexpr double least_share_of_limit = 0.6977;
inline constexpr double greatest_share_of_limit = 1.0003;

}  // namespace wattfor
