#include "report/extrapolate.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <set>

#include "base/error.h"
#include "document/numbers.h"

namespace wattfor {
namespace {

int epochs_told(std::span<const Measurement* const> runs) {
  std::set<int> told;
  for (const Measurement* run : runs) {
    if (run->training && run->training->epochs_total) told.insert(*run->training->epochs_total);
  }
  if (told.size() == 1) return *told.begin();
  throw Error(ErrorCode::usage,
              told.empty()
                  ? std::string("how many epochs has the whole training? Say --epochs N: the runs "
                                "did not tell epochs_total")
                  : fmt::format("how many epochs has the whole training? Say --epochs N: the runs "
                                "told {}",
                                fmt::join(told, " and ")));
}

// That of the worst of the runs; nothing where one's is not known.
std::optional<RelativeError> error_of(const std::vector<ObservedRun>& observed,
                                      std::optional<RelativeError> ObservedRun::* member) {
  RelativeError error;
  for (const ObservedRun& run : observed) {
    const auto& own = run.*member;
    if (!own) return std::nullopt;
    error.below = std::max(error.below, own->below);
    error.above = std::max(error.above, own->above);
  }
  return error;
}

// Names the values where runs differ in something in which those of one training don't.
void warn_if_mixed(const ExtrapolationView& view, const char* what,
                   const std::function<std::string(const Measurement&)>& of,
                   std::vector<std::string>& notes) {
  std::set<std::string> values;
  for (const Measurement* run : view.runs) values.insert(of(*run));
  values.erase("");
  if (values.size() < 2) return;
  notes.push_back(fmt::format("the runs differ in {} ({}): they may not be of one training", what,
                              fmt::join(values, "; ")));
}

std::string as_percent(double share) { return fmt::format("{:.3g} %", 100.0 * share); }

void note_what_was_observed(const ExtrapolationView& view, std::vector<std::string>& notes) {
  for (std::size_t i = 0; i < view.runs.size(); ++i) {
    const Measurement& run = *view.runs[i];
    const ObservedRun& observed = view.observed[i];
    if (!observed.data_fraction_is_told) {
      notes.push_back(fmt::format("{} told no data_fraction: taken for all the data", run.name));
    }
    if (observed.left_out > 0) {
      notes.push_back(
          fmt::format("{} of the epochs of {} never ended, or no sensor saw them: left "
                      "out",
                      observed.left_out, run.name));
    }
    if (observed.what_follows_is_unknown) {
      notes.push_back(
          fmt::format("what {} did after its only epoch (validation?) is not in the answer: "
                      "measure two epochs",
                      run.name));
    }
    if (run.outcome == Outcome::interrupted) {
      notes.push_back(fmt::format("{} was interrupted; its epochs count", run.name));
    }
    if (const auto& trend = view.answer.runs[i].trend) {
      notes.push_back(fmt::format(
          "the epochs of {} {} by {} each (± {}): throttling, or work that changes; the prediction "
          "is without it",
          run.name, trend->per_epoch > 0.0 ? "rise" : "fall",
          as_percent(std::abs(trend->per_epoch)), as_percent(normal_95 * trend->standard_error)));
    }
  }
  warn_if_mixed(
      view, "model",
      [](const Measurement& run) { return run.training ? run.training->model : std::string(); },
      notes);
  warn_if_mixed(
      view, "batch size",
      [](const Measurement& run) {
        return run.training && run.training->batch_size ? std::to_string(*run.training->batch_size)
                                                        : std::string();
      },
      notes);
  warn_if_mixed(
      view, "what is in the total", [](const Measurement& run) { return run.energy.total.scope; },
      notes);
  warn_if_mixed(
      view, "machine", [](const Measurement& run) { return run.machine.hostname; }, notes);
}

// What a run is warned of (another program, heat) is no variation between epochs.
void note_warnings(const ExtrapolationView& view, std::vector<std::string>& notes) {
  std::vector<std::string> warned;
  for (const Measurement* run : view.runs) {
    if (!run->warnings.empty()) warned.push_back(run->name);
  }
  if (warned.empty()) return;
  notes.push_back(
      fmt::format("{} {} warned of, and the interval does not hold that: `wattfor runs "
                  "ID` says of what",
                  fmt::join(warned, ", "), warned.size() == 1 ? "is" : "are"));
}

void note_how_sure_it_is(const ExtrapolationView& view, std::vector<std::string>& notes) {
  const TrainingExtrapolation& answer = view.answer;
  if (answer.warm_up_epochs > 0) {
    notes.push_back(fmt::format("the first {} counted once, as a warm-up",
                                answer.warm_up_epochs == 1
                                    ? std::string("epoch is")
                                    : fmt::format("{} epochs are", answer.warm_up_epochs)));
  }
  if (answer.warm_up_is_hidden) {
    notes.emplace_back(
        "with so few epochs a warm-up among them can't be told: measure three or more");
  }
  if (answer.spread_is_assumed) {
    notes.push_back(
        fmt::format("nothing tells how epochs vary: {} is assumed (a relative standard deviation)",
                    as_percent(answer.relative_spread)));
  }
  if (answer.parts && answer.parts->contradicts_model) {
    notes.emplace_back(
        "more data take less energy than chance allows: the runs are not of one training, or the "
        "model does not hold");
  }
  if (answer.scatters) {
    notes.emplace_back(
        "the runs lie off the line by more than their epochs vary: energy is not linear in the "
        "data here, or something differed between the runs; the interval takes that in");
  }
  if (std::ranges::any_of(view.observed, &ObservedRun::startup_is_in_first_epoch)) {
    notes.emplace_back(
        "the first epoch began with the run: what starts the training is in its energy, and counts "
        "again with each epoch unless it is told as a warm-up; mark where the first epoch begins");
  } else if (!answer.before_first_epoch) {
    notes.emplace_back(
        "what the run took before its first epoch is not known, and is not in the answer");
  }
  constexpr double worth_saying = 1.05;
  if (answer.beyond_epochs > worth_saying || answer.beyond_data_fraction > worth_saying) {
    notes.push_back(fmt::format(
        "it reaches beyond what was measured: {:.3g} times the epochs, {:.3g} times the share of "
        "the data; it takes energy as linear in both",
        answer.beyond_epochs, answer.beyond_data_fraction));
  }
}

}  // namespace

ExtrapolationView extrapolate(std::span<const Measurement* const> runs,
                              const ExtrapolationQuery& query) {
  ExtrapolationView view;
  view.runs.assign(runs.begin(), runs.end());
  std::vector<ObservedTraining> trainings;
  trainings.reserve(runs.size());
  view.observed.reserve(runs.size());
  for (const Measurement* run : runs) {
    view.observed.push_back(observed_run(*run));
    trainings.push_back(view.observed.back().training);
    view.basis = std::max(view.basis, view.observed.back().basis);
  }
  view.target = {.epochs = query.epochs ? *query.epochs : epochs_told(runs),
                 .data_fraction = query.data_fraction.value_or(1.0)};
  view.answer = extrapolate_training(trainings, view.target);
  const auto absolute = error_of(view.observed, &ObservedRun::absolute);
  const auto comparison = error_of(view.observed, &ObservedRun::comparison);
  const auto figure = [&](const ExtrapolatedEnergy& energy) {
    return with_sensor_error(energy, absolute, comparison);
  };
  if (view.answer.predicted) view.energy = figure(*view.answer.predicted);
  if (const auto& bracket = view.answer.bracket) {
    view.startup_alone = figure(bracket->startup_alone);
    view.data_alone = figure(bracket->data_alone);
  }
  note_what_was_observed(view, view.notes);
  note_how_sure_it_is(view, view.notes);
  note_warnings(view, view.notes);
  return view;
}

}  // namespace wattfor
