#pragma once

#include <span>
#include <vector>

#include "units/quantity.h"

namespace wattfor {

// The power of a device, true or as a reference tells it: constant between edges, so that the
// energy of any stretch is exact. Times are seconds since an origin of the caller's choice.
class PowerCourse {
 public:
  // Draws `before` until `start`.
  PowerCourse(Seconds start, Watts before);

  // Draws `power` for `duration` more. A duration of zero or less adds nothing.
  void then(Watts power, Seconds duration);
  // What it draws after the last edge, for ever; `before` until this is called.
  void finally(Watts power) { after_ = power; }

  Seconds start() const { return edges_.front(); }
  Seconds end() const { return edges_.back(); }

  Watts power_at(Seconds time) const;
  // What flowed in [from, to], exact to rounding; negative where `to` comes first.
  Joules energy(Seconds from, Seconds to) const { return since_start(to) - since_start(from); }

  // n + 1 edges and the n powers between them.
  std::span<const Seconds> edges() const { return edges_; }
  std::span<const Watts> powers() const { return powers_; }
  Watts before() const { return before_; }
  Watts after() const { return after_; }

 private:
  Joules since_start(Seconds time) const;

  Watts before_;
  Watts after_;
  std::vector<Seconds> edges_;
  std::vector<Watts> powers_;
  std::vector<Joules> energies_;  // up to each edge
};

// The same course in pieces of at least `piece`, each of them at the mean of what it was made of.
PowerCourse coarsened(const PowerCourse& course, Seconds piece);

}  // namespace wattfor
