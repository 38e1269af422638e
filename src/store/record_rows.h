#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/error.h"
#include "measurement/measurement.h"
#include "store/sqlite.h"

// The values that the next columns of a row hold, in the order of columns.h. Throw damaged() where
// they can't be what wattfor wrote.
namespace wattfor::record_rows {

// Error{invalid_input}: the row's store is damaged, and how.
Error damaged(const Statement& row, std::string_view what);

int small(std::int64_t value);
std::optional<EnergyFigure> optional_figure(Statement& row);
std::optional<CellResult> result(Statement& row);
ComponentEnergy component(Statement& row);
DeviceConditions device_conditions(Statement& row);
HostContext host_context(Statement& row);
OtherProgram other_program(Statement& row);
Outcome outcome(Statement& row);
Basis basis(Statement& row);
TrainingFacts training_facts(Statement& row);
BuiltOn built_on(Statement& row);
MarkedWindow marked_window(Statement& row);
WindowComponent window_component(Statement& row);

}  // namespace wattfor::record_rows
