#include "report/run_list.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>

#include "analysis/job_record.h"
#include "document/numbers.h"
#include "document/text_table.h"
#include "measurement/json.h"

namespace wattfor {
namespace {

std::ptrdiff_t epochs_of(const Measurement& run) {
  return std::ranges::count_if(run.windows, [](const MarkedWindow& window) {
    return window.kind == WindowKind::epoch && window.ended;
  });
}

std::string data_text(const Measurement& run) {
  if (!run.training || !run.training->data_fraction) return "";
  return fmt::format("{:.4g} %", 100.0 * *run.training->data_fraction);
}

std::string accuracy_text(const Measurement& run) {
  if (!run.training || !run.training->accuracy_percent) return "";
  return fmt::format("{:.4g} %", *run.training->accuracy_percent);
}

// "2026-01-31 12:00"
std::string minute_of(const std::string& time) {
  constexpr std::size_t to_the_minute = 16;
  std::string text = time.substr(0, to_the_minute);
  std::ranges::replace(text, 'T', ' ');
  return text;
}

}  // namespace

std::vector<const Measurement*> runs_among(std::span<const Measurement> records) {
  std::vector<const Measurement*> runs;
  for (const Measurement& record : records) {
    if (!record.cell) runs.push_back(&record);
  }
  return runs;
}

std::vector<Measurement> jobs_of(std::span<const Measurement> records) {
  std::vector<Measurement> sums;
  for (const std::string& job : jobs_among(records)) {
    sums.push_back(job_record(job, runs_of_job(records, job)));
  }
  return sums;
}

std::string run_list_text(std::span<const Measurement* const> runs, const std::string& empty,
                          int width) {
  if (runs.empty()) return wrapped_text(empty, width);
  TextTable table({{.title = "id"},
                   {.title = "begun (UTC)", .worth = 4},
                   {.title = "name", .worth = 6},
                   {.title = "duration", .align = Align::right, .worth = 5},
                   {.title = "energy", .align = Align::right},
                   {.title = "95 %", .align = Align::right, .worth = 3},
                   {.title = "basis", .worth = 7},
                   {.title = "epochs", .align = Align::right, .worth = 8},
                   {.title = "data", .align = Align::right, .worth = 8},
                   {.title = "accuracy", .align = Align::right, .worth = 8},
                   {.title = "outcome", .worth = 2}});
  for (const Measurement* run : runs) {
    constexpr std::size_t id_length = 8;
    constexpr int longest_name = 32;
    const auto& gross = run->energy.total.gross;
    const auto epochs = epochs_of(*run);
    const std::string name = printable(run->name);
    const std::string short_name(first_columns(name, longest_name));
    const bool is_job = run->id.starts_with(job_prefix);
    table.add({printable(is_job ? run->id : run->id.substr(0, id_length)),
               minute_of(run->started_at),
               short_name.size() < name.size() ? short_name + "…" : name,
               duration_text(run->energy.duration), energy_text(gross),
               gross ? relative_interval(gross->energy.value(), gross->absolute)
                     : std::string(unknown_number),
               std::string(name_of(run->energy.total.basis)),
               epochs > 0 ? fmt::format("{}", epochs) : "", data_text(*run), accuracy_text(*run),
               run->outcome == Outcome::done ? "" : std::string(name_of(run->outcome))});
  }
  table.fit(width);
  return table.text();
}

nlohmann::json run_list_json(std::span<const Measurement* const> runs) {
  nlohmann::json list = nlohmann::json::array();
  for (const Measurement* run : runs) {
    nlohmann::json total = to_json(run->energy).at("total");
    total["id"] = run->id;
    total["name"] = run->name;
    total["started_at"] = run->started_at;
    total["outcome"] = name_of(run->outcome);
    total["duration_s"] = run->energy.duration.count();
    total["training"] = run->training ? to_json(*run->training) : nlohmann::json();
    total["epochs"] = epochs_of(*run);
    total["steps"] = run->steps ? nlohmann::json(*run->steps) : nlohmann::json();
    list.push_back(std::move(total));
  }
  return list;
}

}  // namespace wattfor
