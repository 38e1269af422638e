#pragma once

#include <string>

#include "dataset/imported_tables.h"

namespace wattfor {

// A table of accuracies that somebody wrote: the columns model, input_size, test_set, top1_percent
// and top5_percent in any order; further columns are ignored. An empty accuracy is unknown, an
// empty input size is 0 (no image). It is read whole or not at all: throws Error{invalid_input}
// that names the bad lines, up to ten of them.
ImportedTables read_accuracy_table(const std::string& file);

}  // namespace wattfor
