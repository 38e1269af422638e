#include "tracking/marked_windows.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/error.h"

namespace wattfor {
namespace {

// A record that lists more is of no use to anybody, and would fill the memory of a long run.
constexpr std::size_t most_windows = 100'000;

// Shorter ones between two epochs are the loop itself.
constexpr Seconds shortest_between{1e-3};

Error misplaced(std::string message) { return {ErrorCode::usage, message}; }

void take_figures(MarkedWindow& window, const EnergyReport& report) {
  window.duration = report.duration;
  window.basis = report.total.basis;
  window.gross = report.total.gross;
  window.net = report.total.net;
  window.components.clear();
  for (const ComponentEnergy& component : report.components) {
    if (!component.in_total) continue;
    window.components.push_back(
        {.name = component.name, .basis = component.basis, .gross = component.gross});
  }
}

}  // namespace

MarkedWindows::MarkedWindows(Meter& meter, Instant begin) : meter_(meter), begin_(begin) {
  begin_since_epoch(begin);
}

MarkedWindows::Kept& MarkedWindows::find(Key window) {
  if (window < 0 || static_cast<std::size_t>(window) >= kept_.size()) {
    throw misplaced(fmt::format("there is no window {}", window));
  }
  return kept_[static_cast<std::size_t>(window)];
}

MarkedWindows::Key MarkedWindows::keep(MarkedWindow window, WindowId id, Instant from,
                                       std::int64_t steps_before) {
  window.start = from - begin_;
  window.ended = false;
  kept_.push_back({.window = std::move(window), .id = id, .steps_before = steps_before});
  return static_cast<Key>(kept_.size()) - 1;
}

void MarkedWindows::close(Key window, Instant now, bool ended) {
  Kept& kept = find(window);
  meter_.end_at(*kept.id, now);
  kept.open = false;
  kept.changed = true;
  kept.window.ended = ended;
  kept.window.duration = now - begin_ - kept.window.start;
  if (steps_) kept.window.steps = *steps_ - kept.steps_before;
  unsettled_.push_back(window);
}

void MarkedWindows::close_epoch(Instant now, bool ended) {
  close(*open_epoch_, now, ended);
  open_epoch_.reset();
  begin_since_epoch(now);
}

void MarkedWindows::begin_since_epoch(Instant now) {
  since_epoch_ =
      SinceEpoch{.id = meter_.begin_at(now), .from = now, .steps_before = steps_.value_or(0)};
}

void MarkedWindows::take_number(MarkedWindow& epoch, std::optional<std::int64_t> number) {
  epoch.epoch = number.value_or(last_epoch_.value_or(0) + 1);
  last_epoch_ = epoch.epoch;
}

MarkedWindows::Key MarkedWindows::begin_epoch(std::optional<std::int64_t> number, Instant now) {
  if (open_epoch_) {
    warnings_.push_back(fmt::format("epoch {} was never ended: the next one began",
                                    find(*open_epoch_).window.epoch));
    close_epoch(now, false);
  }
  const SinceEpoch before = *std::exchange(since_epoch_, std::nullopt);
  if (now - before.from >= shortest_between) {
    const Key key = keep({.kind = last_epoch_ ? WindowKind::between : WindowKind::startup,
                          .epoch = last_epoch_.value_or(0)},
                         before.id, before.from, before.steps_before);
    close(key, now, true);
  } else {
    meter_.release(before.id);
  }
  MarkedWindow epoch{.kind = WindowKind::epoch};
  take_number(epoch, number);
  open_epoch_ = keep(std::move(epoch), meter_.begin_at(now), now, steps_.value_or(0));
  return *open_epoch_;
}

void MarkedWindows::end_epoch(Instant now) {
  if (!open_epoch_) throw misplaced("no epoch is open: say 'begin epoch' where it begins");
  close_epoch(now, true);
}

void MarkedWindows::mark_epoch(std::optional<std::int64_t> number, Instant now) {
  if (open_epoch_) {
    if (number) take_number(find(*open_epoch_).window, number);
    close_epoch(now, true);
    return;
  }
  MarkedWindow epoch{.kind = WindowKind::epoch};
  take_number(epoch, number);
  const SinceEpoch since = *std::exchange(since_epoch_, std::nullopt);
  close(keep(std::move(epoch), since.id, since.from, since.steps_before), now, true);
  begin_since_epoch(now);
}

MarkedWindows::Key MarkedWindows::begin(std::string name, Instant now) {
  if (kept_.size() >= most_windows) {
    throw misplaced(fmt::format("a run keeps at most {} windows", most_windows));
  }
  const Key key = keep({.name = std::move(name)}, meter_.begin_at(now), now, steps_.value_or(0));
  open_named_.push_back(key);
  return key;
}

void MarkedWindows::end(Key window, Instant now) {
  if (!find(window).open) throw misplaced("this window has ended already");
  if (window == open_epoch_) {
    close_epoch(now, true);
    return;
  }
  close(window, now, true);
  std::erase(open_named_, window);
}

void MarkedWindows::end(std::string_view name, Instant now) {
  const auto found = std::ranges::find_if(open_named_.rbegin(), open_named_.rend(), [&](Key key) {
    return kept_[static_cast<std::size_t>(key)].window.name == name;
  });
  if (found == open_named_.rend()) {
    throw misplaced(fmt::format("no window '{}' is open", name));
  }
  end(*found, now);
}

void MarkedWindows::count_steps(std::int64_t total) {
  if (total < steps_.value_or(0)) {
    throw misplaced(
        fmt::format("{} steps were done already, and now {}: steps count up from the "
                    "run's begin",
                    *steps_, total));
  }
  steps_ = total;
}

void MarkedWindows::settle(Kept& kept) {
  if (!kept.id) return;
  if (const auto report = meter_.report(*kept.id)) {
    take_figures(kept.window, *report);
    meter_.release(*kept.id);
    kept.id.reset();
    kept.changed = true;
  }
}

void MarkedWindows::settle_all() {
  std::erase_if(unsettled_, [&](Key key) {
    settle(find(key));
    return !find(key).id;
  });
}

const MarkedWindow& MarkedWindows::window(Key window) {
  Kept& kept = find(window);
  settle(kept);
  if (kept.id) take_figures(kept.window, meter_.so_far(*kept.id));
  return kept.window;
}

std::vector<PlacedWindow> MarkedWindows::changes() {
  settle_all();
  std::vector<PlacedWindow> changes;
  for (std::size_t i = 0; i < kept_.size(); ++i) {
    Kept& kept = kept_[i];
    if (kept.open) take_figures(kept.window, meter_.so_far(*kept.id));
    if (!kept.open && !kept.changed) continue;
    kept.changed = false;
    changes.push_back({.position = static_cast<std::int64_t>(i), .window = kept.window});
  }
  return changes;
}

std::vector<MarkedWindow> MarkedWindows::finish(Instant now) {
  if (since_epoch_) meter_.release(since_epoch_->id);
  since_epoch_.reset();
  for (std::size_t i = 0; i < kept_.size(); ++i) {
    if (kept_[i].open) close(static_cast<Key>(i), now, false);
  }
  open_epoch_.reset();
  open_named_.clear();
  std::vector<MarkedWindow> windows;
  windows.reserve(kept_.size());
  for (Kept& kept : kept_) {
    if (kept.id) {
      take_figures(kept.window, meter_.wait(*kept.id));
      meter_.release(*kept.id);
      kept.id.reset();
    }
    windows.push_back(kept.window);
  }
  unsettled_.clear();
  return windows;
}

}  // namespace wattfor
