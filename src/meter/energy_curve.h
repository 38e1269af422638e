#pragma once

#include <deque>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/clock.h"
#include "measurement/energy.h"
#include "sensor/sensor.h"

namespace wattfor {

// One reading with the time at which it was taken: the middle of a call that took `call`, at any
// moment of which the device may have looked.
struct TimedReading {
  Instant time;
  Reading reading;
  Seconds call{0.0};
};

// What a window's energy comes to for one sensor.
struct CurveEnergy {
  std::optional<Joules> energy;  // absent where less than half of the window was seen
  // Half-width, 95 %: the edges' position within an update, and what may have flowed in the gaps.
  Joules edge_uncertainty;
  // Half-width of what may have flowed while a part-time gauge did not look; zero for all others.
  Joules unattended;
  std::optional<Watts> peak;
  std::vector<Gap> gaps;            // the latest 100
  std::vector<std::string> faults;  // the latest 100
};

// Cumulative energy of one sensor as a piecewise linear function of time, built from its readings
// as they come, in bounded memory: counters are unwrapped, power gauges integrated by trapezoids,
// and only what an open window needs is kept. An unchanged counter reading means "not yet" and adds
// no point; a failed one leaves a gap; an impossible one (power above 1.2 × the limit, a counter
// that went backwards by no wrap) is a fault and leaves a gap too.
//
// In a gap the energy grows linearly, a gauge's between the readings around it, a counter's at the
// power before it. What may really have flowed there lies between nothing and the greater of the
// power limit and the highest power seen (twice that where there is no limit), and widens the
// uncertainty. A counter that goes on after failed reads holds what flowed meanwhile: such a gap is
// listed and is not unseen, but of an edge that lies in it only is known that all of it may have
// flowed on either side.
//
// At any other edge a counter is carried on from the nearest reading with the power beyond that
// reading, not interpolated: power changes where work begins and ends, and the mean over the
// segment that holds the edge is that of neither side. The change of power across the edge times
// the way to that reading bounds what is wrong with it.
//
// A gauge that averages over a window shorter than its updates, or than the time between two
// readings, attends for that share of the time only (0 where its window is unknown). A load that
// keeps step with it gives steady readings and any mean, so the readings' spread bounds nothing: in
// arXiv 2312.02741, "Part-time Power Measurements", loads of a period near the update's are wrong
// by half. What flowed meanwhile is taken at the mean of the readings, and its bounds are those of
// a gap.
//
// A counter that is read and does not move any more is stuck, which is a fault and no figure: not 0
// J. Outside the total (a graphics unit whose power is cut) it has no figure either, but is
// nobody's fault, and no window waits for it. One that moves again has a gap where it stood, unless
// what it then shows makes up for it. A gauge that repeats itself to the last digit for a minute
// may be stuck as well: a fault, and its figure is as wide as in a gap.
//
// A device that is back after it had vanished, and a machine that wakes up, may count anew: nothing
// is read into the difference across such a break, it is a gap.
//
// No clock and no lock of its own.
class EnergyCurve {
 public:
  // `interval` is the time between two readings as planned: a gauge that was not read for 2.5 of
  // them (or of its own update periods) has a gap.
  EnergyCurve(SensorInfo sensor, Seconds interval);

  // In the order of time; a reading that is no later than the one before adds nothing.
  void add(const TimedReading& reading);
  // What happened at `time`, after which a counter may count anew; a fault in every window around
  // it.
  void interrupt(Instant time, const std::string& reason);

  // Whether the energy up to `time` is known, or will not be: readings far enough after it tell the
  // power there, the sensor is gone, or its lag is over at `now`.
  bool settled(Instant time, Instant now) const;
  // How long after an edge a reading settles it: by then the power beyond it shows.
  Seconds settling() const;
  // How long after an edge the readings that settle it may take: three updates and intervals, as
  // one of each may be missed.
  Seconds lag() const;
  // The time up to which energy is known, or not waited for; nothing before the first reading.
  std::optional<Instant> known_until() const;
  bool gone() const { return gone_; }

