#include "analysis/energy_prediction.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <random>
#include <ranges>
#include <set>
#include <utility>

#include "analysis/distribution.h"
#include "analysis/gaussian_process.h"
#include "analysis/interval_width.h"
#include "analysis/random_draw.h"

namespace wattfor {
namespace {

constexpr std::size_t most_relatives = 5;

std::optional<ModelClass> class_of(const ModelTraits& traits) {
  if (traits.known_family == nullptr) return std::nullopt;
  return traits.known_family->model_class;
}

// The rows of each name.
std::map<std::string, RowGroup> rows_by(std::span<const ModelTraits> models,
                                        std::string ModelTraits::* name) {
  std::map<std::string, RowGroup> groups;
  for (std::size_t row = 0; row < models.size(); ++row) {
    groups[models[row].*name].push_back(static_cast<Eigen::Index>(row));
  }
  return groups;
}

Eigen::MatrixXd covariance_of(std::span<const ModelTraits> models) {
  const auto size = static_cast<Eigen::Index>(models.size());
  Eigen::MatrixXd covariance(size, size);
  for (Eigen::Index column = 0; column < size; ++column) {
    for (Eigen::Index row = column; row < size; ++row) {
      const double both = log_energy_covariance(models[row], models[column]);
      covariance(row, column) = covariance(column, row) = both;
    }
  }
  covariance.diagonal().array() += log_energy_noise;
  return covariance;
}

PredictedEnergy energy_of(const Normal& log_energy, double deviations) {
  const double reach = deviations * std::sqrt(log_energy.variance);
  return {.energy = Joules(std::exp(log_energy.mean)),
          .low = Joules(std::exp(log_energy.mean - reach)),
          .high = Joules(std::exp(log_energy.mean + reach))};
}

// Of each architecture the nearest row alone: its other weights would tell nothing new.
std::vector<Relative> nearest_architectures(std::vector<Relative> measured,
                                            std::span<const ModelTraits> models) {
  std::ranges::stable_sort(measured, {}, &Relative::usual_factor);
  std::vector<Relative> nearest;
  std::set<std::string_view> shown;
  for (const Relative& each : measured) {
    if (nearest.size() == most_relatives) break;
    if (shown.insert(models[each.row].architecture).second) nearest.push_back(each);
  }
  return nearest;
}

// Which units are held out together: as many to each fold as can be, drawn by the seed.
std::vector<RowGroup> folds_of(const std::map<std::string, RowGroup>& units,
                               const CrossValidationPlan& plan) {
  std::vector<const RowGroup*> shuffled;
  shuffled.reserve(units.size());
  for (const auto& [name, rows] : units) shuffled.push_back(&rows);
  std::mt19937_64 random(plan.seed);
  for (std::size_t left = shuffled.size(); left > 1; --left) {
    std::swap(shuffled[left - 1], shuffled[draw_below(left, random)]);
  }
  std::vector<RowGroup> folds(std::min(plan.folds, shuffled.size()));
  for (std::size_t i = 0; i < shuffled.size(); ++i) {
    RowGroup& fold = folds[i % folds.size()];
    fold.insert(fold.end(), shuffled[i]->begin(), shuffled[i]->end());
  }
  return folds;
}

double median(std::vector<double> numbers) {
  std::ranges::sort(numbers);
  return quantile(numbers, 0.5);
}

}  // namespace

struct EnergyPredictor::Fit {
  Fit(std::vector<ModelTraits> measured, std::vector<double> energies, bool with_activations,
      GaussianProcess fitted)
      : models(std::move(measured)),
        log_energies(std::move(energies)),
        uses_activations(with_activations),
        architectures(rows_by(models, &ModelTraits::architecture)),
        process(std::move(fitted)),
        width(width_without({})) {}

  // From what the architectures tell of each other where the rows that are `absent` had never been
  // measured.
  IntervalWidth width_without(const RowGroup& absent) const;

