#pragma once

#include <ostream>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "measurement/measurement.h"
#include "store/store.h"

namespace wattfor {

// True where a simulated device took part in the record.
bool is_simulated(const Measurement& measurement);

// Everything in the store but simulated records, in the order it was added.
Records records_of(const Store& store);

// {"format":"wattfor","version":1,"measurements":[…],"accuracies":[…],"figures":[…],
// "model_statistics":[…],"training_runs":[…]}, one record a line. records_from_json() answers an
// equal value, but for bytes of a text that are not UTF-8: those become U+FFFD.
void write_json(std::ostream& out, const Records& records);

// One line a measurement with its scalar columns; the header names the units. Quoted
// as in RFC 4180, lines end in LF.
void write_csv(std::ostream& out, std::span<const Measurement> measurements);

// The inverse of write_json(); the last three lists may be absent, as in exports of earlier
// versions. `file` is for the messages of Error{invalid_input}: no JSON, another format, a newer
// version, or which record lacks what, can't be true (measurement/validity.h) or stands there
// twice.
Records records_from_json(std::string_view text, const std::string& file);

}  // namespace wattfor
