#pragma once

#include "measurement/model_table.h"
#include "store/sqlite.h"

namespace wattfor {

// All models that the store knows, with what others published of them: of each key the newest row,
// as Store::figures(), accuracies() and statistics() say. In one pass over each table, without a
// record of its own for each row: a million models are read in about a second.
ModelTable read_model_table(const Database& database);

}  // namespace wattfor
