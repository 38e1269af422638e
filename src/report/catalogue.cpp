#include "report/catalogue.h"

#include <cmath>
#include <string>
#include <vector>

#include "report/judged_setup.h"

namespace wattfor {
namespace {

bool has_own_energy(const SetupColumns& columns) {
  for (std::size_t row = 0; row < columns.is_imported.size(); ++row) {
    if (!columns.is_imported[row] && !std::isnan(columns.energy_j[row])) return true;
  }
  return false;
}

// What stands for no test set on the first setup where something does.
nlohmann::json default_test_set(const ModelTable& table) {
  for (const SetupColumns& columns : table.setups) {
    const std::vector<std::string> implied = implied_test_sets(table, columns);
    if (!implied.empty()) return implied.front();
  }
  return nullptr;
}

}  // namespace

nlohmann::json catalogue_json(const CatalogueInput& input) {
  nlohmann::json setups = nlohmann::json::array();
  for (const SetupColumns& columns : input.table.setups) {
    const std::size_t models = columns.energy_j.known();
    if (models == 0) continue;
    const Setup& setup = columns.setup;
    setups.push_back({{"id", setup.id},
                      {"label", setup.label},
                      {"device", setup.device},
                      {"runtime", setup.runtime},
                      {"precision", setup.precision},
                      {"models", models},
                      {"is_own", has_own_energy(columns)}});
  }
  nlohmann::json test_sets = nlohmann::json::array();
  for (const TestSetColumn& each : input.table.test_sets) {
    test_sets.push_back({{"name", each.test_set}, {"models", each.top1_percent.known()}});
  }
  nlohmann::json counters = nlohmann::json::array();
  for (const CounterColumns& each : input.table.counters) counters.push_back(each.counter);
  return {{"version", std::string(input.version)},
          {"wattfor", WATTFOR_VERSION},
          {"live", input.is_live},
          {"setups", setups},
          {"test_sets", test_sets},
          {"default_test_set", default_test_set(input.table)},
          {"counters", counters},
          {"training_runs", input.training_runs},
          {"batch_curves", input.batch_curves}};
}

}  // namespace wattfor
