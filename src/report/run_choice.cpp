#include "report/run_choice.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <string_view>

#include "analysis/job_record.h"
#include "analysis/lineage.h"
#include "base/error.h"
#include "document/numbers.h"
#include "document/text_table.h"
#include "report/nearest_word.h"

namespace wattfor {
namespace {

using Runs = std::vector<const Measurement*>;

constexpr std::size_t most_listed = 12;

bool is_run(const Measurement& record) { return !record.cell; }

template <class Fits>
Runs runs_that(std::span<const Measurement> records, Fits fits) {
  Runs found;
  for (const Measurement& record : records) {
    if (is_run(record) && fits(record)) found.push_back(&record);
  }
  return found;
}

// Records are in the order they were added: the last is the newest, whatever a clock said.
std::string listed(const Runs& runs) {
  constexpr std::size_t to_the_minute = std::string_view("2026-01-01T00:00").size();
  std::string list;
  const std::size_t shown = std::min(runs.size(), most_listed);
  for (std::size_t back = 1; back <= shown; ++back) {
    const Measurement& run = *runs[runs.size() - back];
    list += fmt::format("\n  {}  {}  {}  {}", printable(run.id),
                        printable(run.started_at.substr(0, to_the_minute)),
                        energy_text(run.energy.total.gross), printable(run.name));
  }
  if (runs.size() > shown) list += fmt::format("\n  and {} more", runs.size() - shown);
  return list;
}

Error no_such_run(std::span<const Measurement> records, const std::string& word) {
  if (std::ranges::any_of(records, [&word](const auto& each) { return each.id == word; })) {
    return {ErrorCode::not_found,
            fmt::format("'{}' is a cell of a sweep, not a run; `wattfor rank` has the sweeps",
                        printable(word))};
  }
  std::vector<std::string> names;
  for (const Measurement& record : records) {
    if (is_run(record)) names.push_back(record.name);
  }
  if (names.empty()) {
    return {ErrorCode::not_found,
            fmt::format("there is no run '{}', nor any other; `wattfor run -- COMMAND` makes one",
                        printable(word))};
  }
  return {ErrorCode::not_found, fmt::format("there is no run '{}'; did you mean '{}'?",
                                            printable(word), printable(nearest_word(word, names)))};
}

// A run that counts in a job as well would count twice.
void refuse_part_and_whole(std::span<const Measurement> records, std::span<const std::string> words,
                           const std::string& job, const Runs& runs) {
  for (const std::string& word : words) {
    if (word.starts_with(job_prefix)) continue;
    if (std::ranges::find(runs, &required_run(records, word)) == runs.end()) continue;
    throw Error(ErrorCode::usage, fmt::format("the run '{}' is a part of '{}': name one of them",
                                              printable(word), printable(job)));
  }
}

Error no_such_job(std::span<const Measurement> records, const std::string& job) {
  const std::vector<std::string> jobs = jobs_among(records);
  if (jobs.empty()) {
    return {ErrorCode::not_found,
            fmt::format("there is no job '{}', nor any other: the runs of this store say of none; "
                        "$WATTFOR_JOB names one where no scheduler does",
                        printable(job))};
  }
  return {ErrorCode::not_found,
          fmt::format("there is no job '{}'; did you mean '{}'? `wattfor runs --jobs` lists them",
                      printable(job), printable(nearest_word(job, jobs)))};
}

}  // namespace

const Measurement& required_run(std::span<const Measurement> records, const std::string& word) {
  Runs found = runs_that(records, [&](const Measurement& run) { return run.id == word; });
  const char* shared = "id";
  if (found.empty()) {
    found = runs_that(records, [&](const Measurement& run) {
      return run.name == word && !run.id.starts_with(job_prefix);
    });
    shared = "name";
  }
  if (found.empty() && word.size() >= shortest_id_prefix) {
    found = runs_that(records, [&](const Measurement& run) { return run.id.starts_with(word); });
    shared = "beginning of an id";
  }
  if (found.empty()) throw no_such_run(records, word);
  if (found.size() > 1) {
    throw Error(ErrorCode::usage,
                fmt::format("'{}' is the {} of {} runs; say which by its id:{}", printable(word),
                            shared, found.size(), listed(found)));
  }
  return *found.front();
}

std::vector<Measurement> with_jobs(std::vector<Measurement> records,
                                   std::span<const std::string> words) {
  std::vector<Measurement> jobs;
  for (const std::string& word : words) {
    if (!word.starts_with(job_prefix)) continue;
    const std::string job = word.substr(job_prefix.size());
    const auto runs = job.empty() ? Runs() : runs_of_job(records, job);
    if (runs.empty()) throw no_such_job(records, job);
    refuse_part_and_whole(records, words, word, runs);
    const bool is_new =
        std::ranges::none_of(jobs, [&](const auto& each) { return each.id == word; });
    if (is_new) jobs.push_back(job_record(job, runs));
  }
  std::ranges::move(jobs, std::back_inserter(records));
  return records;
}

std::vector<const Measurement*> required_runs(std::span<const Measurement> records,
                                              std::span<const std::string> words) {
  Runs runs;
  runs.reserve(words.size());
  for (const std::string& word : words) {
    const Measurement& run = required_run(records, word);
    const auto same = std::ranges::find(runs, &run);
    if (same != runs.end()) {
      throw Error(ErrorCode::usage,
                  fmt::format("'{}' and '{}' are one run: name it once",
                              printable(words[static_cast<std::size_t>(same - runs.begin())]),
                              printable(word)));
    }
    runs.push_back(&run);
  }
  return runs;
}

}  // namespace wattfor
