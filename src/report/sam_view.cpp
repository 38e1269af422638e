#include "report/sam_view.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstddef>
#include <functional>
#include <iterator>
#include <optional>
#include <set>
#include <utility>

#include "analysis/lineage.h"
#include "base/error.h"
#include "document/numbers.h"
#include "document/text_table.h"
#include "report/equivalents_view.h"
#include "report/footprint_view.h"
#include "report/import_view.h"
#include "report/json_values.h"
#include "report/run_choice.h"

namespace wattfor {
namespace {

constexpr const char* inflated =
    "below 10 kWh the logarithm is less than 1 and hands out the score: SAM says little there";

double kwh_of(const TrainingRun& run) { return in_kilowatt_hours(*run.train); }

std::string hardware_of(const TrainingRun& run) {
  if (run.device.empty()) return "";
  return run.device_count ? fmt::format("{} × {}", *run.device_count, run.device) : run.device;
}

std::string batch_size_of(const TrainingRun& run) {
  return run.batch_size ? std::to_string(*run.batch_size) : "";
}

// What the rows have in common must be named where they have not; nothing where they have, or where
// no row states it.
void warn_if_mixed(std::span<const TrainingRun* const> runs, std::vector<std::string>& warnings,
                   const char* what, const char* why,
                   const std::function<std::string(const TrainingRun&)>& of) {
  std::set<std::string> values;
  for (const TrainingRun* run : runs) values.insert(of(*run));
  if (values.size() < 2) return;
  const bool is_partly_stated = values.erase("") > 0;
  warnings.push_back(fmt::format("the rows mix {} ({}{}): {}", what, fmt::join(values, ", "),
                                 is_partly_stated ? ", and some state none" : "", why));
}

std::string missing_of(const TrainingRun& run) {
  if (!run.accuracy_percent && !run.train) return "it states neither accuracy nor train_kwh";
  if (!run.accuracy_percent) return "it states no accuracy_percent";
  return run.train ? "" : "it states no train_kwh";
}

// The best first; warnings of what is scored.
void rank(SamView& view) {
  std::ranges::stable_sort(view.rows, std::greater<>(),
                           [](const SamRow& row) { return row.score.value; });
  std::vector<const TrainingRun*> runs;
  runs.reserve(view.rows.size());
  for (const SamRow& row : view.rows) runs.push_back(&row.run);
  view.warnings = sam_warnings(runs);
}

// What a tracked run states, with the electricity of all that made the model.
TrainingRun stated_by(const Measurement& run, std::optional<Joules> making) {
  const TrainingFacts facts = run.training.value_or(TrainingFacts{});
  return {.model = subject_of(run),
          .task = facts.task,
          .dataset = facts.dataset,
          .device = run.machine.devices.empty()
                        ? run.machine.cpu
                        : fmt::format("{}", fmt::join(run.machine.devices, " + ")),
          .batch_size = facts.batch_size,
          .data_fraction = facts.data_fraction,
          .train = making,
          .metric = facts.metric,
          .accuracy_percent = facts.accuracy_percent};
}

// More electricity scores less; an end of which SAM is not defined leaves the interval unknown.
std::optional<Interval> interval_of(double accuracy_percent, const EnergyFigure& energy,
                                    const SamQuery& query) {
  if (!energy.absolute) return std::nullopt;
  const auto at = [&](double joules) {
    const auto score = sam(accuracy_percent, Joules(joules), query.form, query.constants);
    const auto* value = std::get_if<Sam>(&score);
    return value == nullptr ? std::nullopt : std::optional(value->value);
  };
  const auto low = at(energy.absolute->high);
  const auto high = at(energy.absolute->low);
  if (!low || !high) return std::nullopt;
  return Interval{.low = *low, .high = *high};
}

std::string name_of(SamForm form) { return form == SamForm::log1p ? "log1p" : "published"; }

// A tracked run's row, or why it has none.
std::variant<SamRow, std::string> row_of(const Measurement& run, const Lineage& lineage,
                                         const MakingEnergy& making, const SamQuery& query) {
  if (lineage.making.empty()) return "it is a test: SAM scores what made a model";
  TrainingRun stated =
      stated_by(run, making.energy ? std::optional(making.energy->energy) : std::nullopt);
  if (!stated.accuracy_percent) {
    return "its program told no accuracy (`wattfor mark set accuracy=0.761`, or run.log() in "
           "Python)";
  }
  if (!stated.train) return "its energy is not known";
  const auto score = sam(*stated.accuracy_percent, *stated.train, query.form, query.constants);
  if (const auto* fault = std::get_if<SamFault>(&score)) return std::string(explain(*fault));
  return SamRow{.run_id = run.id,
                .run = stated,
                .score = std::get<Sam>(score),
                .interval = interval_of(*stated.accuracy_percent, *making.energy, query),
                .basis = making.basis};
}

// What a score of a tracked run does not show.
void warn_of(const Measurement& run, std::span<const Measurement> records, const Lineage& lineage,
             const MakingEnergy& making, std::vector<std::string>& warnings) {
  const auto warn = [&](std::string words) { warnings.push_back(std::move(words)); };
  if (making.basis == Basis::simulated) warn(fmt::format("{} is of a simulated device", run.name));
  if (run.outcome != Outcome::done) {
    warn(fmt::format("{} is {}: its electricity may not be that of a whole training", run.name,
                     name_of(run.outcome)));
  }
  if (run.training && run.training->data_fraction.value_or(1.0) < 1.0) {
    warn(
        fmt::format("{} trained on {:.4g} % of its data: SAM is of whole trainings "
                    "(`wattfor extrapolate`)",
                    run.name, 100.0 * *run.training->data_fraction));
  }
  for (const MissingRun& missing : lineage.missing) {
    warn(
        fmt::format("{} builds on run {}, which this store lacks: its electricity is not in the "
                    "score",
                    records[missing.needed_by].name, missing.id));
  }
  for (const std::size_t unknown : making.unknown) {
    warn(fmt::format("the energy of {} is not known, and not in the score", records[unknown].name));
  }
}

Joules least_of(const std::vector<SamRow>& rows) {
  const auto train = [](const SamRow& row) { return *row.run.train; };
  return train(*std::ranges::min_element(rows, {}, train));
}

std::string formula(const SamQuery& query) {
  return fmt::format("SAM = {:g}·a^{:g} / log10({}kWh), a the accuracy as a share{}",
                     query.constants.beta, query.constants.alpha,
                     query.form == SamForm::log1p ? "1 + " : "",
                     query.form == SamForm::log1p ? "; log1p, a variant and no substitute" : "");
}

}  // namespace

std::vector<std::string> sam_warnings(std::span<const TrainingRun* const> runs) {
  constexpr double inflated_below_kwh = 10.0;
  std::vector<std::string> warnings;
  const auto low = std::ranges::count_if(
      runs, [](const TrainingRun* run) { return kwh_of(*run) < inflated_below_kwh; });
  if (low > 0) warnings.push_back(fmt::format("{} of the rows: {}", low, inflated));
  warn_if_mixed(runs, warnings, "batch sizes", "SAM compares runs of one batch size only",
                batch_size_of);
  warn_if_mixed(runs, warnings, "hardware", "SAM compares runs on like hardware only", hardware_of);
  warn_if_mixed(runs, warnings, "data sets", "accuracies on different data do not compare",
                [](const TrainingRun& run) { return run.dataset; });
  const auto apart =
      std::ranges::count_if(runs, [](const TrainingRun* run) { return run->pretrain.has_value(); });
  if (apart > 0) {
    warnings.push_back(
        fmt::format("{} of the rows state pre-training apart (pretrain_kwh), which is not in their "
                    "score: SAM takes what train_kwh says",
                    apart));
  }
  return warnings;
}

SamScore sam_score(double accuracy_percent, double kwh, const SamQuery& query) {
  const auto score = sam(accuracy_percent, kilowatt_hours(kwh), query.form, query.constants);
  if (const auto* fault = std::get_if<SamFault>(&score)) {
    throw Error(ErrorCode::invalid_input, fmt::format("no SAM of {:g} % at {:g} kWh: {}",
                                                      accuracy_percent, kwh, explain(*fault)));
  }
  const Sam& value = std::get<Sam>(score);
  SamScore answer{.sam = value.value, .told = std::nullopt, .warnings = {}};
  if (query.equivalents) answer.told = kilowatt_hours(kwh);
  if (value.is_inflated) answer.warnings.emplace_back(inflated);
  return answer;
}

SamView rank_by_sam(TrainingRows table, const std::string& file, const SamQuery& query) {
  SamView view{.file = file,
               .query = query,
               .rows = {},
               .left_out = std::move(table.left_out),
               .warnings = {}};
  const auto leave_out = [&](const TrainingRow& row, std::string reason) {
    view.left_out.push_back(
        {.file = file, .line = row.line, .what = row.run.model, .reason = std::move(reason)});
  };
  for (TrainingRow& row : table.rows) {
    if (std::string missing = missing_of(row.run); !missing.empty()) {
      leave_out(row, std::move(missing));
      continue;
    }
    const auto score = sam(*row.run.accuracy_percent, *row.run.train, query.form, query.constants);
    if (const auto* fault = std::get_if<SamFault>(&score)) {
      leave_out(row, std::string(explain(*fault)));
    } else {
      view.rows.push_back(
          {.line = row.line, .run = std::move(row.run), .score = std::get<Sam>(score)});
    }
  }
  std::ranges::sort(view.left_out, {}, &LeftOut::line);
  rank(view);
  return view;
}

SamView rank_by_sam(std::span<const Measurement> records, std::span<const std::string> words,
                    const SamQuery& query) {
  SamView view{.file = {}, .query = query, .rows = {}, .left_out = {}, .warnings = {}};
  std::vector<std::string> about_runs;
  for (const Measurement* run : required_runs(records, words)) {
    const auto place = static_cast<std::size_t>(run - records.data());
    const Lineage lineage = lineage_of(records, {.runs = {place}});
    const MakingEnergy making = making_energy(records, lineage);
    warn_of(*run, records, lineage, making, about_runs);
    auto row = row_of(*run, lineage, making, query);
    if (auto* scored = std::get_if<SamRow>(&row)) {
      view.rows.push_back(std::move(*scored));
    } else {
      view.left_out.push_back({.file = {},
                               .line = 0,
                               .what = run->name,
                               .reason = std::get<std::string>(std::move(row))});
    }
  }
  rank(view);
  std::ranges::copy(about_runs, std::back_inserter(view.warnings));
  return view;
}

ResultTable sam_result_table(const SamView& view) {
  ResultTable table{
      .id = "sam",
      .title = "Sustainable-Accuracy Metric",
      .caption = formula(view.query),
      .columns = {{.key = "rank", .heading = "rank"},
                  {.key = "model", .heading = "model", .align = Align::left},
                  {.key = "dataset", .heading = "data set", .align = Align::left},
                  {.key = "accuracy_percent",
                   .heading = "accuracy",
                   .unit = "%",
                   .digits = Digits::decimals,
                   .count = 2},
                  {.key = "train_kwh", .heading = "electricity", .unit = "kWh"},
                  {.key = "sam", .heading = "SAM", .digits = Digits::decimals},
                  {.key = "sam_low", .heading = "95 % from", .digits = Digits::decimals},
                  {.key = "sam_high", .heading = "to", .digits = Digits::decimals},
                  {.key = "batch_size", .heading = "batch size"},
                  {.key = "hardware", .heading = "hardware", .align = Align::left},
                  {.key = "basis", .heading = "basis", .align = Align::left}}};
  double place = 0.0;
  const auto number = [](const auto& value) {
    return value ? ResultCell(static_cast<double>(*value)) : ResultCell();
  };
  const auto text = [](const std::string& words) {
    return words.empty() ? ResultCell() : ResultCell(words);
  };
  for (const SamRow& row : view.rows) {
    const auto& interval = row.interval;
    table.rows.push_back({++place, row.run.model, text(row.run.dataset),
                          number(row.run.accuracy_percent), kwh_of(row.run), row.score.value,
                          interval ? ResultCell(interval->low) : ResultCell(),
                          interval ? ResultCell(interval->high) : ResultCell(),
                          number(row.run.batch_size), text(hardware_of(row.run)),
                          row.basis ? ResultCell(std::string(name_of(*row.basis))) : ResultCell()});
  }
  return table;
}

std::string sam_text(const SamScore& score, int width) {
  std::string text = fmt::format("SAM {:.4g}\n", score.sam);
  if (score.told) {
    const double kwh = in_kilowatt_hours(*score.told);
    text += wrapped_text(fmt::format("{} kWh is as much as:", plain_number(kwh)), width);
    for (const std::string& each : equivalent_lines(*score.told)) text += wrapped_text(each, width);
  }
  for (const std::string& each : score.warnings) text += wrapped_text("warning: " + each, width);
  return text;
}

nlohmann::json to_json(const SamScore& score) {
  nlohmann::json json{{"sam", score.sam}, {"warnings", score.warnings}};
  if (score.told) json["equivalents"] = equivalents_json(*score.told);
  return json;
}

std::string sam_table(const SamView& view, int width) {
  std::string text = wrapped_text(formula(view.query), width);
  // One thing for all rows, so that they compare.
  const EverydayThing* thing = nullptr;
  if (view.query.equivalents && !view.rows.empty()) thing = &common_thing(least_of(view.rows));
  std::vector<TextColumn> columns{{.title = "rank", .align = Align::right},
                                  {.title = "model"},
                                  {.title = "data set", .align = Align::left, .worth = 3},
                                  {.title = "accuracy", .align = Align::right},
                                  {.title = "kWh to train", .align = Align::right},
                                  {.title = "SAM", .align = Align::right},
                                  {.title = "95 %", .align = Align::right, .worth = 4},
                                  {.title = "batch", .align = Align::right, .worth = 2},
                                  {.title = "hardware", .align = Align::left, .worth = 1}};
  const bool has_bases =
      std::ranges::any_of(view.rows, [](const SamRow& row) { return row.basis.has_value(); });
  if (has_bases) columns.push_back({.title = "basis"});
  if (thing != nullptr) columns.push_back({.title = "everyday", .align = Align::right});
  TextTable table(std::move(columns));
  int rank = 0;
  for (const SamRow& row : view.rows) {
    const std::string batch = batch_size_of(row.run);
    std::vector<std::string> cells{
        std::to_string(++rank),
        printable(row.run.model),
        printable(row.run.dataset),
        fmt::format("{:.2f} %", *row.run.accuracy_percent),
        plain_number(kwh_of(row.run)),
        fmt::format("{:.3f}{}", row.score.value, row.score.is_inflated ? " !" : ""),
        row.interval ? fmt::format("{:.3f} … {:.3f}", row.interval->low, row.interval->high)
                     : std::string(unknown_number),
        batch.empty() ? std::string(unknown_number) : batch,
        printable(hardware_of(row.run))};
    if (has_bases) cells.emplace_back(row.basis ? name_of(*row.basis) : "");
    if (thing != nullptr) cells.push_back(plain_number(*row.run.train / thing->each));
    table.add(std::move(cells));
  }
  table.fit(width);
  if (!view.rows.empty()) text += "\n" + table.text();
  if (thing != nullptr) text += wrapped_text("everyday: " + words_of(*thing), width);
  if (!view.left_out.empty() || !view.warnings.empty()) text += '\n';
  for (const std::string& each : view.warnings) {
    text += wrapped_text(printable("warning: " + each), width);
  }
  return text + left_out_text(view.left_out, width);
}

nlohmann::json to_json(const SamView& view) {
  nlohmann::json rows = nlohmann::json::array();
  int rank = 0;
  for (const SamRow& row : view.rows) {
    nlohmann::json json{
        {"rank", ++rank},
        {"line", row.line > 0 ? nlohmann::json(row.line) : nlohmann::json()},
        {"model", row.run.model},
        {"task", text_or_null(row.run.task)},
        {"dataset", text_or_null(row.run.dataset)},
        {"metric", text_or_null(row.run.metric)},
        {"device", text_or_null(row.run.device)},
        {"device_count", value_or_null(row.run.device_count)},
        {"batch_size", value_or_null(row.run.batch_size)},
        {"accuracy_percent", *row.run.accuracy_percent},
        {"train_kwh", kwh_of(row.run)},
        {"run", text_or_null(row.run_id)},
        {"basis", row.basis ? nlohmann::json(name_of(*row.basis)) : nlohmann::json()},
        {"sam", row.score.value},
        {"sam_low", row.interval ? nlohmann::json(row.interval->low) : nlohmann::json()},
        {"sam_high", row.interval ? nlohmann::json(row.interval->high) : nlohmann::json()},
        {"inflated", row.score.is_inflated}};
    if (view.query.equivalents) json["equivalents"] = equivalents_json(*row.run.train);
    rows.push_back(std::move(json));
  }
  return {{"rows", rows},
          {"left_out", left_out_json(view.left_out)},
          {"warnings", view.warnings},
          {"form", name_of(view.query.form)},
          {"alpha", view.query.constants.alpha},
          {"beta", view.query.constants.beta}};
}

}  // namespace wattfor
