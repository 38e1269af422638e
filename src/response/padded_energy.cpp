#include "response/padded_energy.h"

#include <algorithm>
#include <cmath>
#include <span>

namespace wattfor {
namespace {

// What is left of an exponential kernel when an update counts as wholly outside; and of any when
// its share is nothing.
constexpr double traces = 1e-3;
constexpr double nothing = 1e-9;

// An update's share before an edge and after it.
double share_before(const Kernel& kernel, const Update& update, Seconds edge) {
  return 1.0 - step_response(kernel, update.time - edge);
}
double share_after(const Kernel& kernel, const Update& update, Seconds edge) {
  return step_response(kernel, update.time - edge);
}

// An age at which all but traces of the kernel are over.
Seconds outside(const Kernel& kernel) {
  if (kernel.kind != ResponseKind::exponential) return reach_of(kernel);
  return kernel.delay - std::log(traces) * kernel.time_constant;
}

// What `later` shows, of an exponential kernel, of all that `earlier` did.
double memory(const Kernel& kernel, const Update& earlier, const Update& later) {
  return std::exp(-((later.time - earlier.time) / kernel.time_constant));
}

// What the updates [first, last) owe to the time before `first` - 1, in place of a level there.
void remember_before(const UpdateSeries& series, const Kernel& kernel, std::size_t first,
                     std::size_t last, PaddedEnergy& result) {
  if (first == 0) return;
  const auto updates = series.updates();
  Seconds remembered{0.0};
  for (std::size_t k = first; k < last; ++k) {
    const double share = memory(kernel, updates[first - 1], updates[k]);
    if (share < nothing) break;
    remembered += share * series.period();
  }
  result.energy += (result.before.power - updates[first - 1].power) * remembered;
  result.weight_before -= remembered;
}

// The updates (beyond, last) as they follow from the one at `beyond`, in place of what they say.
void foresee_after(const UpdateSeries& series, const Kernel& kernel, std::size_t beyond,
                   std::size_t last, PaddedEnergy& result) {
  if (beyond + 1 >= last) return;
  const auto updates = series.updates();
  Seconds levelled = series.unseen(beyond, last);
  Seconds remembered{0.0};
  for (std::size_t k = beyond + 1; k < last; ++k) {
    const double share = memory(kernel, updates[beyond], updates[k]);
    remembered += share * series.period();
    levelled += (1.0 - share) * series.period();
  }
  result.energy += result.after.power * levelled + updates[beyond].power * remembered -
                   series.energy(beyond, last) + updates[beyond].power * series.period();
  result.weight_after -= levelled;
}

Watts interpolated(std::span<const Update> polls, Seconds time) {
  const auto next = std::ranges::lower_bound(polls, time, {}, &Update::time);
  if (next == polls.begin()) return polls.front().power;
  if (next == polls.end()) return polls.back().power;
  const Update& before = *(next - 1);
  const double share = (time - before.time) / (next->time - before.time);
  return before.power + share * (next->power - before.power);
}

}  // namespace

Level level_of(std::span<const Update> updates, Watts otherwise) {
  if (updates.empty()) {
    return {.power = otherwise, .deviation = Watts(0.0), .updates = 0, .nearest = otherwise};
  }
  double sum = 0.0;
  for (const Update& update : updates) sum += update.power.value();
  const double mean = sum / static_cast<double>(updates.size());
  double squares = 0.0;
  for (const Update& update : updates) {
    squares += (update.power.value() - mean) * (update.power.value() - mean);
  }
  const double degrees = std::max(1.0, static_cast<double>(updates.size()) - 1.0);
  return {.power = Watts(mean),
          .deviation = Watts(std::sqrt(squares / degrees)),
          .updates = updates.size(),
          .nearest = otherwise};
}

PaddedEnergy with_level(PaddedEnergy padded, const Level& level) {
  padded.energy += (padded.before.power - level.power) * padded.weight_before +
                   (padded.after.power - level.power) * padded.weight_after;
  padded.before = level;
  padded.after = level;
  return padded;
}

PaddedEnergy padded_energy(const UpdateSeries& series, const Kernel& kernel, Seconds from,
                           Seconds to, const Padding& padding) {
  PaddedEnergy result;
  const auto updates = series.updates();
  if (updates.empty()) return result;
  const Seconds period = series.period();

  // Those that see some of the window: published later than `from` was in sight, and before `to`
  // was out of it.
  const std::size_t first = series.after(from + kernel.delay);
  const std::size_t last = std::max(first, series.after(to + reach_of(kernel)));
  const std::size_t first_before = series.after(from + kernel.delay - padding.before);
  const std::size_t first_after = series.after(to + outside(kernel));
  const std::size_t last_after = series.after(to + outside(kernel) + padding.after);
  const auto beside = updates.subspan(first_before, first - first_before);
  const auto beyond = updates.subspan(first_after, last_after - first_after);
  result.before = level_of(beside, updates[first > 0 ? first - 1 : 0].power);
  const std::size_t next_after = beyond.empty() ? last : first_after;
  result.after = level_of(beyond, updates[std::min(next_after, updates.size() - 1)].power);

  result.updates = series.count(first, last);
  Seconds seen = static_cast<double>(result.updates) * period;
  for (std::size_t k = first; k < last; ++k) {
    const double share = share_before(kernel, updates[k], from);
    if (share < nothing) break;
    result.weight_before += share * period;
  }
  for (std::size_t k = last; k-- > first;) {
    const double share = share_after(kernel, updates[k], to);
    if (share < nothing) break;
    result.weight_after += share * period;
  }
  seen -= result.weight_before + result.weight_after;

  result.energy = series.energy(first, last) - result.before.power * result.weight_before -
                  result.after.power * result.weight_after;
  if (kernel.kind == ResponseKind::exponential && kernel.time_constant > Seconds(0.0)) {
    remember_before(series, kernel, first, last, result);
    foresee_after(series, kernel, std::max(first, series.after(to + kernel.delay)), last, result);
  }
  result.unseen = series.unseen(first, last);
  result.seen = seen + result.unseen;
  result.squared_steps = series.squared_steps(first, last);
  return result;
}

Joules naive_energy(std::span<const Update> polls, Seconds from, Seconds to) {
  if (polls.empty()) return Joules(0.0);
  Joules energy{0.0};
  Update last{from, interpolated(polls, from)};
  const auto add = [&](const Update& next) {
    energy += 0.5 * (last.power + next.power) * (next.time - last.time);
    last = next;
  };
  for (auto poll = std::ranges::upper_bound(polls, from, {}, &Update::time);
       poll != polls.end() && poll->time < to; ++poll) {
    add(*poll);
  }
  add({to, interpolated(polls, to)});
  return energy;
}

}  // namespace wattfor
