#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "response/update_series.h"
#include "response/update_times.h"
#include "units/quantity.h"

namespace wattfor {

// What a gauge published, told from polls of it as they come, in bounded memory: the polls of the
// latest few hundred changes are kept until a beat is fitted to them, and turned into updates then.
//
// Where the gauge is polled no faster than it publishes, or nobody knows how often that is, each
// poll stands for an update; one that comes early, as at the edge of a window, is left out.
class PublishedUpdates {
 public:
  // `usual_period` is the sensor's, `poll_interval` the polls' as planned.
  PublishedUpdates(std::optional<Seconds> usual_period, Seconds poll_interval);

  // Later than all before; one that is not is left out.
  void add(Seconds time, Watts power);

  // Between two updates: the sensor's, or that of the polls that stand for them.
  Seconds period() const { return settled_.period(); }
  bool one_a_poll() const { return one_a_poll_; }
  // For longer than this without a poll an update may have been missed.
  Seconds longest_silence() const;

  struct Told {
    UpdateSeries series;
    Seconds phase_error{0.0};  // of their beat
  };
  // By all polls so far.
  Told told() const;
  // Nothing where polls stand for updates.
  std::optional<Lattice> beat() const;

  // As UpdateSeries::thin, of what is settled.
  void thin(const std::function<bool(Seconds)>& is_kept) { settled_.thin(is_kept); }
  // Updates and polls that are kept.
  std::size_t size() const { return settled_.updates().size() + polls_.size(); }

 private:
  void settle();
  Lattice lattice() const;

  bool one_a_poll_;
  Seconds poll_interval_;
  UpdateSeries settled_;
  std::optional<Lattice> beat_;  // of the polls that were settled last
  std::vector<Update> polls_;    // that are not settled yet
  std::size_t changes_ = 0;      // among them
};

}  // namespace wattfor
