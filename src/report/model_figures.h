#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "analysis/model_family.h"
#include "measurement/energy.h"
#include "report/judged_setup.h"

namespace wattfor {

// What is known of a model on one setup, at its best batch size: the one with the least energy per
// image. What a publication does not tell is absent.
struct ModelFigures {
  std::string model;
  int input_size = 0;
  double accuracy_percent = 0.0;  // NaN where it is unknown
  EnergyFigure energy;            // per image; NaN where there is none
  Basis basis = Basis::missing;
  std::optional<int> batch_size;
  std::optional<double> throughput_per_s;
  std::optional<double> latency_ms;
  std::optional<double> memory_bytes;
  bool on_pareto_front = false;
  bool is_imported = false;  // measured elsewhere
};

ModelFigures figures_of(const ModelTable& table, const JudgedSetup& setup, std::size_t row);

// Stable keys that carry their unit; unknown is null.
nlohmann::json to_json(const ModelFigures& figures);
// {"class":…, "family":…, "year":…}, null of a family that is not known.
nlohmann::json family_json(const ModelFamily* family);

// Nothing for NaN.
std::optional<double> known_number(double number);

}  // namespace wattfor
