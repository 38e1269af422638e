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

// {"format":"wattfor","version":1,"measurements":[…],"accuracies":[…]}, one record a line.
// records_from_json() answers an equal value, but for bytes of a text that are not UTF-8: those
// become U+FFFD.
void write_json(std::ostream& out, const Records& records);

// One line a measurement with its scalar columns; the header names the units. Quoted
// as in RFC 4180, lines end in LF.
void write_csv(std::ostream& out, std::span<const Measurement> measurements);

// The inverse of write_json(). `file` is for the messages of Error{invalid_input}: no JSON, another
// format, a newer version, or which record lacks what, can't be true (measurement/validity.h) or
// stands there twice.
Records records_from_json(std::string_view text, const std::string& file);

// A table of accuracies: the columns model, input_size, test_set, top1_percent and top5_percent in
// any order; further columns are ignored. An empty accuracy is unknown, an empty input size is 0
// (no image). Names are UTF-8. Throws Error{invalid_input} that names the bad lines, up to ten of
// them.
std::vector<Accuracy> accuracies_from_csv(std::string_view text, const std::string& file);

}  // namespace wattfor
