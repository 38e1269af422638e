#include "analysis/job_record.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <map>
#include <optional>
#include <tuple>
#include <utility>

#include "base/error.h"
#include "base/utc_time.h"
#include "measurement/host_context.h"

namespace wattfor {
namespace {

// A record of the job, and when it was made.
struct Timed {
  const Measurement* run = nullptr;
  double begin = 0.0;  // seconds since 1970
  double end = 0.0;
  double share = 1.0;  // of its energy, that no longer record of the node holds

  double seconds() const { return end - begin; }
};

double overlap_s(const Timed& a, const Timed& b) {
  return std::max(0.0, std::min(a.end, b.end) - std::max(a.begin, b.begin));
}

Timed timed(const Measurement& run) {
  const auto begin = utc_seconds(run.started_at);
  if (!begin) {
    throw Error(
        ErrorCode::invalid_input,
        fmt::format("record {}: it began at '{}', which is no time", run.id, run.started_at));
  }
  return {.run = &run, .begin = *begin, .end = *begin + run.energy.duration.count()};
}

// The records of each node, in time, and what is to be said of those that do not count whole.
struct Nodes {
  std::map<std::string, std::vector<Timed>> records;
  std::vector<std::string> overlaps;
};

Nodes nodes_of(std::span<const Measurement* const> runs) {
  std::vector<Timed> longest_first;
  longest_first.reserve(runs.size());
  for (const Measurement* run : runs) longest_first.push_back(timed(*run));
  std::ranges::stable_sort(longest_first, std::ranges::greater(), &Timed::seconds);
  // Clocks are read to the millisecond.
  constexpr double touching_s = 0.002;
  constexpr double nothing = 0.01;
  Nodes nodes;
  for (Timed& each : longest_first) {
    auto& longer = nodes.records[each.run->machine.hostname];
    double shared_s = 0.0;
    for (const Timed& other : longer) {
      if (other.share > 0.0) shared_s += overlap_s(each, other);
    }
    if (shared_s > touching_s) {
      const double left = std::max(0.0, 1.0 - shared_s / each.seconds());
      each.share = left < nothing ? 0.0 : left;
      nodes.overlaps.push_back(fmt::format(
          "{}: of record {} {} counts, as longer records hold the same node at the same time",
          each.run->machine.hostname, each.run->id,
          each.share > 0.0 ? fmt::format("{:.0f} %", 100.0 * each.share) : "nothing"));
    }
    longer.push_back(each);
  }
  for (auto& [node, records] : nodes.records) std::ranges::sort(records, {}, &Timed::begin);
  return nodes;
}

std::optional<EnergyFigure> shared(const std::optional<EnergyFigure>& figure, double share) {
  if (!figure || share >= 1.0) return figure;
  return multiplied(*figure, share);
}

// Of figures that may be missing; one that is leaves the sum without a value.
class Sum {
 public:
  void add(const std::optional<EnergyFigure>& figure) {
    is_whole_ = is_whole_ && figure.has_value();
    if (is_whole_) sum_ = sum_ ? sum_of(*sum_, *figure) : *figure;
  }
  std::optional<EnergyFigure> value() const { return is_whole_ ? sum_ : std::nullopt; }

