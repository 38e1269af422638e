#pragma once

#include <span>
#include <vector>

#include "measurement/model_table.h"
#include "measurement/training_run.h"

namespace wattfor {

// What it took to train each row's model, by the models' names: of several runs of one model the
// one that took the most, which is the most of its epochs and data. Null where none is known.
std::vector<const TrainingRun*> training_of_models(const ModelTable& table,
                                                   std::span<const TrainingRun> trained);

}  // namespace wattfor
