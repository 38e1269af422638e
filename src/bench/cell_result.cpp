#include "bench/cell_result.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <map>
#include <utility>

#include "measurement/replicates.h"
#include "measurement/warnings.h"

namespace wattfor {
namespace {

// How far an interval reaches below and above its figure.
struct Reach {
  double low = 0.0;
  double high = 0.0;
};

Reach reach_of(const Interval& interval, double figure) {
  return {.low = std::max(0.0, figure - interval.low),
          .high = std::max(0.0, interval.high - figure)};
}

Interval around(double figure, Reach reach) {
  return {.low = figure - reach.low, .high = figure + reach.high};
}

Reach in_squares(Reach a, Reach b) {
  return {.low = std::hypot(a.low, b.low), .high = std::hypot(a.high, b.high)};
}

Reach operator+(Reach a, Reach b) { return {.low = a.low + b.low, .high = a.high + b.high}; }

// What is left of `whole` when `part` is taken out in squares.
Reach without(Reach whole, Reach part) {
  const auto rest = [](double a, double b) { return std::sqrt(std::max(0.0, a * a - b * b)); };
  return {.low = rest(whole.low, part.low), .high = rest(whole.high, part.high)};
}

// The absolute interval's share that all figures of the sensor have in common.
Reach gain_of(const EnergyFigure& figure) {
  const double energy = figure.energy.value();
  const Reach whole = reach_of(*figure.absolute, energy);
  return figure.comparison ? without(whole, reach_of(*figure.comparison, energy)) : whole;
}

Reach comparison_of(const EnergyFigure& figure) {
  return figure.comparison ? reach_of(*figure.comparison, figure.energy.value()) : Reach{};
}

// The sum of one figure a window; `comparison` is how far the sum's comparison interval reaches.
EnergyFigure sum_of_figures(std::span<const EnergyFigure> figures, Reach comparison) {
  const bool has_comparison =
      std::ranges::all_of(figures, [](const auto& f) { return f.comparison.has_value(); });
  const bool has_absolute =
      std::ranges::all_of(figures, [](const auto& f) { return f.absolute.has_value(); });
  EnergyFigure sum;
  Reach gain;
  for (const EnergyFigure& figure : figures) {
    sum.energy += figure.energy;
    if (has_absolute) gain = gain + gain_of(figure);
  }
  if (has_comparison) sum.comparison = around(sum.energy.value(), comparison);
  if (has_absolute) sum.absolute = around(sum.energy.value(), in_squares(comparison, gain));
  return sum;
}

// The figures that every part has; nothing where one has none.
template <class Part>
std::optional<std::vector<EnergyFigure>> figures_of(const std::vector<const Part*>& parts,
                                                    std::optional<EnergyFigure> Part::* figure) {
  std::vector<EnergyFigure> figures;
  for (const Part* part : parts) {
    if (!(part->*figure)) return std::nullopt;
    figures.push_back(*(part->*figure));
  }
  return figures;
}

template <class Part>
std::optional<EnergyFigure> sum_of_gross(const std::vector<const Part*>& parts) {
  const auto gross = figures_of(parts, &Part::gross);
  if (!gross) return std::nullopt;
  Reach own;
  for (const EnergyFigure& figure : *gross) own = in_squares(own, comparison_of(figure));
  return sum_of_figures(*gross, own);
}

template <class Part>
std::optional<EnergyFigure> sum_of_net(const std::vector<const Part*>& parts) {
  const auto gross = figures_of(parts, &Part::gross);
  const auto net = figures_of(parts, &Part::net);
  if (!gross || !net) return std::nullopt;
  Reach own;
  Reach idle;
  for (std::size_t i = 0; i < net->size(); ++i) {
    const Reach edges = comparison_of((*gross)[i]);
    own = in_squares(own, edges);
    idle = idle + without(comparison_of((*net)[i]), edges);
  }
  return sum_of_figures(*net, in_squares(own, idle));
}

void append_new(std::vector<std::string>& list, const std::vector<std::string>& more) {
  for (const std::string& entry : more) {
    if (std::ranges::find(list, entry) == list.end()) list.push_back(entry);
  }
}

template <class Value>
void keep_larger(std::optional<Value>& kept, const std::optional<Value>& other) {
  if (other && (!kept || *kept < *other)) kept = other;
}

// One component over all windows; `starts` are the windows' places in the sum.
ComponentEnergy sum_of_components(const std::vector<const ComponentEnergy*>& parts,
                                  const std::vector<Seconds>& starts, Seconds duration) {
  ComponentEnergy sum = *parts.front();
  sum.gross = sum_of_gross(parts);
  sum.net = sum_of_net(parts);
  sum.average_power.reset();
  if (sum.gross && duration > Seconds(0.0)) sum.average_power = sum.gross->energy / duration;
  sum.gaps.clear();
  for (std::size_t i = 0; i < parts.size(); ++i) {
    sum.basis = std::max(sum.basis, parts[i]->basis);  // from the most to the least trustworthy
    keep_larger(sum.peak_power, parts[i]->peak_power);
    append_new(sum.sensors, parts[i]->sensors);
    append_new(sum.faults, parts[i]->faults);
    for (Gap gap : parts[i]->gaps) {
      gap.start += starts[i];
      sum.gaps.push_back(std::move(gap));
    }
  }
  return sum;
}

// A device's state in one window.
struct WindowConditions {
  const DeviceConditions* conditions;
  Seconds duration;
};

// A mean over time of what the windows that have it say.
std::optional<double> mean_over_time(const std::vector<WindowConditions>& parts,
                                     std::optional<double> DeviceConditions::* field) {
  double sum = 0.0;
  double time = 0.0;
  for (const auto& [conditions, duration] : parts) {
    if (const auto& value = conditions->*field) {
      sum += *value * duration.count();
      time += duration.count();
    }
  }
  return time > 0.0 ? std::optional(sum / time) : std::nullopt;
}

// Of one device over all windows; in some of them it may not have answered.
DeviceConditions sum_of_conditions(const std::vector<WindowConditions>& parts) {
  DeviceConditions sum = *parts.front().conditions;
  sum.utilisation_percent = mean_over_time(parts, &DeviceConditions::utilisation_percent);
  sum.clock_mhz = mean_over_time(parts, &DeviceConditions::clock_mhz);
  sum.throttled.clear();
  for (const auto& [part, duration] : parts) {
    keep_larger(sum.memory_bytes, part->memory_bytes);
    keep_larger(sum.temperature_c, part->temperature_c);
    keep_larger(sum.power_limit, part->power_limit);
    if (part->clock_minimum_mhz) {
      sum.clock_minimum_mhz =
          std::min(*part->clock_minimum_mhz, sum.clock_minimum_mhz.value_or(1e12));
    }
    append_new(sum.throttle_reasons, part->throttle_reasons);
    for (const auto& [reason, time] : part->throttled) sum.throttled[reason] += time;
  }
  return sum;
}

std::vector<DeviceConditions> conditions_of(std::span<const MeteredRun> replicates) {
  std::vector<std::string> devices;
  std::map<std::string, std::vector<WindowConditions>> by_device;
  for (const MeteredRun& replicate : replicates) {
    for (const DeviceConditions& conditions : replicate.energy.conditions) {
      auto& parts = by_device[conditions.device];
      if (parts.empty()) devices.push_back(conditions.device);
      parts.push_back({&conditions, replicate.energy.duration});
    }
  }
  std::vector<DeviceConditions> sums;
  sums.reserve(devices.size());
  for (const std::string& device : devices) sums.push_back(sum_of_conditions(by_device[device]));
  return sums;
}

// The i-th component of every window; one meter's windows all have the same.
std::vector<const ComponentEnergy*> component_of(std::span<const MeteredRun> replicates,
                                                 std::size_t i) {
  std::vector<const ComponentEnergy*> parts;
  for (const MeteredRun& replicate : replicates) {
    const auto& own = replicate.energy.components;
    if (i < own.size()) parts.push_back(&own[i]);
  }
  return parts;
}

EnergyFigure per_image(const EnergyFigure& sum, std::span<const double> replicates, double images) {
  const auto scaled = [images](Reach reach) {
    return Reach{.low = reach.low / images, .high = reach.high / images};
  };
  const auto spread = replicate_mean(replicates);
  const double mean = spread ? spread->mean : replicates.front();
  Reach random;
  if (sum.comparison) random = scaled(reach_of(*sum.comparison, sum.energy.value()));
  if (spread) {
    random.low = std::max(random.low, spread->half_width);
    random.high = std::max(random.high, spread->half_width);
  }
  EnergyFigure figure{.energy = Joules(mean), .absolute = {}, .comparison = {}};
  // Replicates that agree say nothing where the sensor could not compare its windows.
  if (sum.comparison) figure.comparison = around(mean, random);
  if (sum.absolute) figure.absolute = around(mean, in_squares(random, scaled(gain_of(sum))));
  return figure;
}

// The runs in sets of `launches`; the last one may be shorter.
std::vector<std::span<const MeteredRun>> sets_of(std::span<const MeteredRun> runs, int launches) {
  std::vector<std::span<const MeteredRun>> sets;
  const auto size = static_cast<std::size_t>(launches);
  for (std::size_t i = 0; i < runs.size(); i += size) {
    sets.push_back(runs.subspan(i, std::min(size, runs.size() - i)));
  }
  return sets;
}

bool is_stratified(std::span<const MeteredRun> runs, int launches) {
  return launches > 1 && runs.size() >= 2 * static_cast<std::size_t>(launches);
}

std::vector<MeteredRun> attended(std::span<const MeteredRun> runs) {
  std::vector<MeteredRun> result(runs.begin(), runs.end());
  const auto narrow = [](auto& part) {
    for (auto* figure : {&part.gross, &part.net}) {
      if (*figure) *figure = wattfor::attended(**figure);
    }
  };
  for (MeteredRun& run : result) {
    narrow(run.energy.total);
    for (ComponentEnergy& component : run.energy.components) narrow(component);
  }
  return result;
}

double images_of(const MeteredRun& run, int batch_size) {
  return static_cast<double>(run.marks.batches()) * batch_size;
}

// All of a replicate's runs have an energy.
Replicate sum_of(std::span<const MeteredRun> replicate) {
  Replicate sum;
  for (const MeteredRun& run : replicate) {
    const TotalEnergy& total = run.energy.total;
    sum.duration += run.marks.duration();
    sum.batches += run.marks.batches();
    sum.energy += total.gross->energy;
    sum.net_energy += total.net ? total.net->energy : total.gross->energy;
  }
  return sum;
}

}  // namespace

EnergyReport sum_of_windows(std::span<const MeteredRun> runs, int launches) {
  EnergyReport sum;
  if (runs.empty()) return sum;
  if (is_stratified(runs, launches)) return sum_of_windows(attended(runs));
  std::vector<Seconds> starts;
  std::vector<const TotalEnergy*> totals;
  for (const MeteredRun& run : runs) {
    starts.push_back(sum.duration);
    sum.duration += run.energy.duration;
    totals.push_back(&run.energy.total);
    sum.total.basis =
        std::max(sum.total.basis == Basis::missing ? Basis::measured : sum.total.basis,
                 run.energy.total.basis);
  }
  const EnergyReport& first = runs.front().energy;
  sum.total.scope = first.total.scope;
  sum.total.gross = sum_of_gross(totals);
  sum.total.net = sum_of_net(totals);
  for (std::size_t i = 0; i < first.components.size(); ++i) {
    sum.components.push_back(sum_of_components(component_of(runs, i), starts, sum.duration));
  }
  sum.conditions = conditions_of(runs);
  return sum;
}

std::optional<double> relative_half_width(const EnergyFigure& figure) {
  const double energy = figure.energy.value();
  if (!figure.comparison || energy <= 0.0) return std::nullopt;
  return std::max(energy - figure.comparison->low, figure.comparison->high - energy) / energy;
}

std::optional<double> energy_per_image(std::span<const MeteredRun> replicate, int batch_size) {
  double joules = 0.0;
  double images = 0.0;
  for (const MeteredRun& run : replicate) {
    const auto& gross = run.energy.total.gross;
    if (!gross) return std::nullopt;
    joules += gross->energy.value();
    images += images_of(run, batch_size);
  }
  return images > 0.0 ? std::optional(joules / images) : std::nullopt;
}

std::optional<CellResult> result_of(std::span<const MeteredRun> runs, int batch_size,
                                    int launches) {
  if (runs.empty()) return std::nullopt;
  CellResult result;
  std::vector<double> gross;
  std::vector<double> net;
  double images = 0.0;
  Seconds duration{0.0};
  for (const auto& replicate : sets_of(runs, launches)) {
    const auto energy = energy_per_image(replicate, batch_size);
    if (!energy) return std::nullopt;
    gross.push_back(*energy);
    const Replicate whole = sum_of(replicate);
    const double own_images = static_cast<double>(whole.batches) * batch_size;
    const bool has_net = std::ranges::all_of(
        replicate, [](const auto& run) { return run.energy.total.net.has_value(); });
    if (has_net) net.push_back(whole.net_energy.value() / own_images);
    images += own_images;
    duration += whole.duration;
    result.replicates.push_back(whole);
    for (const MeteredRun& run : replicate) {
      keep_larger(result.memory_bytes, run.marks.memory_bytes);
    }
  }
  const EnergyReport sum = sum_of_windows(runs, launches);
  result.energy_per_image = not_negative(per_image(*sum.total.gross, gross, images));
  if (sum.total.net) result.net_energy_per_image = per_image(*sum.total.net, net, images);
  result.throughput_per_s = images / duration.count();
  result.latency_ms = 1e3 * duration.count() * batch_size / images;
  return result;
}

CellAttempt cell_of(std::span<const MeteredRun> runs, int batch_size, int launches) {
  auto result = result_of(runs, batch_size, launches);
  if (!result) {
    return WorkerFailure{protocol::FailureKind::error,
                         "no energy figure: no sensor of the total answered while the cell was "
                         "measured; `wattfor sensors` shows what can be read"};
  }
  EnergyReport energy = sum_of_windows(runs, launches);
  auto warnings = warnings_of(energy);
  return MeasuredCell{*std::move(result), std::move(energy), std::move(warnings)};
}

}  // namespace wattfor
