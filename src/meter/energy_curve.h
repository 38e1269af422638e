#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "measurement/energy.h"
#include "meter/part_time_beat.h"
#include "response/error_budget.h"
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
  ErrorBudget budget;
  std::optional<Watts> peak;
  std::vector<Gap> gaps;            // the latest 100 of the curve
  std::vector<std::string> faults;  // likewise, and repetitions
};

// When a run of equal batches began, and when each of them ended.
using BatchEdges = std::vector<Instant>;

// What one sensor's readings say of the energy of windows of time, taken in as they come, in
// bounded memory: counters are unwrapped (counter_curve.h), gauges' updates told from readings and
// padded (gauge_curve.h), and only what an open window needs is kept. A failed reading is never
// zero and never the last one again; an impossible one (power above 1.2 × the limit, a counter that
// went backwards by no wrap) is a fault and counts as failed.
//
// No clock and no lock of its own.
class EnergyCurve {
 public:
  // `interval` is the time between two readings as planned.
  EnergyCurve(SensorInfo sensor, Seconds interval);
  EnergyCurve(const EnergyCurve&) = delete;
  EnergyCurve& operator=(const EnergyCurve&) = delete;
  virtual ~EnergyCurve() = default;

  // In the order of time; a reading that is no later than the one before adds nothing.
  void add(const TimedReading& reading);
  // What happened at `time`, after which a counter may count anew; a fault in every window around
  // it.
  void interrupt(Instant time, const std::string& reason);

  // Whether the energy up to `time` is known, or will not be: readings far enough after it tell the
  // power there, the sensor is gone, or its lag is over at `now`.
  bool settled(Instant time, Instant now) const;
  // How long after an edge a reading settles it: by then the power beyond it shows.
  virtual Seconds settling() const = 0;
  // How long after an edge the readings that settle it may take, as one of each may be missed.
  virtual Seconds lag() const = 0;
  // The time up to which energy is known, or not waited for; nothing before the first reading.
  virtual std::optional<Instant> known_until() const = 0;
  // Nothing for a sensor that looks all the time, or whose beat is not known.
  virtual std::optional<PartTimeBeat> part_time_beat(Instant /*now*/) const { return std::nullopt; }
  bool gone() const { return gone_; }

  virtual CurveEnergy energy(Instant from, Instant to) const = 0;
  // Of runs of the same batches, one figure each: where all of them together tell more of each than
  // it does on its own, by that.
  virtual std::vector<CurveEnergy> energies(std::span<const BatchEdges> runs) const;

  // Joins what lies before `before`, save around `edges`, between which energy can still be asked
  // for exactly.
  void compact(Instant before, std::span<const Instant> edges);
  // How many are kept.
  virtual std::size_t points() const = 0;

 protected:
  struct Hole {
    Instant from;
    Instant to;
    std::string reason;
  };
  struct Fault {
    Instant time;
    std::string text;
  };

  const SensorInfo& sensor() const { return sensor_; }
  Seconds interval() const { return interval_; }
  Seconds update_period() const { return update_period_of(sensor_); }
  // Why the readings since the last good one failed; empty where none did.
  const std::string& failure() const { return failure_; }
  std::string take_failure() { return std::exchange(failure_, ""); }
  // Whether the sensor may have started anew since this was asked.
  bool take_anew() { return std::exchange(anew_, false); }
  std::optional<Instant> last_good() const { return last_good_; }

  void list_hole(Instant from, Instant to, std::string reason);
  void list_fault(Instant time, std::string text);
  // The reading at `time` is impossible.
  void refuse(Instant time, const std::string& reason);
  // The holes and faults of a window.
  CurveEnergy occurrences(Instant from, Instant to) const;
  static void list_gap(CurveEnergy& result, Instant from, Instant to, Instant begin, Instant end,
                       const std::string& reason);

 private:
  // A reading that did not fail; `previous` is the time of the one before it. False where it is
  // impossible and was refused.
  virtual bool take_in(const TimedReading& reading, std::optional<Instant> previous) = 0;
  virtual bool is_settled(Instant time) const = 0;
  // As compact(); the edges are in order. The time before which nothing is kept.
  virtual Instant join(Instant before, std::span<const Instant> edges) = 0;

  SensorInfo sensor_;
  Seconds interval_;
  std::deque<Hole> holes_;
  std::deque<Fault> faults_;
  std::optional<Instant> last_time_;  // of any reading
  std::optional<Instant> last_good_;
  std::string failure_;
  bool gone_ = false;
  bool anew_ = false;
};

// How often a sensor is read that is to be read each `interval`: a gauge as often as shows when it
// publishes, but not more often than each 5 ms.
Seconds reading_interval(const SensorInfo& sensor, Seconds interval);

// A curve for that kind of sensor. `interval` is the one that was asked for.
std::unique_ptr<EnergyCurve> curve_of(const SensorInfo& sensor, Seconds interval);

}  // namespace wattfor
