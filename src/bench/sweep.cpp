#include "bench/sweep.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/error.h"
#include "base/log.h"
#include "bench/model_names.h"
#include "bench/model_sweep.h"
#include "bench/power_log.h"
#include "bench/subject.h"

namespace wattfor {
namespace {

void require(bool holds, const std::string& otherwise) {
  if (!holds) throw Error(ErrorCode::usage, otherwise);
}

void check_numbers(const SweepPlan& plan) {
  require(!plan.models.empty(), "a sweep needs at least one model file");
  require(plan.target > 0.0 && plan.target < 1.0,
          fmt::format("the target must lie between 0 and 100 %, got {} %", 100.0 * plan.target));
  require(plan.max_seconds > Seconds(0.0), "a cell's time must be more than 0 s");
  require(plan.batch_max >= 1,
          fmt::format("the largest batch must be 1 or more, got {}", plan.batch_max));
  require(plan.replicates >= 0 && plan.threads >= 0,
          "the numbers of replicates and threads must not be negative");
  for (const int size : plan.batch_sizes) {
    require(size >= 1, fmt::format("a batch size must be 1 or more, got {}", size));
  }
}

bool is_utf8(const std::string& text) {
  try {
    nlohmann::json(text).dump();
    return true;
  } catch (const nlohmann::json::exception&) {
    return false;
  }
}

void check_models(const SweepPlan& plan) {
  for (const auto& file : plan.models) {
    if (catalogue_of(file)) continue;
    require(is_utf8(file.string()),
            "a model file's name is not UTF-8, so no record can hold it; rename the file");
    std::error_code error;
    if (!std::filesystem::exists(file, error)) {
      throw Error(ErrorCode::not_found,
                  fmt::format("{}: no such model file; check the path", file.string()));
    }
    if (!std::filesystem::is_regular_file(file, error)) {
      throw Error(ErrorCode::invalid_input,
                  fmt::format("{}: expected a model file, this is none", file.string()));
    }
    if (!std::ifstream(file)) {
      throw Error(
          ErrorCode::permission_denied,
          fmt::format("{}: the model file can't be read; check its permissions", file.string()));
    }
  }
}

// Nothing where the file went away since the sweep began: without its hash it has no key to be
// recorded by.
std::optional<Model> readable_model(const std::filesystem::path& file) {
  try {
    return model_of(file);
  } catch (const Error& error) {
    log(LogLevel::warning, error.what());
    return std::nullopt;
  }
}

// Fills the logs with what the meter reads, for as long as it lives.
class LoggedMeter {
 public:
  LoggedMeter(Meter& meter, PowerLogs& logs) : meter_(meter) {
    meter_.observe([&logs](const Sample& sample) { logs.add(sample); });
  }
  LoggedMeter(const LoggedMeter&) = delete;
  LoggedMeter& operator=(const LoggedMeter&) = delete;
  ~LoggedMeter() { meter_.observe({}); }

 private:
  Meter& meter_;
};

}  // namespace

SweepSummary sweep(const SweepPlan& asked, const SweepSite& site) {
  check_numbers(asked);
  check_models(asked);
  SweepPlan plan = asked;
  try {
    plan.models = named_models(asked.models, site.start_worker);
  } catch (const Error&) {
    if (!site.pace.interrupted()) throw;
    return {.interrupted = true};
  }
  PowerLogs logs(plan.scope);
  std::optional<LoggedMeter> logged;
  if (plan.protocol == Protocol::study) logged.emplace(site.meter, logs);

  SweepState state;
  state.progress.models = plan.models.size();
  for (const auto& file : plan.models) {
    ++state.progress.model;
    if (auto model = readable_model(file)) {
      ModelSweep(plan, site, logs, state, *std::move(model)).run();
    } else {
      ++state.summary.failed;
    }
    if (state.summary.interrupted) break;
  }
  return state.summary;
}

}  // namespace wattfor
