#pragma once

#include <span>
#include <string>
#include <string_view>

#include "measurement/model_table.h"
#include "measurement/training_run.h"

namespace wattfor {

// The table as it is sent to programs that judge it themselves, by columns (docs/api.md). `version`
// names the state that the table is of: columns of two versions are not joined.

// What is known of every model on any setup: name, size, family, accuracies, counts, the
// electricity of its training.
std::string model_columns(const ModelTable& table, std::span<const TrainingRun> trained,
                          std::string_view version);

// What the models come to on one setup, the same rows.
std::string point_columns(const ModelTable& table, const SetupColumns& setup,
                          std::string_view version);

}  // namespace wattfor
