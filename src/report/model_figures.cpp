#include "report/model_figures.h"

#include <cmath>

#include "measurement/json.h"
#include "report/json_values.h"

namespace wattfor {

ModelFigures figures_of(const ModelTable& table, const JudgedSetup& setup, std::size_t row) {
  const auto& [model, input_size] = table.models[row];
  const SetupColumns& columns = *setup.columns;
  const auto batch_size = known_number(columns.batch_size[row]);
  return {.model = model,
          .input_size = input_size,
          .accuracy_percent = setup.accuracy_percent[row],
          .energy = columns.energy_figure(row),
          .basis = columns.basis[row],
          .batch_size = batch_size ? std::optional(static_cast<int>(*batch_size)) : std::nullopt,
          .throughput_per_s = known_number(columns.throughput_per_s[row]),
          .latency_ms = known_number(columns.latency_ms[row]),
          .memory_bytes = known_number(columns.memory_bytes[row]),
          .on_pareto_front = setup.on_front[row],
          .is_imported = columns.is_imported[row]};
}

nlohmann::json to_json(const ModelFigures& figures) {
  nlohmann::json json = to_json(figures.energy);
  json["model"] = figures.model;
  json["input_size"] = figures.input_size;
  json["accuracy_percent"] = value_or_null(known_number(figures.accuracy_percent));
  json["basis"] = std::string(name_of(figures.basis));
  json["batch_size"] = value_or_null(figures.batch_size);
  json["throughput_per_s"] = value_or_null(figures.throughput_per_s);
  json["latency_ms"] = value_or_null(figures.latency_ms);
  json["on_pareto_front"] = figures.on_pareto_front;
  json["imported"] = figures.is_imported;
  return json;
}

nlohmann::json family_json(const ModelFamily* family) {
  if (family == nullptr) return {{"class", nullptr}, {"family", nullptr}, {"year", nullptr}};
  return {{"class", std::string(name_of(family->model_class))},
          {"family", std::string(family->name)},
          {"year", family->year}};
}

std::optional<double> known_number(double number) {
  return std::isnan(number) ? std::nullopt : std::optional(number);
}

}  // namespace wattfor
