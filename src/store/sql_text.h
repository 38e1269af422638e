#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "measurement/energy.h"
#include "store/sqlite.h"

namespace wattfor {

// "INSERT INTO table (columns) VALUES (?, …)".
std::string insert_into(std::string_view table, std::string_view columns);
// "SELECT number …": the row of a table whose columns have the values to be bound.
std::string find_in(std::string_view table, std::string_view columns);

// An energy and its two intervals, in five columns.
void bind_figure(Statement& statement, const std::optional<EnergyFigure>& figure);

}  // namespace wattfor
