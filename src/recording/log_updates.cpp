#include "recording/log_updates.h"

#include <algorithm>

namespace wattfor {
namespace {

// Some 40 s of updates each 100 ms, in which clocks drift by less than a poll's interval.
constexpr std::size_t changes_of_a_piece = 400;
// After it a lattice may have moved.
constexpr Seconds pause{2.0};
// A value that is published again and again hides updates: a beat that is slower than another by
// more is one of every second or third.
constexpr double same_beat = 1.25;

// Consecutive polls, each piece beginning with the last poll of the one before it, so that no
// change falls between two.
std::vector<std::span<const Update>> pieces_of(std::span<const Update> polls) {
  std::vector<std::span<const Update>> pieces;
  std::size_t begin = 0;
  std::size_t changes = 0;
  for (std::size_t i = 1; i < polls.size(); ++i) {
    const bool paused = polls[i].time - polls[i - 1].time > pause;
    if (polls[i].power != polls[i - 1].power) ++changes;
    if (!paused && changes < changes_of_a_piece) continue;
    // What changed over a pause did so at no known time, and would bend the beat.
    pieces.push_back(polls.subspan(begin, (paused ? i : i + 1) - begin));
    begin = i;
    changes = 0;
  }
  if (begin + 1 < polls.size()) pieces.push_back(polls.subspan(begin));
  return pieces;
}

// The lattice of most changes: a piece may hold a few only.
std::optional<Lattice> best_of(const std::vector<std::optional<Lattice>>& lattices) {
  std::optional<Lattice> best;
  for (const auto& lattice : lattices) {
    if (lattice && (!best || lattice->changes > best->changes)) best = lattice;
  }
  return best;
}

bool is_slower(Seconds period, Seconds than) { return period > same_beat * than; }

LogUpdates each_poll(std::span<const Update> polls, Seconds interval) {
  LogUpdates result{
      .series = UpdateSeries(interval), .one_a_poll = true, .poll_interval = interval};
  for (const Update& poll : polls) result.series.add(poll.time, poll.power);
  return result;
}

}  // namespace

LogUpdates updates_of_log(std::span<const Update> polls, std::optional<Seconds> usual_period) {
  const Seconds interval = usual_interval(polls);
  const auto pieces = pieces_of(polls);
  std::vector<std::optional<Lattice>> lattices;
  lattices.reserve(pieces.size());
  for (const auto& piece : pieces) lattices.push_back(fit_lattice(changes_of(piece)));
  const std::optional<Lattice> shown = best_of(lattices);
  std::optional<Lattice> best = shown;
  if (best && usual_period && is_slower(best->period, *usual_period)) best.reset();

  std::optional<Lattice> due = best;
  if (!due && usual_period) due = lattice_of_period(changes_of(polls), *usual_period);
  if (!due || interval > polls_too_slow * due->period ||
      (usual_period && interval > polls_too_slow * *usual_period)) {
    return each_poll(polls, interval);
  }

  LogUpdates result{.series = UpdateSeries(best ? best->period : *usual_period),
                    .lattice = shown,
                    .poll_interval = interval};
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    // Without a lattice of its own a piece keeps that of the one before it.
    if (best && lattices[i] && !is_slower(lattices[i]->period, best->period)) due = lattices[i];
    const UpdateSeries published = updates_of(pieces[i], *due);
    for (const Update& update : published.updates()) {
      result.series.add_or_amend(update.time, update.power);
    }
  }
  return result;
}

}  // namespace wattfor
