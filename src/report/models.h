#pragma once

#include <span>
#include <vector>

#include "analysis/batch_curves.h"
#include "measurement/measurement.h"
#include "measurement/model_table.h"
#include "store/store.h"

namespace wattfor {

// All models that the store knows: what others published, and of each setup that was measured here
// each model's best batch size. What was counted in an architecture stands beside its weights, too.
ModelTable models_of(const Store& store);
// The same with records that were read before: store.measurements() and store.imported().
ModelTable models_of(const Store& store, std::span<const Measurement> records,
                     const RecordIds& imported);

// Adds the finished cells' setups, each model at its best batch size (see best_batches()); models
// that the table hasn't are passed over. A setup with an energy that was measured here takes the
// place of one that others published under the same id: the two are not mixed.
void add_measured(ModelTable& table, std::span<const Measurement> records,
                  const RecordIds& imported = {});

// Of each setup and model that was measured here at two batch sizes or more, from the records that
// best_batches() chooses among.
std::vector<BatchCurve> batch_curves_of(std::span<const Measurement> records,
                                        const RecordIds& imported = {});

}  // namespace wattfor
