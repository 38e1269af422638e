#include "report/sam_view.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <functional>
#include <optional>
#include <set>
#include <utility>

#include "base/error.h"
#include "document/numbers.h"
#include "document/text_table.h"
#include "report/equivalents_view.h"
#include "report/import_view.h"
#include "report/json_values.h"

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

std::string name_of(SamForm form) { return form == SamForm::log1p ? "log1p" : "published"; }

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
  std::ranges::stable_sort(view.rows, std::greater<>(),
                           [](const SamRow& row) { return row.score.value; });
  std::vector<const TrainingRun*> runs;
  runs.reserve(view.rows.size());
  for (const SamRow& row : view.rows) runs.push_back(&row.run);
  view.warnings = sam_warnings(runs);
  return view;
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
                                  {.title = "batch", .align = Align::right, .worth = 2},
                                  {.title = "hardware", .align = Align::left, .worth = 1}};
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
        batch.empty() ? std::string(unknown_number) : batch,
        printable(hardware_of(row.run))};
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
    nlohmann::json json{{"rank", ++rank},
                        {"line", row.line},
                        {"model", row.run.model},
                        {"task", text_or_null(row.run.task)},
                        {"dataset", text_or_null(row.run.dataset)},
                        {"metric", text_or_null(row.run.metric)},
                        {"device", text_or_null(row.run.device)},
                        {"device_count", value_or_null(row.run.device_count)},
                        {"batch_size", value_or_null(row.run.batch_size)},
                        {"accuracy_percent", *row.run.accuracy_percent},
                        {"train_kwh", kwh_of(row.run)},
                        {"sam", row.score.value},
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
