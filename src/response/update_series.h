#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

#include "units/quantity.h"

namespace wattfor {

// One value that a gauge published.
struct Update {
  Seconds time{0.0};
  Watts power;
};

// The updates of one gauge in order of time, with their running sum, so that the energy of any
// window costs no more than its edges do. An update stands for one period; where the next one comes
// later than 1.5 periods after it there is a gap, in which the power goes over from the one's to
// the other's and of which nothing is known.
//
// Numbers of updates count those that are kept.
class UpdateSeries {
 public:
  explicit UpdateSeries(Seconds period) : period_(period) {}

  // What an update stands for, where that is known better by now. Gaps stay as they were found.
  void set_period(Seconds period) { period_ = period; }

  // Later than all before; one that is not is left out.
  void add(Seconds time, Watts power);
  // The same, but one that comes less than half a period after the last is that one, told better.
  void add_or_amend(Seconds time, Watts power);
  // Forgets the updates of whose time `is_kept` says no, but for the first and the
  // last two, and keeps their sums: what was asked between two that stay is answered as before.
  void thin(const std::function<bool(Seconds)>& is_kept);

  Seconds period() const { return period_; }
  std::span<const Update> updates() const { return updates_; }
  // How many updates [first, last) were, with those that were forgotten.
  std::size_t count(std::size_t first, std::size_t last) const;
  // Σ T·y over updates [first, last), and over the gaps before each of them but the first.
  Joules energy(std::size_t first, std::size_t last) const;
  // How much of that was in gaps.
  Seconds unseen(std::size_t first, std::size_t last) const;
  // Σ (y_k − y_{k−1})² over the same, in W².
  double squared_steps(std::size_t first, std::size_t last) const;
  // The highest of them; 0 of none.
  Watts highest(std::size_t first, std::size_t last) const;
  // The first update after `time`.
  std::size_t after(Seconds time) const;

 private:
  // Up to and with an update.
  struct Sums {
    double power_w = 0.0;
    double gaps_j = 0.0;
    double unseen_s = 0.0;
    double squared_steps_w2 = 0.0;
    std::size_t number = 1;
    Watts highest;  // since the one that is kept before it
  };

  Seconds period_;
  std::vector<Update> updates_;
  std::vector<Sums> sums_;
};

}  // namespace wattfor
