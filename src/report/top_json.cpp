#include <nlohmann/json.hpp>

#include "report/json_values.h"
#include "report/top_view.h"

namespace wattfor {
namespace {

using Json = nlohmann::json;

void put_interval(Json& object, const char* low, const char* high, const Interval* interval) {
  object[low] = interval != nullptr ? Json(interval->low) : Json(nullptr);
  object[high] = interval != nullptr ? Json(interval->high) : Json(nullptr);
}

const Interval* get_if(const std::optional<Interval>& interval) {
  return interval ? &*interval : nullptr;
}

Json figure_json(const LiveFigure& figure) {
  Json object{{"basis", name_of(figure.basis)},
              {"power_w", value_or_null(figure.power)},
              {"energy_basis", name_of(figure.energy_basis)},
              {"energy_j", figure.energy ? Json(figure.energy->energy.value()) : Json(nullptr)},
              {"peak_power_w", value_or_null(figure.peak)}};
  put_interval(object, "power_low_w", "power_high_w", get_if(figure.power_interval));
  put_interval(object, "energy_low_j", "energy_high_j",
               figure.energy ? get_if(figure.energy->absolute) : nullptr);
  return object;
}

Json component_json(const TopComponent& component) {
  Json result = figure_json(component.figure);
  result.update({{"name", component.name},
                 {"kind", name_of(component.kind)},
                 {"in_total", component.in_total},
                 {"not_in_total_because", text_or_null(component.why_not_in_total)},
                 {"sensors", component.sensors},
                 {"sensor_kind",
                  component.sensor_kind ? Json(key_of(*component.sensor_kind)) : Json(nullptr)},
                 {"update_period_s", value_or_null(component.update_period)},
                 {"averaging_window_s", value_or_null(component.averaging_window)},
                 {"assumption", text_or_null(component.assumption)},
                 {"shared_with", text_or_null(component.shared_with)},
                 {"no_power_because", text_or_null(component.silence)},
                 {"energy_missing_since_s",
                  component.energy_stands ? value_or_null(component.energy_until) : Json(nullptr)},
                 {"gaps", component.gaps},
                 {"faults", component.faults}});
  return result;
}

Json device_json(const TopDevice& device) {
  const DeviceConditions& conditions = device.conditions;
  return {{"name", device.name},
          {"component", text_or_null(device.component)},
          {"utilisation_percent", value_or_null(conditions.utilisation_percent)},
          {"memory_bytes", value_or_null(conditions.memory_bytes)},
          {"temperature_c", value_or_null(conditions.temperature_c)},
          {"clock_mhz", value_or_null(conditions.clock_mhz)},
          {"power_limit_w", value_or_null(conditions.power_limit)},
          {"throttle_reasons", conditions.throttle_reasons}};
}

Json process_json(const TopProcess& process) {
  Json devices = Json::array();
  for (const auto& use : process.devices) {
    devices.push_back({{"device", use.device}, {"memory_bytes", value_or_null(use.memory_bytes)}});
  }
  return {{"pid", process.pid},
          {"user", text_or_null(process.user)},
          {"command", text_or_null(process.command)},
          {"cores", value_or_null(process.cores)},
          {"devices", std::move(devices)}};
}

template <class Part, class ToJson>
Json json_list(const std::vector<Part>& parts, ToJson to_json) {
  Json result = Json::array();
  for (const Part& part : parts) result.push_back(to_json(part));
  return result;
}

}  // namespace

Json top_json(const TopView& view, const std::string& time) {
  Json total = figure_json(view.total);
  total["scope"] = view.scope;
  total["energy_scope"] = view.energy_scope;
  return {{"time", time},
          {"host", view.hostname},
          {"interval_s", view.interval.count()},
          {"elapsed_s", view.elapsed.count()},
          {"total", std::move(total)},
          {"components", json_list(view.components, component_json)},
          {"devices", json_list(view.devices, device_json)},
          {"processes", json_list(view.processes, process_json)},
          {"obstacles", view.obstacles},
          {"warnings", view.warnings}};
}

}  // namespace wattfor
