#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "measurement/measurement.h"
#include "store/sqlite.h"

namespace wattfor {

// The rows of measurement by their `number`, both ends included.
struct RecordRange {
  std::int64_t first = 0;
  std::int64_t last = std::numeric_limits<std::int64_t>::max();
};

// The records as they were added, in that order. One statement a table, whatever their number.
std::vector<Measurement> read_measurements(const Database& database, RecordRange range);

// The newest of each (model, input size, test set), in the order they were added.
std::vector<Accuracy> read_accuracies(const Database& database);

}  // namespace wattfor
