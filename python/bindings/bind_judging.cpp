#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

#include "analysis/sam.h"
#include "analysis/training_extrapolation.h"
#include "bindings.h"
#include "document/numbers.h"
#include "measurement/energy.h"
#include "python_object.h"
#include "tracking/told_facts.h"

namespace nb = nanobind;

namespace wattfor::python {
namespace {

using nlohmann::json;

// A training that was observed: the share of its data, what it took before its first epoch, and its
// epochs, in joules.
using Observed = std::tuple<double, std::optional<double>, std::vector<double>>;

json to_json(const ExtrapolatedEnergy& energy) {
  return {{"energy_j", energy.energy.value()},
          {"energy_low_j", energy.interval.low},
          {"energy_high_j", energy.interval.high}};
}

json to_json(const ShareBracket& bracket) {
  return {{"startup_alone", to_json(bracket.startup_alone)},
          {"data_alone", to_json(bracket.data_alone)}};
}

json to_json(const FittedJoules& fitted) {
  return {{"value_j", fitted.value},
          {"standard_error_j", fitted.standard_error ? json(*fitted.standard_error) : json()}};
}

json to_json(const EpochParts& parts) {
  constexpr const char* held[] = {"neither", "startup", "data"};
  return {{"startup", to_json(parts.startup)},
          {"data", to_json(parts.data)},
          {"held_at_zero", held[static_cast<std::size_t>(parts.held_at_zero)]},
          {"contradicts_model", parts.contradicts_model}};
}

json to_json(const ObservedFit& fit) {
  json trend;
  if (fit.trend) {
    trend = {{"per_epoch", fit.trend->per_epoch}, {"standard_error", fit.trend->standard_error}};
  }
  return {{"steady_epoch_j", fit.steady_epoch.value()},
          {"residuals_j", fit.residuals_j},
          {"trend", std::move(trend)}};
}

template <class Value>
json json_of(const std::optional<Value>& value) {
  return value ? to_json(*value) : json();
}

json to_json(const TrainingExtrapolation& answer) {
  json runs = json::array();
  for (const ObservedFit& run : answer.runs) runs.push_back(to_json(run));
  return {{"predicted", json_of(answer.predicted)},
          {"bracket", json_of(answer.bracket)},
          {"before_first_epoch", json_of(answer.before_first_epoch)},
          {"parts", json_of(answer.parts)},
          {"r_squared", answer.r_squared ? json(*answer.r_squared) : json()},
          {"runs", std::move(runs)},
          {"warm_up_epochs", answer.warm_up_epochs},
          {"warm_up_is_hidden", answer.warm_up_is_hidden},
          {"relative_spread", answer.relative_spread},
          {"spread_is_assumed", answer.spread_is_assumed},
          {"start_spread_is_assumed", answer.start_spread_is_assumed},
          {"scatters", answer.scatters},
          {"autocorrelation", answer.autocorrelation},
          {"beyond_epochs", answer.beyond_epochs},
          {"beyond_data_fraction", answer.beyond_data_fraction}};
}

json extrapolated(const std::vector<Observed>& runs, std::int64_t epochs, double data_fraction) {
  require_epochs(epochs, "epochs");
  std::vector<ObservedTraining> observed;
  observed.reserve(runs.size());
  for (const auto& [share, before, joules] : runs) {
    ObservedTraining& run = observed.emplace_back();
    run.data_fraction = share;
    if (before) run.before_first_epoch = Joules(*before);
    run.epochs.reserve(joules.size());
    for (const double each : joules) run.epochs.emplace_back(each);
  }
  return to_json(extrapolate_training(
      observed, {.epochs = static_cast<int>(epochs), .data_fraction = data_fraction}));
}

// The score and whether it is inflated, or why there is none.
json sam_of(double accuracy_percent, double energy_j) {
  const auto score = sam(accuracy_percent, Joules(energy_j));
  if (const auto* fault = std::get_if<SamFault>(&score)) {
    return {{"value", nullptr}, {"is_inflated", false}, {"why", explain(*fault)}};
  }
  const Sam& found = std::get<Sam>(score);
  return {{"value", found.value}, {"is_inflated", found.is_inflated}, {"why", ""}};
}

}  // namespace

void bind_judging(nb::module_& module) {
  module.def(
      "extrapolate",
      [](const std::vector<Observed>& runs, std::int64_t epochs, double data_fraction) {
        return python_object(extrapolated(runs, epochs, data_fraction));
      },
      nb::arg("runs"), nb::arg("epochs"), nb::arg("data_fraction"));
  module.def(
      "sam",
      [](double accuracy_percent, double energy_j) {
        return python_object(sam_of(accuracy_percent, energy_j));
      },
      nb::arg("accuracy_percent"), nb::arg("energy_j"));

  module.def("si_number", si_number, nb::arg("value"), nb::arg("unit"));
  module.def(
      "relative_interval",
      [](double value, double low, double high) {
        return relative_interval(value, Interval{.low = low, .high = high});
      },
      nb::arg("value"), nb::arg("low"), nb::arg("high"));
  module.def(
      "duration_text", [](double seconds) { return duration_text(Seconds(seconds)); },
      nb::arg("seconds"));
}

}  // namespace wattfor::python
