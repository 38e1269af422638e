#include "report/footprint_view.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <map>
#include <utility>

#include "analysis/lineage.h"
#include "base/error.h"
#include "document/numbers.h"
#include "document/text_table.h"
#include "report/footprint_words.h"
#include "report/json_values.h"
#include "report/run_choice.h"
#include "report/scope_words.h"

namespace wattfor {
namespace {

using Json = nlohmann::json;

std::vector<std::size_t> places_of(std::span<const Measurement> records,
                                   const std::vector<std::string>& words) {
  std::vector<std::size_t> places;
  places.reserve(words.size());
  for (const Measurement* run : required_runs(records, words)) {
    places.push_back(static_cast<std::size_t>(run - records.data()));
  }
  return places;
}

// The data centre's share that an imported run's energies hold already; 1 where there is none.
double pue_within(const Measurement& run) {
  const auto found = run.settings.find("pue");
  if (found == run.settings.end() || !run.settings.contains("codecarbon_version")) return 1.0;
  double pue = 1.0;
  const std::string& text = found->second;
  std::from_chars(text.data(), text.data() + text.size(), pue);
  return pue;
}

FootprintRow row_of(const Measurement& run, double share, bool is_asked_for,
                    const ElectricityTerms& terms) {
  FootprintRow row{.run = &run,
                   .phase = phase_of(run),
                   .share = share,
                   .is_asked_for = is_asked_for,
                   .pue = pue_within(run) == 1.0 ? terms.pue : 1.0,
                   .counted = std::nullopt,
                   .footprint = std::nullopt,
                   .facility_power = std::nullopt};
  if (!run.energy.total.gross) return row;
  ElectricityTerms own = terms;
  own.pue = row.pue;
  row.counted = multiplied(*run.energy.total.gross, share);
  row.footprint = footprint_of(*row.counted, std::nullopt, own);
  row.facility_power =
      footprint_of(*run.energy.total.gross, run.energy.duration, own).average_power;
  return row;
}

// The sum of the rows' energies, each times its own PUE.
std::optional<Footprint> total_footprint(const std::vector<FootprintRow>& rows,
                                         ElectricityTerms terms) {
  std::optional<EnergyFigure> sum;
  for (const FootprintRow& row : rows) {
    if (!row.footprint) continue;
    sum = sum ? sum_of(*sum, row.footprint->energy) : row.footprint->energy;
  }
  if (!sum) return std::nullopt;
  terms.pue = 1.0;
  return footprint_of(*sum, std::nullopt, terms);
}

std::string quoted(const Measurement& run) { return fmt::format("'{}'", run.name); }

std::vector<std::string> warnings_of(std::span<const Measurement> records, const Lineage& lineage,
                                     const FootprintView& view) {
  std::vector<std::string> warnings;
  warnings.reserve(lineage.missing.size());
  for (const MissingRun& missing : lineage.missing) {
    warnings.push_back(
        fmt::format("{} builds on the run {}, which is not in this store: the total is short of it",
                    quoted(records[missing.needed_by]), missing.id));
  }
  std::map<std::string, std::vector<std::string>> scopes;
  for (const auto* rows : {&view.making, &view.tests}) {
    for (const FootprintRow& row : *rows) {
      const Measurement& run = *row.run;
      const TotalEnergy& total = run.energy.total;
      if (!total.gross) {
        warnings.push_back(
            fmt::format("of {} no energy is known: it counts for nothing here", quoted(run)));
        continue;
      }
      scopes[scope_words(total.scope, run.energy.components)].push_back(quoted(run));
      if (run.outcome == Outcome::interrupted) {
        warnings.push_back(
            fmt::format("{} was interrupted: what it took until its last record", quoted(run)));
      }
      if (total.basis == Basis::simulated) {
        warnings.push_back(fmt::format("{} is simulated: no electricity flowed", quoted(run)));
      }
      if (const double pue = pue_within(run); pue != 1.0) {
        warnings.push_back(
            fmt::format("the energy of {} holds a PUE of {} already: it is not multiplied again",
                        quoted(run), pue));
      }
    }
  }
  if (scopes.size() > 1) {
    std::vector<std::string> parts;
    parts.reserve(scopes.size());
    for (const auto& [scope, names] : scopes) {
      parts.push_back(fmt::format("{}: {}", scope, fmt::join(names, ", ")));
    }
    warnings.push_back(
        fmt::format("the runs' totals are not of the same parts ({})", fmt::join(parts, "; ")));
  }
  return warnings;
}

// Each run that is asked for, with the phases of its own making.
void add_models(FootprintView& view, std::span<const Measurement> records,
                const LineageQuery& query) {
  for (const std::size_t run : query.runs) {
    LineageQuery alone = query;
    alone.runs = {run};
    TrainingRun model = phases_of(records, lineage_of(records, alone));
    model.model = records[run].name;
    if (records[run].training) model.dataset = records[run].training->dataset;
    if (const auto shares = phase_shares(model, view.models.size())) {
      view.shares.push_back(*shares);
    }
    view.models.push_back(std::move(model));
  }
}

Json interval_json(const char* name, const std::optional<EnergyFigure>& figure) {
  const std::string key = name;
  const auto end = [&](double Interval::* side) {
    return figure && figure->absolute ? Json((*figure->absolute).*side) : Json(nullptr);
  };
  return {{key + "_j", figure ? Json(figure->energy.value()) : Json(nullptr)},
          {key + "_low_j", end(&Interval::low)},
          {key + "_high_j", end(&Interval::high)}};
}

Json amount_json(const std::string& name, const std::string& unit,
                 const std::optional<Amount>& amount) {
  const auto end = [&](double Interval::* side) {
    return amount && amount->interval ? Json((*amount->interval).*side) : Json(nullptr);
  };
  return {{name + unit, amount ? Json(amount->value) : Json(nullptr)},
          {name + "_low" + unit, end(&Interval::low)},
          {name + "_high" + unit, end(&Interval::high)}};
}

Json figures_json(const std::optional<EnergyFigure>& counted,
                  const std::optional<Footprint>& footprint) {
  Json json = interval_json("energy", counted);
  json.update(interval_json("facility_energy",
                            footprint ? std::optional(footprint->energy) : std::nullopt));
  json.update(amount_json("carbon", "_g", footprint ? footprint->carbon_g : std::nullopt));
  json.update(amount_json("cost", "", footprint ? footprint->cost : std::nullopt));
  return json;
}

Json row_json(const FootprintRow& row) {
  const TotalEnergy& total = row.run->energy.total;
  Json json{{"id", row.run->id},
            {"name", row.run->name},
            {"started_at", row.run->started_at},
            {"duration_s", row.run->energy.duration.count()},
            {"phase", name_of(row.phase)},
            {"asked_for", row.is_asked_for},
            {"share", row.share},
            {"basis", name_of(total.basis)},
            {"scope", scope_words(total.scope, row.run->energy.components)},
            {"pue", row.pue},
            {"facility_power_w", value_or_null(row.facility_power)}};
  json.update(figures_json(row.counted, row.footprint));
  return json;
}

Json rows_json(const std::vector<FootprintRow>& rows) {
  Json list = Json::array();
  for (const FootprintRow& row : rows) list.push_back(row_json(row));
  return list;
}

}  // namespace

FootprintView footprint_view(std::span<const Measurement> records, const FootprintQuery& query) {
  const LineageQuery asked{.runs = places_of(records, query.runs),
                           .also_built_on = places_of(records, query.built_on),
                           .uses = query.uses};
  const Lineage lineage = lineage_of(records, asked);
  const auto is_asked_for = [&asked](std::size_t run) {
    return std::ranges::find(asked.runs, run) != asked.runs.end();
  };
  const auto builds_on_any = [&](std::size_t run) {
    return !asked.also_built_on.empty() ||
           (records[run].training && !records[run].training->builds_on.empty());
  };
  if (query.uses && std::ranges::none_of(asked.runs, builds_on_any)) {
    throw Error(ErrorCode::usage,
                "--uses has nothing to share: none of these runs says that it builds on another; "
                "--built-on RUN says so here");
  }
  FootprintView view;
  view.electricity = query.electricity;
  view.shows_equivalents = query.equivalents;
  view.making.reserve(lineage.making.size());
  for (const LineagePart& part : lineage.making) {
    view.making.push_back(
        row_of(records[part.run], part.share, is_asked_for(part.run), query.electricity.terms));
  }
  view.tests.reserve(lineage.tests.size());
  for (const std::size_t test : lineage.tests) {
    view.tests.push_back(row_of(records[test], 1.0, is_asked_for(test), query.electricity.terms));
  }
  const MakingEnergy making = making_energy(records, lineage);
  view.counted = making.energy;
  view.basis = making.basis;
  view.total = total_footprint(view.making, query.electricity.terms);
  add_models(view, records, asked);
  view.warnings = warnings_of(records, lineage, view);
  return view;
}

std::string subject_of(const Measurement& run) {
  return run.training && !run.training->model.empty() ? run.training->model : run.name;
}

std::string subjects_of(const FootprintView& view) {
  std::vector<std::string> subjects;
  for (const auto* rows : {&view.making, &view.tests}) {
    for (const FootprintRow& row : *rows) {
      std::string subject = subject_of(*row.run);
      if (!row.is_asked_for || std::ranges::find(subjects, subject) != subjects.end()) continue;
      subjects.push_back(std::move(subject));
    }
  }
  return listed_words(subjects);
}

std::string electricity_text(Joules energy) {
  return si_number(in_kilowatt_hours(energy) * 1e3, "Wh");
}

std::string carbon_text(double grams) {
  constexpr double tonne = 1e6;
  return std::abs(grams) < 0.9995 * tonne ? si_number(grams, "g")
                                          : plain_number(grams / tonne) + " t";
}

nlohmann::json to_json(const FootprintView& view) {
  Json phases = Json::array();
  for (const PhaseShares& each : view.shares) {
    phases.push_back({{"run", view.models[each.run].model},
                      {"energy_j", each.total.value()},
                      {"pretraining_percent", value_or_null(each.pretrain_percent)},
                      {"training_percent", value_or_null(each.train_percent)},
                      {"finetuning_percent", value_or_null(each.finetune_percent)},
                      {"testing_percent", value_or_null(each.test_percent)}});
  }
  Json total = figures_json(view.counted, view.total);
  total["basis"] = name_of(view.basis);
  return {{"runs", rows_json(view.making)},
          {"tests", rows_json(view.tests)},
          {"total", std::move(total)},
          {"phases", std::move(phases)},
          {"electricity", to_json(view.electricity)},
          {"warnings", view.warnings}};
}

}  // namespace wattfor
