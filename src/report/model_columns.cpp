#include "report/model_columns.h"

#include <cmath>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <vector>

#include "analysis/model_family.h"
#include "analysis/model_traits.h"
#include "report/column_answer.h"
#include "report/model_training.h"

namespace wattfor {
namespace {

using Places = std::vector<std::uint16_t>;

// timm publishes each model's weights on a page of this address.
constexpr char model_page[] = "https://huggingface.co/timm/{model}";

Places places_of(std::span<const double> numbers) {
  Places places;
  places.reserve(numbers.size());
  for (const double number : numbers) {
    places.push_back(std::isnan(number) ? ColumnAnswer::no_word
                                        : static_cast<std::uint16_t>(number));
  }
  return places;
}

template <class Enum>
std::vector<std::string> enumerator_names() {
  std::vector<std::string> names;
  names.reserve(enumerators<Enum>.size());
  for (const Enum each : enumerators<Enum>) names.emplace_back(name_of(each));
  return names;
}

void add_names(ColumnAnswer& answer, const ModelTable& table) {
  std::vector<std::string_view> names;
  std::vector<std::uint32_t> sizes;
  names.reserve(table.rows());
  sizes.reserve(table.rows());
  for (const ModelKey& key : table.models) {
    names.emplace_back(key.model);
    sizes.push_back(static_cast<std::uint32_t>(key.input_size));
  }
  answer.add("model", names);
  answer.add("input_size", sizes);
}

void add_traits(ColumnAnswer& answer, const ModelTable& table) {
  const TraitColumns traits = traits_of(table.models);
  answer.add("class", places_of(traits.model_class), enumerator_names<ModelClass>());
  answer.add("family", places_of(traits.family), family_names());
  answer.add("year", traits.year);
}

void add_counts(ColumnAnswer& answer, const CounterColumns& counts) {
  const nlohmann::json tag{{"counter", counts.counter}};
  answer.add("parameters", counts.parameters.values(), tag);
  answer.add("macs", counts.macs.values(), tag);
  answer.add("activations", counts.activations.values(), tag);
}

void add_training(ColumnAnswer& answer, const ModelTable& table,
                  std::span<const TrainingRun> trained) {
  std::vector<double> kwh(table.rows(), not_known);
  const auto runs = training_of_models(table, trained);
  for (std::size_t row = 0; row < runs.size(); ++row) {
    if (runs[row] != nullptr) kwh[row] = in_kilowatt_hours(*runs[row]->train);
  }
  answer.add("train_kwh", kwh);
}

}  // namespace

std::string model_columns(const ModelTable& table, std::span<const TrainingRun> trained,
                          std::string_view version) {
  ColumnAnswer answer(table.rows());
  add_names(answer, table);
  add_traits(answer, table);
  add_training(answer, table, trained);
  for (const TestSetColumn& test_set : table.test_sets) {
    answer.add("accuracy_percent", test_set.top1_percent.values(),
               {{"test_set", test_set.test_set}});
  }
  for (const CounterColumns& counts : table.counters) add_counts(answer, counts);
  return answer.bytes({{"version", version}, {"page", model_page}});
}

std::string point_columns(const ModelTable& table, const SetupColumns& setup,
                          std::string_view version) {
  ColumnAnswer answer(table.rows());
  answer.add("energy_j", setup.energy_j.values());
  answer.add("energy_low_j", setup.absolute_low_j.values());
  answer.add("energy_high_j", setup.absolute_high_j.values());
  answer.add("comparison_low_j", setup.comparison_low_j.values());
  answer.add("comparison_high_j", setup.comparison_high_j.values());
  answer.add("throughput_per_s", setup.throughput_per_s.values());
  answer.add("latency_ms", setup.latency_ms.values());
  answer.add("batch_size", setup.batch_size.values());
  answer.add("utilisation_percent", setup.utilisation_percent.values());
  answer.add("memory_bytes", setup.memory_bytes.values());
  answer.add("temperature_c", setup.temperature_c.values());
  Places basis;
  basis.reserve(setup.basis.size());
  for (const Basis each : setup.basis) basis.push_back(static_cast<std::uint16_t>(each));
  answer.add("basis", basis, enumerator_names<Basis>());
  answer.add("is_imported", setup.is_imported);
  nlohmann::json without_energy = nlohmann::json::array();
  for (const auto& [row, reason] : setup.without_energy) {
    without_energy.push_back({{"row", row}, {"reason", reason}});
  }
  return answer.bytes({{"version", version},
                       {"setup", {{"id", setup.setup.id}, {"label", setup.setup.label}}},
                       {"without_energy", without_energy}});
}

}  // namespace wattfor