  std::vector<ModelTraits> models;
  std::vector<double> log_energies;  // of joules
  bool uses_activations;
  std::map<std::string, RowGroup> architectures;
  GaussianProcess process;
  IntervalWidth width;
};

IntervalWidth EnergyPredictor::Fit::width_without(const RowGroup& absent) const {
  const std::set<Eigen::Index> gone(absent.begin(), absent.end());
  std::vector<RowGroup> groups;
  for (const auto& [name, rows] : architectures) {
    if (!gone.contains(rows.front())) groups.push_back(rows);
  }
  const auto told = process.left_out(groups, absent);
  std::vector<ClaimedError> errors;
  for (std::size_t group = 0; group < groups.size(); ++group) {
    for (std::size_t i = 0; i < groups[group].size(); ++i) {
      const auto row = static_cast<std::size_t>(groups[group][i]);
      const Normal& normal = told[group][i];
      const double error = std::abs(log_energies[row] - normal.mean);
      errors.push_back(
          {.model_class = class_of(models[row]), .deviations = error / std::sqrt(normal.variance)});
    }
  }
  return IntervalWidth(errors);
}

std::optional<EnergyPredictor> EnergyPredictor::fit(std::span<const MeasuredModel> measured) {
  std::vector<ModelTraits> models;
  std::vector<double> log_energies;
  std::size_t with_activations = 0;
  for (const MeasuredModel& each : measured) {
    auto traits = traits_of(each.input);
    const double log_energy = std::log(each.energy.value());
    if (!traits || !std::isfinite(log_energy)) return std::nullopt;
    models.push_back(std::move(*traits));
    log_energies.push_back(log_energy);
    if (each.input.activations) ++with_activations;
  }
  if (with_activations != 0 && with_activations != models.size()) return std::nullopt;
  if (rows_by(models, &ModelTraits::architecture).size() < fewest_architectures) {
    return std::nullopt;
  }
  auto process = GaussianProcess::fit(
      covariance_of(models),
      Eigen::Map<const Eigen::VectorXd>(log_energies.data(),
                                        static_cast<Eigen::Index>(log_energies.size())));
  if (!process) return std::nullopt;
  return EnergyPredictor(std::make_unique<const Fit>(std::move(models), std::move(log_energies),
                                                     with_activations != 0, std::move(*process)));
}

EnergyPredictor::EnergyPredictor(std::unique_ptr<const Fit> fit) : fit_(std::move(fit)) {}
EnergyPredictor::EnergyPredictor(EnergyPredictor&&) noexcept = default;
EnergyPredictor& EnergyPredictor::operator=(EnergyPredictor&&) noexcept = default;
EnergyPredictor::~EnergyPredictor() = default;

std::size_t EnergyPredictor::rows() const { return fit_->models.size(); }
std::size_t EnergyPredictor::architectures() const { return fit_->architectures.size(); }
bool EnergyPredictor::uses_activations() const { return fit_->uses_activations; }

std::optional<EnergyPrediction> EnergyPredictor::predict(const PredictionInput& input) const {
  if (uses_activations() && !input.activations) return std::nullopt;
  PredictionInput looked_at = input;
  if (!uses_activations()) looked_at.activations = std::nullopt;
  const auto traits = traits_of(looked_at);
  if (!traits) return std::nullopt;

  EnergyPrediction prediction;
  prediction.family = traits->family;
  const double own = log_energy_covariance(*traits, *traits);
  Eigen::VectorXd covariance(static_cast<Eigen::Index>(rows()));
  std::vector<Relative> measured;
  for (std::size_t row = 0; row < rows(); ++row) {
    const ModelTraits& model = fit_->models[row];
    const double both = log_energy_covariance(*traits, model);
    covariance[static_cast<Eigen::Index>(row)] = both;
    if (model.family == traits->family) ++prediction.family_rows;
    const double difference = own + log_energy_covariance(model, model) - 2.0 * both;
    measured.push_back(
        {.row = row, .usual_factor = std::exp(std::sqrt(std::max(difference, 0.0)))});
  }
  prediction.energy = energy_of(fit_->process.at(covariance, own + log_energy_noise),
                                fit_->width.deviations(class_of(*traits)));
  prediction.relatives = nearest_architectures(std::move(measured), fit_->models);
  for (const PredictionFeature feature : enumerators<PredictionFeature>) {
    const auto value = [&](const ModelTraits& model) {
      return model.features[static_cast<std::size_t>(feature)];
    };
    const auto [least, greatest] = std::ranges::minmax(fit_->models | std::views::transform(value));
    if (value(*traits) < least || value(*traits) > greatest) {
      prediction.extrapolates.push_back(feature);
    }
  }
  return prediction;
}

std::optional<CrossValidation> EnergyPredictor::cross_validate(
    const CrossValidationPlan& plan) const {
  const auto folds = folds_of(plan.held_out == HeldOut::architectures
                                  ? fit_->architectures
                                  : rows_by(fit_->models, &ModelTraits::family),
                              plan);
  if (folds.size() < 2) return std::nullopt;
  CrossValidation validation;
  validation.predictions.resize(rows());
  for (const RowGroup& fold : folds) {
    const IntervalWidth width = fit_->width_without(fold);
    const auto told = fit_->process.left_out(std::span(&fold, 1)).front();
    for (std::size_t i = 0; i < fold.size(); ++i) {
      const auto row = static_cast<std::size_t>(fold[i]);
      validation.predictions[row] =
          energy_of(told[i], width.deviations(class_of(fit_->models[row])));
    }
  }
  std::vector<double> errors;
  std::vector<double> factors;
  std::size_t held = 0;
  for (std::size_t row = 0; row < rows(); ++row) {
    const PredictedEnergy& predicted = validation.predictions[row];
    const Joules measured(std::exp(fit_->log_energies[row]));
    errors.push_back(std::abs(predicted.energy / measured - 1.0));
    factors.push_back(predicted.high / predicted.energy);
    if (predicted.low <= measured && measured <= predicted.high) ++held;
  }
  validation.median_relative_error = median(std::move(errors));
  validation.median_interval_factor = median(std::move(factors));
  validation.coverage = static_cast<double>(held) / static_cast<double>(rows());
  return validation;
}

}  // namespace wattfor
