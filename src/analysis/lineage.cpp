#include "analysis/lineage.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <string_view>

#include "base/error.h"

namespace wattfor {
namespace {

struct Link {
  std::size_t run = 0;
  double uses = 1.0;
};

// Where the records of ids are.
class IdPlaces {
 public:
  explicit IdPlaces(std::span<const Measurement> records) {
    for (std::size_t i = 0; i < records.size(); ++i) places_.emplace(records[i].id, i);
  }

  // Of an id, or of the only one that begins so.
  std::optional<std::size_t> find(const std::string& id) const {
    const auto found = places_.find(id);
    if (found != places_.end()) return found->second;
    if (beginning_with(id) != 1) return std::nullopt;
    return places_.lower_bound(id)->second;
  }

  // How many ids do.
  std::size_t beginning_with(const std::string& id) const {
    if (id.size() < shortest_id_prefix) return 0;
    std::size_t count = 0;
    for (auto each = places_.lower_bound(id); each != places_.end() && each->first.starts_with(id);
         ++each) {
      ++count;
    }
    return count;
  }

 private:
  std::map<std::string_view, std::size_t> places_;
};

// Walks from runs to what they build on.
class Walk {
 public:
  Walk(std::span<const Measurement> records, const IdPlaces& places, const LineageQuery& query)
      : records_(records), places_(places), query_(query), states_(records.size(), State::unseen) {}

  void visit(std::size_t run) {
    if (states_[run] == State::done) return;
    path_.push_back(run);
    if (states_[run] == State::open) throw circle();
    states_[run] = State::open;
    for (const Link& link : links_of(run)) visit(link.run);
    states_[run] = State::done;
    order_.push_back(run);
    path_.pop_back();
  }

  // The share of each run in the order of order().
  std::vector<LineagePart> parts() const {
    std::vector<double> shares(records_.size(), 0.0);
    for (const std::size_t run : query_.runs) shares[run] = 1.0;
    std::vector<LineagePart> parts;
    parts.reserve(order_.size());
    // Whoever builds on a run stands behind it: its share is whole before it is handed on.
    for (auto run = order_.rbegin(); run != order_.rend(); ++run) {
      shares[*run] = std::min(1.0, shares[*run]);
      parts.push_back({.run = *run, .share = shares[*run]});
      const auto links = links_.find(*run);
      for (const Link& link : links->second) shares[link.run] += shares[*run] / link.uses;
    }
    std::ranges::reverse(parts);
    return parts;
  }

  std::vector<MissingRun> missing() const { return missing_; }

 private:
  enum class State { unseen, open, done };

  bool is_asked_for(std::size_t run) const {
    return std::ranges::find(query_.runs, run) != query_.runs.end();
  }

  std::vector<Link> links_of(std::size_t run) {
    std::vector<Link> links;
    const bool asked_for = is_asked_for(run);
    if (records_[run].training) {
      for (const BuiltOn& base : records_[run].training->builds_on) {
        if (const auto place = places_.find(base.run)) {
          links.push_back({.run = *place, .uses = uses_of(base, run, asked_for)});
        } else if (places_.beginning_with(base.run) > 1) {
          throw Error(ErrorCode::invalid_input,
                      fmt::format("'{}' builds on {}, with which the ids of several runs begin",
                                  records_[run].name, base.run));
        } else {
          missing_.push_back({.id = base.run, .needed_by = run});
        }
      }
    }
    if (asked_for) {
      for (const std::size_t base : query_.also_built_on) {
        links.push_back({.run = base, .uses = query_.uses.value_or(1.0)});
      }
    }
    return links_[run] = links;
  }

  double uses_of(const BuiltOn& base, std::size_t run, bool asked_for) const {
    const double uses = asked_for ? query_.uses.value_or(base.uses) : base.uses;
    if (std::isfinite(uses) && uses >= 1.0) return uses;
    throw Error(ErrorCode::invalid_input,
                fmt::format("'{}' builds on {} shared over {} uses: expected 1 or more",
                            records_[run].name, base.run, uses));
  }

  Error circle() const {
    const auto begin = std::ranges::find(path_, path_.back());
    std::vector<std::string_view> names;
    for (auto run = begin; run != path_.end(); ++run) names.push_back(records_[*run].id);
    return {ErrorCode::invalid_input,
            fmt::format("runs that build on each other in a circle have no beginning: {}",
                        fmt::join(names, " → "))};
  }

  std::span<const Measurement> records_;
  const IdPlaces& places_;
  const LineageQuery& query_;
  std::vector<State> states_;
  std::vector<std::size_t> path_;
  std::vector<std::size_t> order_;
  std::map<std::size_t, std::vector<Link>> links_;
  std::vector<MissingRun> missing_;
};

bool builds_on_any(const Measurement& run, const IdPlaces& places,
                   const std::vector<std::size_t>& bases) {
  if (!run.training) return false;
  return std::ranges::any_of(run.training->builds_on, [&](const BuiltOn& base) {
    const auto place = places.find(base.run);
    return place && std::ranges::find(bases, *place) != bases.end();
  });
}

std::optional<Joules>& phase_of_training(TrainingRun& run, Phase phase) {
  switch (phase) {
    case Phase::pretraining:
      return run.pretrain;
    case Phase::finetuning:
      return run.finetune;
    case Phase::testing:
      return run.test;
    case Phase::training:
      break;
  }
  return run.train;
}

}  // namespace

Phase phase_of(const Measurement& run) {
  return run.training ? run.training->phase : Phase::training;
}

Lineage lineage_of(std::span<const Measurement> records, const LineageQuery& query) {
  const IdPlaces places(records);
  Walk walk(records, places, query);
  for (const std::size_t run : query.runs) walk.visit(run);
  Lineage lineage{.making = {}, .tests = {}, .missing = walk.missing()};
  for (const LineagePart& part : walk.parts()) {
    if (phase_of(records[part.run]) == Phase::testing) {
      lineage.tests.push_back(part.run);
    } else {
      lineage.making.push_back(part);
    }
  }
  for (std::size_t i = 0; i < records.size(); ++i) {
    if (phase_of(records[i]) != Phase::testing) continue;
    if (std::ranges::find(lineage.tests, i) != lineage.tests.end()) continue;
    if (builds_on_any(records[i], places, query.runs)) lineage.tests.push_back(i);
  }
  return lineage;
}

MakingEnergy making_energy(std::span<const Measurement> records, const Lineage& lineage) {
  MakingEnergy making;
  for (const LineagePart& part : lineage.making) {
    const TotalEnergy& total = records[part.run].energy.total;
    if (!total.gross) {
      making.unknown.push_back(part.run);
      continue;
    }
    const EnergyFigure energy = multiplied(*total.gross, part.share);
    // The enumerators stand from the most to the least trustworthy.
    making.basis = making.energy ? std::max(making.basis, total.basis) : total.basis;
    making.energy = making.energy ? sum_of(*making.energy, energy) : energy;
  }
  return making;
}

TrainingRun phases_of(std::span<const Measurement> records, const Lineage& lineage) {
  TrainingRun phases;
  const auto add = [&](std::size_t run, double share) {
    const auto& gross = records[run].energy.total.gross;
    if (!gross) return;
    auto& phase = phase_of_training(phases, phase_of(records[run]));
    phase = phase.value_or(Joules(0.0)) + gross->energy * share;
  };
  for (const LineagePart& part : lineage.making) add(part.run, part.share);
  for (const std::size_t test : lineage.tests) add(test, 1.0);
  return phases;
}

}  // namespace wattfor
