#pragma once

#include <cstddef>

#include "measurement/measurement.h"
#include "measurement/published.h"

namespace wattfor {

// Of models, setups, test sets and ids.
inline constexpr std::size_t longest_name_bytes = 4096;

// Throws Error{invalid_input} for a record that no measurement can have yielded: a percentage
// beyond 0 … 100, a share of data outside 0 … 1, a batch below one, a time that is none, a negative
// energy (a net one may be), a name that is too long. The message names the key and what was
// expected there. A number that is unknown (NaN) is valid. For records from outside; what wattfor
// itself writes is valid.
void require_valid(const Measurement& measurement);
void require_valid(const Accuracy& accuracy);
void require_valid(const PublishedFigure& figure);
void require_valid(const ModelStatistics& statistics);
void require_valid(const TrainingRun& run);

}  // namespace wattfor
