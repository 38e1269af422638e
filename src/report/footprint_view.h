#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/footprint.h"
#include "analysis/training_findings.h"
#include "document/figure.h"
#include "document/result_table.h"
#include "measurement/measurement.h"
#include "measurement/training.h"
#include "measurement/training_run.h"
#include "report/electricity_settings.h"

namespace wattfor {

struct FootprintQuery {
  std::vector<std::string> runs = {};         // see required_run()
  std::vector<std::string> built_on = {};     // what each builds on besides what its record says
  std::optional<double> uses = std::nullopt;  // in place of what the records say
  Electricity electricity = {};
  bool equivalents = false;
};

// A run that took part, and what of it counts.
struct FootprintRow {
  const Measurement* run = nullptr;
  Phase phase = Phase::training;
  double share = 1.0;                   // of its energy
  bool is_asked_for = false;            // by name, not as what another was built on
  double pue = 1.0;                     // 1 where its energy holds the data centre's share already
  std::optional<EnergyFigure> counted;  // the share of its energy, as it flowed
  std::optional<Footprint> footprint;   // of that, PUE and all; without a power
  std::optional<Watts> facility_power;  // of the run: its average times the PUE
};

// What runs, and all that they were built on, took, emitted and cost.
struct FootprintView {
  Electricity electricity;
  std::vector<FootprintRow> making;  // what others build on before them
  std::vector<FootprintRow> tests;   // of the finished model: in no total
  std::optional<EnergyFigure> counted;
  std::optional<Footprint> total;  // of the making
  Basis basis = Basis::missing;    // the weakest
  // Each run asked for, with its phases as a training run states them, and their shares.
  std::vector<TrainingRun> models;
  std::vector<PhaseShares> shares;
  bool shows_equivalents = false;
  std::vector<std::string> warnings;
};

// The records must outlive the view. Throws as required_runs() and lineage_of() do, and
// Error{usage} where --uses has nothing to share.
FootprintView footprint_view(std::span<const Measurement> records, const FootprintQuery& query);

// As it is called in a text: the model that its program told, else the run's name.
std::string subject_of(const Measurement& run);
// Several runs' subjects, each once: "a", "a and b", "a, b and c".
std::string subjects_of(const FootprintView& view);

// Throws Error{invalid_input} where one of the rows is of a simulated device: a `form` that has no
// place to say so would pass it off as electricity that flowed.
void refuse_simulated(const std::vector<FootprintRow>& rows, std::string_view form);

// "1.53 kWh", "583 g", "1.2 t"
std::string electricity_text(Joules energy);
std::string carbon_text(double grams);

// What is to be said of the terms: the PUE, where the intensity is from, what the intervals leave
// out.
std::vector<std::string> terms_lines(const FootprintView& view);

std::string footprint_text(const FootprintView& view, int width);
nlohmann::json to_json(const FootprintView& view);

enum class FootprintColumns {
  known,  // for people: without what is not known of any run
  all,    // for programs, the same whatever is known
};
// Every run, the total and the tests.
ResultTable footprint_table(const FootprintView& view, FootprintColumns columns);

}  // namespace wattfor
