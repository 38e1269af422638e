#pragma once

#include <deque>
#include <optional>
#include <span>
#include <string>

#include "meter/energy_curve.h"

namespace wattfor {

// A counter's cumulative energy as a piecewise linear function of time. An unchanged reading means
// "not yet" and adds no point; a failed one leaves a gap.
//
// In a gap the energy grows linearly at the power before it. What may really have flowed there lies
// between nothing and the greater of the power limit and the highest power seen (twice that where
// there is no limit), and widens the uncertainty. A counter that goes on after failed reads holds
// what flowed meanwhile: such a gap is listed and is not unseen, but of an edge that lies in it
// only is known that all of it may have flowed on either side.
//
// At any other edge a counter is carried on from the nearest reading with the power beyond that
// reading, not interpolated: power changes where work begins and ends, and the mean over the
// segment that holds the edge is that of neither side. The change of power across the edge times
// the way to that reading bounds what is wrong with it. Of a window of a few updates the powers
// around its edges do not tell what flowed inside: what it may have been, counted in part before
// and after, does.
//
// A counter that is read and does not move any more is stuck, which is a fault and no figure: not 0
// J. Outside the total (a graphics unit whose power is cut) it has no figure either, but is
// nobody's fault, and no window waits for it. One that moves again has a gap where it stood, unless
// what it then shows makes up for it.
//
// A device that is back after it had vanished, and a machine that wakes up, may count anew: nothing
// is read into the difference across such a break, it is a gap.
class CounterCurve final : public EnergyCurve {
 public:
  // Where it was not read for 2.5 intervals (or of its update periods) an edge lies in a hole.
  CounterCurve(const SensorInfo& sensor, Seconds interval) : EnergyCurve(sensor, interval) {}

  Seconds settling() const override;
  Seconds lag() const override;
  std::optional<Instant> known_until() const override;
  CurveEnergy energy(Instant from, Instant to) const override;
  std::size_t points() const override { return points_.size(); }

 private:
  // Sums are since the first point.
  struct Point {
    Instant time;
    Joules energy;
    Seconds unseen;     // in gaps
    Joules doubt;       // half-width of what may have flowed in them
    Seconds age;        // width of the time in which a counter may have been written
    Watts peak;         // highest power up to this point, over a stretch …
    Instant peak_from;  // … that began here
  };
  // What lies outside the points, or in a gap.
  struct Unseen {
    Seconds duration{0.0};
    Joules energy;
    Joules doubt;
  };

  bool take_in(const TimedReading& reading, std::optional<Instant> previous) override;
  bool is_settled(Instant time) const override;
  Instant join(Instant before, std::span<const Instant> edges) override;

  void add_after_standstill(Instant time, Joules energy, Seconds age);
  void begin_at(Instant time);
  void append(Instant time, Joules energy, Seconds age);
  void append_gap(Instant time, Watts power, std::string reason);
  void raise_peak(Point& point);

  // The energy up to an edge, with what may be wrong with it.
  struct Edge {
    Joules energy;
    Joules half_width;
  };
  // On both sides of the readings around an edge.
  struct PowersAround {
    Watts before;
    Watts after;
  };

  Point at(Instant time) const;
  std::optional<Watts> mean_power(Instant from, Instant to) const;
  Watts recent_power() const;
  // `inside`: the power that may have flowed in a window too short for the powers around its edges
  // to tell.
  Edge edge_at(Instant time, Watts inside) const;
  Watts highest_inside(Instant from, Instant to) const;
  Watts most(Watts power) const;
  PowersAround powers_around(Instant previous, Instant next) const;
  Edge edge_in_hole(Instant time, const Point& previous, const Point& next) const;
  bool is_hole(const Point& previous, const Point& next) const;
  Unseen filled(Seconds duration, Watts power) const;
  bool stands_still(Instant until) const;
  bool stuck(Instant to) const;
  bool may_stand_still() const;
  std::string silence() const;
  // What is not read for longer has a gap.
  Seconds gap_length() const;
  // How far around an edge the curve's shape matters.
  Seconds reach() const;
  Seconds peak_span() const;
  // A counter that was read without a change for longer is stuck.
  Seconds longest_standstill() const;

  std::deque<Point> points_;
  std::optional<Joules> last_value_;  // the last good reading …
  Instant last_change_;               // … and the time of the first one that said the same
  Watts highest_;
  // Where the stretch over which a counter's peak is taken began.
  Instant peak_base_time_;
  Joules peak_base_energy_;
};

}  // namespace wattfor
