#include "tracking/marked_windows.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "tracking/mark.h"

namespace wattfor {
namespace {

// A record that lists more is of no use to anybody, and would fill the memory of a long run; each
// open one is looked at once a second.
constexpr std::size_t most_windows = 100'000;
constexpr std::size_t most_open = 1'000;

// Shorter ones between two epochs are the loop itself.
constexpr Seconds shortest_between{1e-3};

Error misplaced(const std::string& message) { return {ErrorCode::usage, message}; }

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

MarkedWindows::MarkedWindows(Meter& meter, Instant begin)
    : meter_(meter), begin_(begin), latest_(begin) {
  begin_since_epoch(begin);
}

MarkedWindows::~MarkedWindows() {
  if (since_epoch_) meter_.release(since_epoch_->id);
  for (const auto* keys : {&open_, &unsettled_}) {
    for (const Key key : *keys) {
      if (const auto id = find(key).id) meter_.release(*id);
    }
  }
}

MarkedWindows::Kept& MarkedWindows::find(Key window) {
  if (window < 0 || static_cast<std::size_t>(window) >= kept_.size()) {
    throw misplaced(fmt::format("there is no window {}", window));
  }
  return kept_[static_cast<std::size_t>(window)];
}

Instant MarkedWindows::no_earlier(Instant now) { return latest_ = std::max(latest_, now); }

void MarkedWindows::require_room() const {
  if (kept_.size() >= most_windows) {
    throw misplaced(fmt::format("a run keeps at most {} windows", most_windows));
  }
  if (open_.size() >= most_open) {
    throw misplaced(fmt::format("at most {} windows may be open at once", most_open));
  }
}

MarkedWindows::Key MarkedWindows::keep(MarkedWindow window, WindowId id, Instant from,
                                       std::int64_t steps_before) {
  window.start = from - begin_;
  window.ended = false;
  kept_.push_back({.window = std::move(window), .id = id, .steps_before = steps_before});
  const Key key = count() - 1;
  open_.push_back(key);
  return key;
}

void MarkedWindows::close(Key window, Instant now, bool ended) {
  Kept& kept = find(window);
  meter_.end_at(*kept.id, now);
  kept.open = false;
  kept.window.ended = ended;
  kept.window.duration = now - begin_ - kept.window.start;
  if (steps_) kept.window.steps = *steps_ - kept.steps_before;
  std::erase(open_, window);
  unsettled_.push_back(window);
  changed_.push_back(window);
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

// Where the meter refused to begin one (a process that was stopped for long), there is none before
// now.
MarkedWindows::SinceEpoch MarkedWindows::take_since_epoch(Instant now) {
  if (!since_epoch_) begin_since_epoch(now);
  return *std::exchange(since_epoch_, std::nullopt);
}

void MarkedWindows::take_number(MarkedWindow& epoch, std::optional<std::int64_t> number) {
  epoch.epoch = number.value_or(last_epoch_.value_or(0) + 1);
  last_epoch_ = epoch.epoch;
}

MarkedWindows::Key MarkedWindows::begin_epoch(std::optional<std::int64_t> number, Instant time) {
  require_room();
  const Instant now = no_earlier(time);
  if (open_epoch_) {
    never_ended_.push_back(find(*open_epoch_).window.epoch);
    close_epoch(now, false);
  }
  const SinceEpoch before = take_since_epoch(now);
  if (now - before.from >= shortest_between) {
    const bool is_between = last_epoch_ && !came_late_;
    const Key key = keep({.kind = is_between ? WindowKind::between : WindowKind::startup,
                          .epoch = is_between ? *last_epoch_ : 0},
                         before.id, before.from, before.steps_before);
    close(key, now, true);
  } else {
    meter_.release(before.id);
  }
  came_late_ = false;
  MarkedWindow epoch{.kind = WindowKind::epoch};
  take_number(epoch, number);
  open_epoch_ = keep(std::move(epoch), meter_.begin_at(now), now, steps_.value_or(0));
  return *open_epoch_;
}

void MarkedWindows::end_epoch(Instant time) {
  if (!open_epoch_) throw misplaced("no epoch is open: say 'begin epoch' where it begins");
  close_epoch(no_earlier(time), true);
}

void MarkedWindows::mark_epoch(std::optional<std::int64_t> number, Instant time) {
  const Instant now = no_earlier(time);
  if (open_epoch_) {
    if (number) take_number(find(*open_epoch_).window, number);
    close_epoch(now, true);
    return;
  }
  require_room();
  MarkedWindow epoch{.kind = WindowKind::epoch};
  take_number(epoch, number);
  const SinceEpoch since = take_since_epoch(now);
  const bool is_whole = !std::exchange(came_late_, false);
  close(keep(std::move(epoch), since.id, since.from, since.steps_before), now, is_whole);
  begin_since_epoch(now);
}

MarkedWindows::Key MarkedWindows::begin(std::string name, Instant time) {
  require_room();
  const Instant now = no_earlier(time);
  return keep({.name = std::move(name)}, meter_.begin_at(now), now, steps_.value_or(0));
}

void MarkedWindows::end(Key window, Instant time) {
  if (!find(window).open) throw misplaced("this window has ended already");
  const Instant now = no_earlier(time);
  if (window == open_epoch_) {
    close_epoch(now, true);
  } else {
    close(window, now, true);
  }
}

void MarkedWindows::end(std::string_view name, Instant now) {
  const auto found = std::ranges::find_if(open_.rbegin(), open_.rend(), [&](Key key) {
    const MarkedWindow& window = find(key).window;
    return window.kind == WindowKind::named && window.name == name;
  });
  if (found == open_.rend()) throw misplaced(fmt::format("no window '{}' is open", name));
  end(*found, now);
}

void MarkedWindows::count_steps(std::int64_t total) {
  steps_ = rising_steps(steps_.value_or(0), total);
}

void MarkedWindows::continue_after(std::optional<std::int64_t> epoch,
                                   std::optional<std::int64_t> steps) {
  last_epoch_ = epoch;
  steps_ = steps;
  if (since_epoch_) since_epoch_->steps_before = steps_.value_or(0);
  came_late_ = true;
}

void MarkedWindows::end_all(Instant time) {
  const Instant now = no_earlier(time);
  while (!open_.empty()) close(open_.back(), now, false);
  open_epoch_.reset();
  if (since_epoch_) meter_.release(since_epoch_->id);
  since_epoch_.reset();
}

std::vector<std::string> MarkedWindows::warnings() const {
  if (never_ended_.empty()) return {};
  const auto others = never_ended_.size() - 1;
  return {others == 0
              ? fmt::format("epoch {} was never ended: the next one began", never_ended_.front())
              : fmt::format("epoch {} and {} others were never ended: the next one began",
                            never_ended_.front(), others)};
}

// Whether its figures are final.
bool MarkedWindows::settle(Key window) {
  Kept& kept = find(window);
  if (!kept.id) return true;
  const auto report = meter_.report(*kept.id);
  if (!report) return false;
  take_figures(kept.window, *report);
  meter_.release(*kept.id);
  kept.id.reset();
  changed_.push_back(window);
  return true;
}

const MarkedWindow& MarkedWindows::window(Key window) {
  if (!settle(window)) {
    Kept& kept = find(window);
    take_figures(kept.window, meter_.so_far(*kept.id));
  }
  return find(window).window;
}

std::vector<PlacedWindow> MarkedWindows::changes() {
  std::erase_if(unsettled_, [&](Key key) { return settle(key); });
  std::vector<Key> keys = std::exchange(changed_, {});
  keys.insert(keys.end(), open_.begin(), open_.end());
  std::ranges::sort(keys);
  const auto [repeated, end] = std::ranges::unique(keys);
  keys.erase(repeated, end);
  std::vector<PlacedWindow> changes;
  changes.reserve(keys.size());
  for (const Key key : keys) {
    PlacedWindow& change = changes.emplace_back();
    change.position = key;
    change.window = window(key);
    if (find(key).id) change.window.ended = false;
  }
  return changes;
}

void MarkedWindows::give_again(std::span<const PlacedWindow> changes) {
  for (const PlacedWindow& change : changes) changed_.push_back(change.position);
}

std::vector<MarkedWindow> MarkedWindows::finish() {
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
