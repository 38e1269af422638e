#include "report/predict.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include "base/error.h"
#include "measurement/json.h"
#include "report/counted_models.h"
#include "report/json_values.h"
#include "report/judged_setup.h"
#include "report/nearest_word.h"

namespace wattfor {
namespace {

// Some 100 s, and 200 MB a matrix.
constexpr std::size_t most_fitted = 5000;

constexpr std::string_view counts_by_hand = "--input-size, --parameters, --macs and --activations";

const SetupColumns& setup_to_predict(const ModelTable& table,
                                     const std::optional<std::string>& asked) {
  if (table.setups.empty()) {
    throw Error(ErrorCode::not_found,
                "there is nothing to predict from: the store holds no measured model; `wattfor "
                "sweep MODEL…` measures some, `wattfor import study DIR` brings published ones in");
  }
  if (asked) return required_setup(table, *asked);
  if (table.setups.size() == 1) return table.setups.front();
  std::string ids;
  for (const SetupColumns& setup : table.setups) ids += "\n  " + setup.setup.id;
  throw Error(ErrorCode::usage,
              "a model's energy differs from setup to setup; choose one with --setup:" + ids);
}

CountedModels chosen_models(const ModelTable& table, const SetupColumns& setup,
                            const PredictQuery& query) {
  std::vector<std::string> names;
  names.reserve(table.counters.size());
  for (const CounterColumns& counter : table.counters) names.push_back(counter.counter);
  auto models = counted_models(table, setup, query.counter);
  if (!models && query.counter && !names.empty()) {
    throw unknown_name("counter", *query.counter, names);
  }
  if (!models || models->rows.empty()) {
    throw Error(
        ErrorCode::not_found,
        fmt::format("no measured model of the setup '{}' has its parameters and "
                    "multiply-accumulates counted{}; `wattfor import` brings counts in",
                    setup.setup.id, query.counter ? fmt::format(" by '{}'", *query.counter) : ""));
  }
  return std::move(*models);
}

PredictionInput given_counts(const CountedModels& models, const PredictQuery& query) {
  if (!query.input_size) {
    throw Error(ErrorCode::usage, "--input-size is missing: given counts are those at one size");
  }
  if (models.with_activations && !query.activations) {
    throw Error(ErrorCode::usage,
                fmt::format("--activations is missing: '{}' counts them in the measured models",
                            models.counts.counter));
  }
  return {.model = query.model,
          .input_size = *query.input_size,
          .parameters = *query.parameters,
          .macs = *query.macs,
          .activations = models.with_activations ? query.activations : std::nullopt};
}

Error not_counted(const ModelTable& table, const CountedModels& models, const PredictQuery& query) {
  std::vector<std::string> there;
  there.reserve(models.rows.size());
  for (const std::size_t row : models.rows) there.push_back(table.models[row].model);
  const bool is_known = std::ranges::any_of(table.models, [&](const ModelKey& key) {
    return architecture_of(key.model) == architecture_of(query.model);
  });
  const std::string size = query.input_size ? fmt::format(" at {}", *query.input_size) : "";
  const std::string why =
      is_known ? "" : fmt::format("; did you mean '{}'?", nearest_model(query.model, there));
  return {ErrorCode::not_found,
          fmt::format("the store has no counts of '{}'{} by '{}', or none that can be right{}\n"
                      "Give {}, as '{}' counts them, or choose another counter with --counter",
                      query.model, size, models.counts.counter, why, counts_by_hand,
                      models.counts.counter)};
}

// What the store has of the model, or of other weights of its architecture: the counts are the
// same.
PredictionInput stored_counts(const ModelTable& table, const CountedModels& models,
                              const PredictQuery& query) {
  std::optional<PredictionInput> found;
  std::set<int> sizes;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const ModelKey& key = table.models[row];
    if (architecture_of(key.model) != architecture_of(query.model)) continue;
    if (query.input_size && key.input_size != *query.input_size) continue;
    const auto input = models.input(table, row);
    if (!input) continue;
    sizes.insert(key.input_size);
    if (!found || key.model == query.model) found = input;
  }
  if (!found) throw not_counted(table, models, query);
  if (sizes.size() > 1) {
    throw Error(ErrorCode::usage,
                fmt::format("'{}' was counted at several input sizes; choose one with "
                            "--input-size: {}",
                            query.model, fmt::join(sizes, ", ")));
  }
  found->model = query.model;
  return *found;
}

MeasuredRelative measured_at(const ModelTable& table, const SetupColumns& setup, std::size_t row,
                             double usual_factor = 1.0) {
  return {.model = table.models[row].model,
          .input_size = table.models[row].input_size,
          .energy = Joules(setup.energy_j[row]),
          .basis = setup.basis[row],
          .usual_factor = usual_factor};
}

nlohmann::json to_json(const MeasuredRelative& relative) {
  return {{"model", relative.model},
          {"input_size", relative.input_size},
          {"energy_j", relative.energy.value()},
          {"basis", name_of(relative.basis)}};
}

nlohmann::json to_json(const std::optional<CrossValidation>& validation, std::size_t folds) {
  if (!validation) return nullptr;
  return {{"folds", folds},
          {"median_relative_error", validation->median_relative_error},
          {"coverage", validation->coverage},
          {"median_interval_factor", validation->median_interval_factor}};
}

}  // namespace

