#pragma once

#include "measurement/measurement.h"

namespace wattfor {

// Throws Error{invalid_input} for a record that no measurement can have yielded: a percentage beyond
// 0 … 100, a batch below one, a time that is none, a negative energy (a net one may be), a name
// longer than 4096 bytes. The message names the key and what was expected there. A number that is
// unknown (NaN) is valid. For records from outside; what wattfor itself writes is valid.
void require_valid(const Measurement& measurement);
void require_valid(const Accuracy& accuracy);

}  // namespace wattfor
