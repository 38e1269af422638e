#include "report/windows_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <ranges>
#include <string_view>
#include <tuple>
#include <vector>

#include "document/numbers.h"
#include "document/text_table.h"

namespace wattfor {
namespace {

constexpr std::size_t most_rows = 30;

// Windows of one sort, summed.
struct WindowSum {
  const MarkedWindow* first = nullptr;
  std::int64_t count = 0;
  Seconds duration{0.0};
  std::optional<EnergyFigure> energy = {};  // of those that have one
  std::vector<double> energies_j = {};
  Basis basis = Basis::measured;  // the weakest

  void add(const MarkedWindow& window) {
    ++count;
    duration += window.duration;
    basis = std::max(basis, window.basis);
    if (!window.gross) return;
    energies_j.push_back(window.gross->energy.value());
    if (!energy) {
      energy = window.gross;
      return;
    }
    energy->energy = energy->energy + window.gross->energy;
    if (energy->absolute && window.gross->absolute) {
      energy->absolute->low += window.gross->absolute->low;
      energy->absolute->high += window.gross->absolute->high;
    } else {
      energy->absolute.reset();
    }
  }

  // The mean, and the least and the most where they differ.
  std::string each_text() const {
    if (count < 2 || energies_j.empty()) return "";
    const auto [least, most] = std::ranges::minmax(energies_j);
    const double mean = energy->energy.value() / static_cast<double>(energies_j.size());
    return fmt::format("{} ({} … {})", si_number(mean, "J"), si_number(least, "J"),
                       si_number(most, "J"));
  }
};

std::string title_of(const MarkedWindow& window) {
  switch (window.kind) {
    case WindowKind::startup:
      return "before the epochs";
    case WindowKind::epoch:
      return window.ended ? "epochs" : "epochs, not ended";
    case WindowKind::between:
      return "between epochs";
    case WindowKind::named:
      break;
  }
  return fmt::format("'{}'{}", printable(window.name), window.ended ? "" : ", not ended");
}

// In the order in which each sort came first.
std::vector<WindowSum> sums_of(const std::vector<MarkedWindow>& windows) {
  std::vector<WindowSum> sums;
  std::map<std::tuple<WindowKind, bool, std::string_view>, std::size_t> places;
  for (const MarkedWindow& window : windows) {
    const auto [place, is_new] =
        places.try_emplace({window.kind, window.ended, window.name}, sums.size());
    if (is_new) sums.push_back({.first = &window});
    sums[place->second].add(window);
  }
  return sums;
}

}  // namespace

std::string windows_table(const Measurement& run, int width) {
  if (run.windows.empty()) return "";
  TextTable table({{.title = "marked"},
                   {.title = "number", .align = Align::right},
                   {.title = "duration", .align = Align::right},
                   {.title = "energy", .align = Align::right},
                   {.title = "95 %", .align = Align::right},
                   {.title = "each", .align = Align::right, .worth = 1},
                   {.title = "basis", .worth = 2}});
  const std::vector<WindowSum> sums = sums_of(run.windows);
  for (const WindowSum& sum : sums | std::views::take(most_rows)) {
    const auto known = static_cast<std::int64_t>(sum.energies_j.size());
    table.add({title_of(*sum.first),
               known < sum.count ? fmt::format("{} of {}", known, sum.count)
                                 : fmt::format("{}", sum.count),
               duration_text(sum.duration), energy_text(sum.energy),
               sum.energy ? relative_interval(sum.energy->energy.value(), sum.energy->absolute)
                          : std::string(unknown_number),
               sum.each_text(), std::string(name_of(sum.basis))});
  }
  table.fit(width);
  std::string text = table.text();
  if (sums.size() > most_rows) {
    text += wrapped_text(
        fmt::format("and windows of {} more names; --json has them", sums.size() - most_rows),
        width);
  }
  return text;
}

std::string training_sentence(const Measurement& run) {
  if (!run.training) return "";
  const TrainingFacts& facts = *run.training;
  std::vector<std::string> parts;
  if (!facts.model.empty()) parts.push_back(facts.model);
  if (!facts.task.empty()) parts.push_back(facts.task);
  if (!facts.dataset.empty() && facts.data_fraction) {
    parts.push_back(fmt::format("{:.4g} % of {}", 100.0 * *facts.data_fraction, facts.dataset));
  } else if (facts.data_fraction) {
    parts.push_back(fmt::format("{:.4g} % of the data", 100.0 * *facts.data_fraction));
  } else if (!facts.dataset.empty()) {
    parts.push_back(facts.dataset);
  }
  if (facts.batch_size) parts.push_back(fmt::format("batch size {}", *facts.batch_size));
  if (facts.epochs_total) parts.push_back(fmt::format("{} epochs planned", *facts.epochs_total));
  if (run.steps)
    parts.push_back(fmt::format("{} steps", plain_number(static_cast<double>(*run.steps))));
  if (facts.accuracy_percent) {
    const std::string metric = facts.metric.empty() ? "accuracy" : facts.metric;
    parts.push_back(fmt::format("{} {:.4g} %", metric, *facts.accuracy_percent));
  }
  for (const BuiltOn& each : facts.builds_on) {
    parts.push_back(
        fmt::format("builds on {}{}", each.run,
                    each.uses == 1.0 ? "" : fmt::format(", shared over {:.4g} uses", each.uses)));
  }
  if (parts.empty()) return "";
  return fmt::format("{}: {}", name_of(facts.phase), fmt::join(parts, ", "));
}

}  // namespace wattfor
