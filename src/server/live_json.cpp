#include "server/live_json.h"

#include <utility>

#include "report/json_values.h"

namespace wattfor {
namespace {

nlohmann::json energy_or_null(const std::optional<EnergyFigure>& figure) {
  return figure ? nlohmann::json(figure->energy.value()) : nlohmann::json(nullptr);
}

nlohmann::json run_json(const Measurement& record) {
  nlohmann::json json{{"id", record.id},
                      {"name", record.name},
                      {"verb", record.cell ? "sweep" : "run"},
                      {"setup", nullptr},
                      {"model", nullptr},
                      {"input_size", nullptr},
                      {"batch_size", nullptr},
                      {"started_at", record.started_at},
                      {"elapsed_s", record.energy.duration.count()},
                      {"energy_j", energy_or_null(record.energy.total.gross)}};
  if (record.cell) {
    json["setup"] = record.cell->setup.id;
    json["model"] = record.cell->model.name;
    json["input_size"] = record.cell->model.input_size;
    json["batch_size"] = record.cell->batch_size;
  }
  return json;
}

}  // namespace

nlohmann::json power_json(const TopView& view, const std::string& time) {
  nlohmann::json components = nlohmann::json::array();
  for (const TopComponent& component : view.components) {
    components.push_back({{"name", component.name},
                          {"power_w", value_or_null(component.figure.power)},
                          {"energy_j", energy_or_null(component.figure.energy)},
                          {"basis", name_of(component.figure.basis)},
                          {"energy_basis", name_of(component.figure.energy_basis)},
                          {"in_total", component.in_total}});
  }
  return {{"time", time},
          {"scope", view.scope},
          {"power_w", value_or_null(view.total.power)},
          {"basis", name_of(view.total.basis)},
          {"energy_scope", view.energy_scope},
          {"energy_j", energy_or_null(view.total.energy)},
          {"energy_basis", name_of(view.total.energy_basis)},
          {"components", std::move(components)}};
}

nlohmann::json running_json(std::span<const Measurement> records) {
  nlohmann::json runs = nlohmann::json::array();
  for (const Measurement& record : records) runs.push_back(run_json(record));
  return {{"runs", std::move(runs)}};
}

}  // namespace wattfor
