#include "analysis/prediction_input.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "measurement/model_table.h"

namespace wattfor {
namespace {

// A usual model: 4 G multiply-accumulates, three activations and six parameters to a thousand of
// them, on an image of 224 pixels. Where the logarithms are zero is a matter of numerics alone.
constexpr double usual_macs = 4e9;
constexpr double usual_activations_per_mac = 3e-3;
constexpr double usual_parameters_per_mac = 6e-3;
constexpr double usual_input_size = 224.0;

using Features = std::array<double, enumerators<PredictionFeature>.size()>;

// Variances of the logarithm of the energy, and the lengths over which a course keeps its level, in
// logarithms of the features.
constexpr double level_variance = 100.0;  // any energy: a factor of e^±10
constexpr double slope_variance = 0.3;    // of each feature
constexpr double bend_variance = 1.4;
constexpr double bend_length = 1.65;
constexpr double family_level_variance = 0.09;
constexpr double family_course_variance = 0.015;
constexpr Features family_course_lengths{3.5, 0.2, 1.0, 4.0};
constexpr double word_variance = 0.135;
constexpr double architecture_variance = 0.007;

bool is_positive(double number) { return std::isfinite(number) && number > 0.0; }

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// The runs of letters, in lower case and in their order.
std::vector<std::string> words_of(std::string_view name) {
  std::vector<std::string> words;
  bool in_word = false;
  for (const char each : name) {
    const char c = lower(each);
    const bool is_letter = c >= 'a' && c <= 'z';
    if (is_letter && !in_word) words.emplace_back();
    if (is_letter) words.back() += c;
    in_word = is_letter;
  }
  return words;
}

// Of two sorted lists.
int shared_words(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  int shared = 0;
  for (auto left = a.begin(), right = b.begin(); left != a.end() && right != b.end();) {
    const int order = left->compare(*right);
    if (order == 0) ++shared;
    if (order <= 0) ++left;
    if (order >= 0) ++right;
  }
  return shared;
}

double square(double number) { return number * number; }

}  // namespace

std::string_view name_of(PredictionFeature feature) {
  switch (feature) {
    case PredictionFeature::macs:
      return "macs";
    case PredictionFeature::activations_per_mac:
      return "activations_per_mac";
    case PredictionFeature::parameters_per_mac:
      return "parameters_per_mac";
    case PredictionFeature::input_size:
      return "input_size";
  }
  return "";
}

std::optional<ModelTraits> traits_of(const PredictionInput& input) {
  if (!is_positive(input.parameters) || !is_positive(input.macs) || input.input_size <= 0 ||
      !is_positive(input.activations.value_or(1.0)) || architecture_of(input.model).empty()) {
    return std::nullopt;
  }
  ModelTraits traits;
  const auto per_mac = [&](double count, double usual) {
    return std::log(count) - std::log(input.macs) - std::log(usual);
  };
  traits.features = {
      std::log(input.macs / usual_macs),
      input.activations ? per_mac(*input.activations, usual_activations_per_mac) : 0.0,
      per_mac(input.parameters, usual_parameters_per_mac),
      std::log(input.input_size / usual_input_size)};
  traits.architecture = architecture_of(input.model);
  traits.words = words_of(traits.architecture);
  traits.known_family = family_of(traits.architecture);
  if (traits.known_family != nullptr) {
    traits.family = traits.known_family->name;
  } else if (!traits.words.empty()) {
    traits.family = traits.words.front();
  }
  std::ranges::sort(traits.words);
  const auto repeated = std::ranges::unique(traits.words);
  traits.words.erase(repeated.begin(), repeated.end());
  return traits;
}

double log_energy_covariance(const ModelTraits& a, const ModelTraits& b) {
  const bool is_one_family = a.family == b.family;
  double plane = 0.0;
  double family_distance = 0.0;
  for (std::size_t i = 0; i < a.features.size(); ++i) {
    plane += a.features[i] * b.features[i];
    family_distance += square((a.features[i] - b.features[i]) / family_course_lengths[i]);
  }
  constexpr auto per_mac = static_cast<std::size_t>(PredictionFeature::activations_per_mac);
  const double bend = square((a.features[per_mac] - b.features[per_mac]) / bend_length);
  double covariance = level_variance + slope_variance * plane +
                      bend_variance * std::exp(-0.5 * bend) +
                      word_variance * shared_words(a.words, b.words);
  if (is_one_family) {
    covariance += family_level_variance + family_course_variance * std::exp(-0.5 * family_distance);
  }
  if (a.architecture == b.architecture) covariance += architecture_variance;
  return covariance;
}

}  // namespace wattfor
