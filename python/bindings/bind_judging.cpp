#include <fmt/format.h>
#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>
#include <nanobind/stl/vector.h>

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "analysis/sam.h"
#include "base/error.h"
#include "bindings.h"
#include "document/numbers.h"
#include "measurement/energy.h"
#include "measurement/json.h"
#include "python_object.h"
#include "report/extrapolate.h"
#include "tracking/told_facts.h"

namespace nb = nanobind;

namespace wattfor::python {
namespace {

using nlohmann::json;

// What can't be asked for, whatever was measured.
void require_target(std::int64_t epochs, double data_fraction) {
  require_epochs(epochs, "epochs");
  if (!(data_fraction > 0.0 && data_fraction <= 1.0)) {
    throw Error(ErrorCode::invalid_input,
                fmt::format("fraction: expected the share of the data, above 0 and at most 1, "
                            "found {}",
                            data_fraction));
  }
}

// From records in their JSON form.
json extrapolated(const std::vector<std::string>& records, int epochs, double data_fraction) {
  std::vector<Measurement> runs;
  runs.reserve(records.size());
  for (const std::string& each : records) runs.push_back(measurement_from_json(json::parse(each)));
  std::vector<const Measurement*> all;
  all.reserve(runs.size());
  for (const Measurement& run : runs) all.push_back(&run);
  return to_json(extrapolate(all, {.epochs = epochs, .data_fraction = data_fraction}));
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
  module.def("require_target", require_target, nb::arg("epochs"), nb::arg("data_fraction"));
  module.def(
      "extrapolate",
      [](const std::vector<std::string>& records, int epochs, double data_fraction) {
        return python_object(extrapolated(records, epochs, data_fraction));
      },
      nb::arg("records"), nb::arg("epochs"), nb::arg("data_fraction"));
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
