#pragma once

#include <span>

#include "measurement/measurement.h"
#include "measurement/model_table.h"
#include "store/store.h"

namespace wattfor {

// All models that the store knows: what others published, and of each setup that was measured here
// each model's best batch size. What was counted in an architecture stands beside its weights, too.
ModelTable models_of(const Store& store);

// Adds the finished cells' setups, each model at its best batch size (see best_batches()); models
// that the table hasn't are passed over. A setup with an energy that was measured here takes the
// place of one that others published under the same id: the two are not mixed.
void add_measured(ModelTable& table, std::span<const Measurement> records,
                  const RecordIds& imported = {});

}  // namespace wattfor
