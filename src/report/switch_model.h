#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "analysis/energy_ratio.h"
#include "analysis/equivalents.h"
#include "analysis/footprint.h"
#include "measurement/measurement.h"
#include "measurement/model_table.h"
#include "report/electricity_settings.h"
#include "report/judged_setup.h"
#include "report/model_figures.h"

namespace wattfor {

// How much a model is used, and what its electricity emits and costs.
struct Usage {
  double images_per_day = 0.0;
  Electricity electricity = {};
};

struct SwitchQuery {
  SetupChoice where;
  std::string model;       // MODEL or MODEL@INPUT_SIZE
  std::optional<int> top;  // rows; the usual ten where absent
  std::optional<Usage> usage;
  bool equivalents = false;  // of what a year saves; needs a usage
};

// Throws Error{usage} where a number lies outside its limits. switch_from() does it, too.
void require_limits(const SwitchQuery& query);

// A model that is at least as accurate for no more energy, one of them strictly.
struct Alternative : ModelFigures {
  double accuracy_gained_percent = 0.0;  // points
  EnergySaving saved;                    // per image
  EnergyRatio factor;                    // its energy to that of the model in use
  bool is_slower = false;                // fewer images a second
  bool is_later = false;                 // a longer latency of a batch
};

struct SwitchView {
  Setup setup;
  std::vector<std::string> test_sets;
  ModelFigures current;
  bool is_on_front = false;               // then there is nothing to switch to
  std::vector<Alternative> alternatives;  // the least energy first
  std::size_t beyond_top = 0;
  std::optional<Usage> usage;
  bool shows_equivalents = false;
};

// Throws as judged_setup() and required_model() do, and Error{not_found} where the model has no
// accuracy on the test sets.
SwitchView switch_from(const ModelTable& table, const SwitchQuery& query);

// What a year of 365 days takes, emits and costs.
Footprint yearly(const Usage& usage, Joules per_image);

nlohmann::json to_json(const SwitchView& view);
std::string switch_text(const SwitchView& view, int width);

}  // namespace wattfor
