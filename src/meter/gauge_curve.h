#pragma once

#include <deque>
#include <optional>
#include <span>
#include <string>

#include "meter/energy_curve.h"
#include "response/gauge_estimator.h"
#include "response/published_updates.h"

namespace wattfor {

// A gauge's energy: what it published is told from its readings, and padded with the power beside a
// window (response/gauge_estimator.h), by the profile of its sensor: as calibrated, or nominal.
//
// The power beside a window is that of up to four updates before it and after it. Where other work
// was done there, it varies, and the interval is as wide as that deserves; work that came and went
// within the sensor's own averaging window may hide from it.
//
// A gauge that looks part of the time, or of which nobody knows for how long, shows nothing of a
// load that keeps step with it: what may have flowed meanwhile, between nothing and the greater of
// the power limit and its highest reading (twice that where there is no limit), is in the interval.
//
// A gauge that repeats itself to the last digit for a minute may be stuck: a fault, and its figure
// is as wide as in a gap.
class GaugeCurve final : public EnergyCurve {
 public:
  GaugeCurve(const SensorInfo& sensor, Seconds interval);

  Seconds settling() const override;
  Seconds lag() const override;
  std::optional<Instant> known_until() const override { return last_good(); }
  std::optional<PartTimeBeat> part_time_beat(Instant now) const override;
  CurveEnergy energy(Instant from, Instant to) const override;
  std::vector<CurveEnergy> energies(std::span<const BatchEdges> runs) const override;
  std::size_t points() const override { return updates_.size(); }

 private:
  // It said the same to the last digit for so long that it may have been stuck.
  struct Repetition {
    Instant from;
    Instant to;
    Watts said;
  };

  bool take_in(const TimedReading& reading, std::optional<Instant> previous) override;
  bool is_settled(Instant time) const override;
  Instant join(Instant before, std::span<const Instant> edges) override;

  void note_repetition(Instant time, Watts power);
  bool repeats_itself() const;
  void add_repetition(const Repetition& repetition, Instant from, Instant to,
                      CurveEnergy& result) const;
  PowerBounds bounds() const;
  std::string silence() const;
  // On the curve's own scale, from its first reading on.
  Seconds since_start(Instant time) const { return time - *start_; }

  PublishedUpdates updates_;
  GaugeEstimator estimator_;
  std::optional<Instant> start_;
  Watts last_power_;     // the last good reading …
  Instant last_change_;  // … and the time of the first one that said the same
  Watts highest_;
  Watts smallest_step_;                 // between two readings that differ
  std::deque<Repetition> repetitions_;  // that are over
};

}  // namespace wattfor
