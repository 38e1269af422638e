#include "store/sql_text.h"

#include <fmt/format.h>

#include <algorithm>

namespace wattfor {
namespace {

// "?, ?, ?" for three columns.
std::string parameters_for(std::string_view columns) {
  std::string parameters = "?";
  for (auto commas = std::ranges::count(columns, ','); commas > 0; --commas) parameters += ", ?";
  return parameters;
}

}  // namespace

std::string insert_into(std::string_view table, std::string_view columns) {
  return fmt::format("INSERT INTO {} ({}) VALUES ({})", table, columns, parameters_for(columns));
}

// The row of a table whose columns have these values.
std::string find_in(std::string_view table, std::string_view columns) {
  return fmt::format("SELECT number FROM {} WHERE ({}) = ({})", table, columns,
                     parameters_for(columns));
}

void bind_figure(Statement& statement, const std::optional<EnergyFigure>& figure) {
  const auto bind_interval = [&](const std::optional<Interval>& interval) {
    if (interval) {
      statement.bind(interval->low, interval->high);
    } else {
      statement.bind(std::nullopt, std::nullopt);
    }
  };
  if (figure) {
    statement.bind(figure->energy.value());
    bind_interval(figure->absolute);
    bind_interval(figure->comparison);
  } else {
    statement.bind(std::nullopt, std::nullopt, std::nullopt, std::nullopt, std::nullopt);
  }
}

}  // namespace wattfor
