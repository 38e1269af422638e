#pragma once

#include <filesystem>

#include "dataset/imported_tables.h"

namespace wattfor {

// The inference study's data set, as its folder was published (github
// JimZeyuYang/DL-Inference-Energy-Efficiency): A100_PT.csv, A100_TRT.csv, H100_PT.csv and
// H100_TRT.csv with mJ per image, images/s and ms per batch at each model's best batch size,
// model_accuracy.csv with top-1 % on eight test sets, and model_stats.csv with what three programs
// counted. Rows are joined by model name and input size: the files' orders differ.
//
// PyTorch ran in fp32 and TensorRT in fp16; a figure that the study does not give is no figure. The
// batch size of PyTorch's runs stands in some rows only. Throws Error naming the file: one is
// missing, or is no such table.
ImportedTables read_study(const std::filesystem::path& folder);

}  // namespace wattfor