  CurveEnergy energy(Instant from, Instant to) const;

  // Joins what lies before `before`, save around `edges`, between which energy can still be asked
  // for exactly.
  void compact(Instant before, std::span<const Instant> edges);
  std::size_t points() const { return points_.size(); }

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
  struct Hole {
    Instant from;
    Instant to;
    std::string reason;
  };
  struct Fault {
    Instant time;
    std::string text;
  };
  // A gauge that said the same to the last digit for so long that it may have been stuck.
  struct Repetition {
    Instant from;
    Instant to;
    Watts said;
  };
  // What lies outside the points, or in a gap.
  struct Unseen {
    Seconds duration{0.0};
    Joules energy;
    Joules doubt;
  };

  void add_counter(Instant time, Joules value, Seconds call);
  void add_gauge(Instant time, Watts power);
  void add_failure(const ReadFailure& failure);
  void add_after_standstill(Instant time, Joules energy, Seconds age);
  void begin_at(Instant time);
  void append(Instant time, Joules energy, Seconds age);
  void append_gap(Instant time, Watts power, std::string reason);
  void raise_peak(Point& point);
  void list_hole(Instant from, Instant to, std::string reason);
  void list_fault(Instant time, std::string text);

  // The energy up to an edge, with what may be wrong with it.
  struct Edge {
    Joules energy;
    Joules half_width;
  };
  // On both sides of the readings around an edge.
  struct PowersAround {
    Watts before;
    Watts after;
    Watts change() const { return before < after ? after - before : before - after; }
  };

  Point at(Instant time) const;
  std::optional<Watts> mean_power(Instant from, Instant to) const;
  Watts recent_power() const;
  Edge edge_at(Instant time) const;
  PowersAround powers_around(Instant previous, Instant next) const;
  Watts power_at(Instant time) const;
  void add_repetition(const Repetition& repetition, Instant from, Instant to,
                      CurveEnergy& result) const;
  Edge counter_edge(Instant time, const Point& previous, const Point& next,
                    const PowersAround& powers) const;
  Edge edge_in_hole(Instant time, const Point& previous, const Point& next) const;
  Edge gauge_edge(Instant time, const Point& previous, const Point& next,
                  const PowersAround& powers) const;
  bool is_hole(const Point& previous, const Point& next) const;
  Unseen filled(Seconds duration, Watts power) const;
  bool stands_still(Instant until) const;
  bool stuck(Instant to) const;
  bool repeats_itself() const;
  bool may_stand_still() const;
  double attention() const;
  std::string silence() const;
  Seconds update_period() const;
  Seconds averaging_window() const;
  // What is not read for longer has a gap.
  Seconds gap_length() const;
  // How far around an edge the curve's shape matters.
  Seconds reach() const;
  Seconds peak_span() const;
  // A counter that was read without a change for longer is stuck.
  Seconds longest_standstill() const;

  SensorInfo sensor_;
  Seconds interval_;
  std::deque<Point> points_;
  std::deque<Hole> holes_;
  std::deque<Fault> faults_;
  std::deque<Repetition> repetitions_;  // that are over

  std::optional<Reading> last_value_;  // the last good reading …
  Instant last_good_;                  // … its time …
  Instant last_change_;                // … and that of the first one that said the same
  std::optional<Instant> last_time_;   // of any reading
  std::string failure_;                // why the readings since the last good one failed
  bool gone_ = false;
  bool anew_ = false;  // a counter may have started anew since the last good reading
  Watts highest_;
  Watts smallest_step_;  // between two readings of a gauge that differ
  // Where the stretch over which a counter's peak is taken began.
  Instant peak_base_time_;
  Joules peak_base_energy_;
};

}  // namespace wattfor