 private:
  bool is_whole_ = true;
  std::optional<EnergyFigure> sum_;
};

// The words that the records have, each once, in their order.
template <class Word>
std::string joined(std::span<const Timed> records, const char* separator, const Word& word_of) {
  std::vector<std::string> words;
  for (const Timed& each : records) {
    std::string word = word_of(*each.run);
    if (std::ranges::find(words, word) == words.end()) words.push_back(std::move(word));
  }
  return fmt::format("{}", fmt::join(words, separator));
}

TotalEnergy total_of_all(std::span<const Timed> records) {
  Sum gross;
  Sum net;
  TotalEnergy total;
  total.basis = Basis::measured;
  for (const Timed& each : records) {
    const TotalEnergy& own = each.run->energy.total;
    gross.add(shared(own.gross, each.share));
    net.add(shared(own.net, each.share));
    total.basis = std::max(total.basis, own.basis);
  }
  total.gross = gross.value();
  total.net = net.value();
  total.scope =
      joined(records, "; ", [](const Measurement& run) { return run.energy.total.scope; });
  return total;
}

// Each of a node's, with the node's name; of several records one after another the sum.
std::vector<ComponentEnergy> components_of(const Nodes& nodes) {
  std::vector<ComponentEnergy> components;
  for (const auto& [node, records] : nodes.records) {
    std::map<std::string, std::size_t> places;
    for (const Timed& each : records) {
      if (each.share <= 0.0) continue;
      for (ComponentEnergy component : each.run->energy.components) {
        component.gross = shared(component.gross, each.share);
        component.net = shared(component.net, each.share);
        const auto [place, is_new] = places.emplace(component.name, components.size());
        if (is_new) {
          components.push_back(component);
          components.back().name = fmt::format("{}: {}", node, component.name);
          components.back().gaps.clear();  // their times are the record's, not the job's
          continue;
        }
        ComponentEnergy& sum = components[place->second];
        for (auto figure : {&ComponentEnergy::gross, &ComponentEnergy::net}) {
          Sum both;
          both.add(sum.*figure);
          both.add(component.*figure);
          sum.*figure = both.value();
        }
        sum.basis = std::max(sum.basis, component.basis);
        sum.average_power.reset();
        if (component.peak_power) sum.peak_power = std::max(sum.peak_power, component.peak_power);
      }
    }
  }
  return components;
}

// What names a window on every node: its kind, its epoch, its name, and the how-manieth it is of
// that name.
using WindowKey = std::tuple<WindowKind, std::int64_t, std::string, int>;
struct NodeWindow {
  const MarkedWindow* window = nullptr;
  double begin = 0.0;  // seconds since 1970
};

std::map<WindowKey, NodeWindow> windows_of(std::span<const Timed> records) {
  std::map<WindowKey, NodeWindow> windows;
  std::map<std::string, int> of_that_name;
  for (const Timed& each : records) {
    for (const MarkedWindow& window : each.run->windows) {
      if (!window.ended) continue;
      const int number = window.kind == WindowKind::named ? of_that_name[window.name]++ : 0;
      // A training that was begun again from an earlier epoch has some twice: the later one stands.
      windows[{window.kind, window.epoch, window.name, number}] = {
          .window = &window, .begin = each.begin + window.start.count()};
    }
  }
  return windows;
}

std::vector<MarkedWindow> common_windows(const Nodes& nodes, double begin) {
  std::vector<std::map<WindowKey, NodeWindow>> of_nodes;
  of_nodes.reserve(nodes.records.size());
  for (const auto& [node, records] : nodes.records) of_nodes.push_back(windows_of(records));
  std::vector<MarkedWindow> common;
  for (const auto& [key, first] : of_nodes.front()) {
    MarkedWindow window = *first.window;
    window.start = Seconds(first.begin - begin);
    Sum gross;
    Sum net;
    window.components.clear();
    bool is_everywhere = true;
    auto node = nodes.records.begin();
    for (const auto& windows : of_nodes) {
      const auto found = windows.find(key);
      is_everywhere = is_everywhere && found != windows.end();
      if (!is_everywhere) break;
      const MarkedWindow& there = *found->second.window;
      window.start = std::min(window.start, Seconds(found->second.begin - begin));
      window.duration = std::max(window.duration, there.duration);
      window.basis = std::max(window.basis, there.basis);
      window.steps = std::max(window.steps, there.steps);
      gross.add(there.gross);
      net.add(there.net);
      for (WindowComponent component : there.components) {
        component.name = fmt::format("{}: {}", node->first, component.name);
        window.components.push_back(std::move(component));
      }
      ++node;
    }
    if (!is_everywhere) continue;
    window.gross = gross.value();
    window.net = net.value();
    common.push_back(std::move(window));
  }
  std::ranges::stable_sort(common, {}, &MarkedWindow::start);
  return common;
}

// How the job ended: as the last record of each node did.
void take_outcome(const Nodes& nodes, Measurement& job) {
  for (const auto& [node, records] : nodes.records) {
    const Measurement& last = *records.back().run;
    const bool is_worse = last.outcome == Outcome::failed || job.outcome == Outcome::done;
    if (last.outcome == Outcome::done || !is_worse) continue;
    job.outcome = last.outcome;
    job.reason = fmt::format("{}: {}", node, last.reason);
  }
}

template <class Value>
void fill(Value& value, const Value& from) {
  if (value == Value{}) value = from;
}

void take_facts(std::span<const Timed> records, Measurement& job) {
  for (const Timed& each : records) {
    if (!each.run->training) continue;
    if (!job.training) {
      job.training = each.run->training;
      continue;
    }
    TrainingFacts& facts = *job.training;
    const TrainingFacts& more = *each.run->training;
    fill(facts.model, more.model);
    fill(facts.task, more.task);
    fill(facts.dataset, more.dataset);
    fill(facts.metric, more.metric);
    fill(facts.epochs_total, more.epochs_total);
    fill(facts.data_fraction, more.data_fraction);
    fill(facts.batch_size, more.batch_size);
    fill(facts.accuracy_percent, more.accuracy_percent);
    fill(facts.builds_on, more.builds_on);
  }
}

std::vector<std::string> warnings_of(const Nodes& nodes) {
  std::vector<std::string> warnings = nodes.overlaps;
  for (const auto& [node, records] : nodes.records) {
    for (const Timed& each : records) {
      if (each.share > 0.0 && !each.run->energy.total.gross) {
        warnings.push_back(fmt::format("{}: of record {} no energy is known, so there is no sum",
                                       node, each.run->id));
      }
      for (const std::string& warning : each.run->warnings) {
        warnings.push_back(fmt::format("{}: {}", node, warning));
      }
    }
  }
  return warnings;
}

}  // namespace

Measurement job_record(const std::string& job, std::span<const Measurement* const> runs) {
  const Nodes nodes = nodes_of(runs);
  std::vector<Timed> records;
  for (const auto& [node, counted] : nodes.records)
    std::ranges::copy(counted, std::back_inserter(records));
  std::ranges::stable_sort(records, {}, &Timed::begin);
  const double begin = records.front().begin;
  const double end = std::ranges::max(records, {}, &Timed::end).end;
  const Measurement& first = *records.front().run;

  Measurement sum;
  sum.id = fmt::format("{}{}", job_prefix, job);
  sum.name = joined(records, " + ", [](const Measurement& run) { return run.name; });
  sum.started_at = first.started_at;
  sum.wattfor_version = first.wattfor_version;
  take_outcome(nodes, sum);
  sum.machine = first.machine;
  sum.machine.hostname =
      joined(records, ", ", [](const Measurement& run) { return run.machine.hostname; });
  sum.energy.duration = Seconds(end - begin);
  sum.energy.components = components_of(nodes);
  sum.energy.total = total_of_all(records);
  sum.warnings = warnings_of(nodes);
  sum.settings = {{"nodes", fmt::format("{}", nodes.records.size())},
                  {"records", fmt::format("{}", records.size())}};
  sum.command = first.command;
  take_facts(records, sum);
  sum.windows = common_windows(nodes, begin);
  for (const auto& each : records) sum.steps = std::max(sum.steps, each.run->steps);
  return sum;
}

std::vector<std::string> jobs_among(std::span<const Measurement> records) {
  std::vector<std::string> jobs;
  for (const Measurement& record : records) {
    if (record.cell || !record.context) continue;
    std::string job = job_of(*record.context);
    if (!job.empty() && std::ranges::find(jobs, job) == jobs.end()) jobs.push_back(std::move(job));
  }
  return jobs;
}

std::vector<const Measurement*> runs_of_job(std::span<const Measurement> records,
                                            std::string_view job) {
  std::vector<const Measurement*> runs;
  for (const Measurement& record : records) {
    if (!record.cell && record.context && job_of(*record.context) == job) runs.push_back(&record);
  }
  return runs;
}

}  // namespace wattfor