void require_counts(const PredictQuery& query) {
  const std::pair<const char*, std::optional<double>> counts[] = {
      {"--parameters", query.parameters},
      {"--macs", query.macs},
      {"--activations", query.activations}};
  for (const auto& [name, count] : counts) {
    if (count && !(std::isfinite(*count) && *count > 0.0)) {
      throw Error(ErrorCode::usage, fmt::format("{} must be a number above zero", name));
    }
  }
  const bool any = query.parameters || query.macs || query.activations;
  if (any && !(query.parameters && query.macs)) {
    throw Error(ErrorCode::usage,
                fmt::format("{} is missing: of the model's counts all are given, or none",
                            query.parameters ? "--macs" : "--parameters"));
  }
  if (query.input_size && *query.input_size <= 0) {
    throw Error(ErrorCode::usage, "--input-size must be above zero");
  }
}

PredictView predict(const ModelTable& table, const PredictQuery& query) {
  require_counts(query);
  const SetupColumns& setup = setup_to_predict(table, query.setup);
  const CountedModels models = chosen_models(table, setup, query);
  PredictView view;
  view.counts_are_given = query.parameters.has_value();
  const PredictionInput input =
      view.counts_are_given ? given_counts(models, query) : stored_counts(table, models, query);
  const auto own_row = table.find(query.model, input.input_size);
  if (own_row && setup.energy_j[*own_row] > 0.0) {
    view.measured = measured_at(table, setup, *own_row);
  }
  if (models.rows.size() > most_fitted) {
    throw Error(ErrorCode::usage,
                fmt::format("the setup has {} measured models; the fit takes the cube of their "
                            "number and is made for {} at most",
                            models.rows.size(), most_fitted));
  }
  std::vector<MeasuredModel> measured;
  std::vector<std::size_t> rows;
  for (const std::size_t row : models.rows) {
    const PredictionInput each = *models.input(table, row);
    if (view.measured && each.input_size == input.input_size &&
        architecture_of(each.model) == architecture_of(input.model)) {
      continue;
    }
    measured.push_back({each, Joules(setup.energy_j[row])});
    rows.push_back(row);
    if (setup.basis[row] == Basis::modelled) ++view.modelled_rows;
  }
  const auto predictor = EnergyPredictor::fit(measured);
  if (!predictor) {
    throw Error(ErrorCode::not_found,
                fmt::format("a prediction takes {} measured architectures of which '{}' has "
                            "counts, or nothing tells how far off it is; the setup '{}' has {} "
                            "such models",
                            EnergyPredictor::fewest_architectures, models.counts.counter,
                            setup.setup.id, measured.size()));
  }
  const auto prediction = predictor->predict(input);
  if (!prediction) {
    throw Error(ErrorCode::usage, "a model's name begins with its architecture, as in resnet50");
  }
  view.setup = setup.setup;
  view.counter = models.counts.counter;
  view.model = query.model;
  view.input_size = input.input_size;
  view.parameters = input.parameters;
  view.macs = input.macs;
  view.activations = input.activations;
  view.energy = prediction->energy;
  view.known_family = family_of(architecture_of(input.model));
  view.family = prediction->family;
  view.family_rows = prediction->family_rows;
  view.extrapolates = prediction->extrapolates;
  for (const Relative& relative : prediction->relatives) {
    view.relatives.push_back(measured_at(table, setup, rows[relative.row], relative.usual_factor));
  }
  view.rows = predictor->rows();
  view.architectures = predictor->architectures();
  view.uncounted = models.uncounted;
  const CrossValidationPlan plan;
  view.folds = plan.folds;
  view.by_architectures = predictor->cross_validate(plan);
  view.by_families = predictor->cross_validate({.held_out = HeldOut::families});
  return view;
}

nlohmann::json to_json(const PredictView& view) {
  nlohmann::json relatives = nlohmann::json::array();
  for (const MeasuredRelative& each : view.relatives) {
    relatives.push_back(to_json(each));
    relatives.back()["usual_factor"] = each.usual_factor;
  }
  nlohmann::json extrapolates = nlohmann::json::array();
  for (const PredictionFeature feature : view.extrapolates) {
    extrapolates.push_back(name_of(feature));
  }
  return {{"model", view.model},
          {"input_size", view.input_size},
          {"setup", view.setup.id},
          {"energy_j", view.energy.energy.value()},
          {"energy_low_j", view.energy.low.value()},
          {"energy_high_j", view.energy.high.value()},
          {"interval_percent", 90},
          {"measured", view.measured ? to_json(*view.measured) : nlohmann::json(nullptr)},
          {"counts",
           {{"counter", view.counter},
            {"given", view.counts_are_given},
            {"parameters", view.parameters},
            {"macs", view.macs},
            {"activations", value_or_null(view.activations)}}},
          {"family", view.known_family != nullptr ? nlohmann::json(view.known_family->name)
                                                  : nlohmann::json(nullptr)},
          {"class", view.known_family != nullptr
                        ? nlohmann::json(name_of(view.known_family->model_class))
                        : nlohmann::json(nullptr)},
          {"extrapolates", std::move(extrapolates)},
          {"rests_on",
           {{"models", view.rows},
            {"architectures", view.architectures},
            {"of_the_family", view.family_rows},
            {"modelled", view.modelled_rows},
            {"left_out_uncounted", view.uncounted}}},
          {"relatives", std::move(relatives)},
          {"cross_validation",
           {{"architectures_held_out", to_json(view.by_architectures, view.folds)},
            {"families_held_out", to_json(view.by_families, view.folds)}}}};
}

}  // namespace wattfor
