#pragma once

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
class UpdateSeries {
 public:
  explicit UpdateSeries(Seconds period) : period_(period) {}

  // Later than all before; one that is not is left out.
  void add(Seconds time, Watts power);

  Seconds period() const { return period_; }
  std::span<const Update> updates() const { return updates_; }
  // Σ T·y over updates [first, last), and over the gaps before each of them but the first.
  Joules energy(std::size_t first, std::size_t last) const;
  // How much of that was in gaps.
  Seconds unseen(std::size_t first, std::size_t last) const;
  // Σ (y_k − y_{k−1})² over the same, in W².
  double squared_steps(std::size_t first, std::size_t last) const;
  // The first update after `time`.
  std::size_t after(Seconds time) const;

 private:
  // Up to and with an update.
  struct Sums {
    double energy_j = 0.0;
    double unseen_s = 0.0;
    double squared_steps_w2 = 0.0;
  };

  Seconds period_;
  std::vector<Update> updates_;
  std::vector<Sums> sums_;
};

}  // namespace wattfor
