#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "analysis/sam.h"
#include "dataset/training.h"
#include "document/result_table.h"
#include "measurement/measurement.h"

namespace wattfor {

// How SAM is asked for.
struct SamQuery {
  SamForm form = SamForm::published;
  SamConstants constants = {};
  bool equivalents = false;  // the electricity in everyday things, too
};

// One score, and what is to be said of it.
struct SamScore {
  double sam = 0.0;
  std::optional<Joules> told;  // the electricity, where it is asked for in everyday things
  std::vector<std::string> warnings;
};

// Throws Error{invalid_input} with the reason where SAM is not defined.
SamScore sam_score(double accuracy_percent, double kwh, const SamQuery& query);

struct SamRow {
  int line = 0;             // of a table
  std::string run_id = {};  // of a tracked run's record
  TrainingRun run;
  Sam score;
  std::optional<Interval> interval = std::nullopt;  // 95 %, from that of the electricity
  std::optional<Basis> basis = std::nullopt;        // of a tracked run's
};

// What is to be said of the scores of these runs beside each other: how many lie below 10 kWh, and
// what makes the runs no like with like.
std::vector<std::string> sam_warnings(std::span<const TrainingRun* const> runs);

// Runs by SAM, the best first; equal ones as they stand in the table, or as they were named.
struct SamView {
  std::string file;  // empty for tracked runs
  SamQuery query;
  std::vector<SamRow> rows;
  std::vector<LeftOut> left_out;
  std::vector<std::string> warnings;  // see sam_warnings()
};

// SAM of each row's accuracy and the electricity to train it; a row without both, or of which SAM
// is not defined, is left out with the reason.
SamView rank_by_sam(TrainingRows table, const std::string& file, const SamQuery& query);

// The same of tracked runs (required_runs()): the accuracy that their programs told, and the energy
// of all that made the model, what it was built on with it and tests apart (analysis/lineage.h).
SamView rank_by_sam(std::span<const Measurement> records, std::span<const std::string> words,
                    const SamQuery& query);

std::string sam_text(const SamScore& score, int width);
// {"sam":…, "warnings":[…]}, and "equivalents":[…] where they are asked for
nlohmann::json to_json(const SamScore& score);

std::string sam_table(const SamView& view, int width);
// For CSV, Markdown and LaTeX.
ResultTable sam_result_table(const SamView& view);
// {"rows":[…], "left_out":[…], "warnings":[…], "form":…, "alpha":…, "beta":…}; each row has its
// "equivalents" where they are asked for.
nlohmann::json to_json(const SamView& view);

}  // namespace wattfor
