#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "measurement/training.h"
#include "meter/meter.h"
#include "store/store.h"

namespace wattfor {

// The windows that the program of a run marks, laid on a meter. Between epochs it keeps a window
// open by itself, as only the next mark tells what that time was: an epoch (`epoch`), or what lies
// before one (`begin epoch`).
//
// A time before that of an earlier mark counts as that. No lock of its own. Throws Error{usage} for
// what does not fit the marks before it, or is too much; what was marked stays as it was then.
class MarkedWindows {
 public:
  using Key = std::int64_t;  // the window's place among all of them

  // The run's own window begins at `begin`.
  MarkedWindows(Meter& meter, Instant begin);
  MarkedWindows(const MarkedWindows&) = delete;
  MarkedWindows& operator=(const MarkedWindows&) = delete;
  ~MarkedWindows();  // the meter forgets what is left of them

  // An epoch that is open still is closed here as one that was never ended.
  Key begin_epoch(std::optional<std::int64_t> number, Instant now);
  void end_epoch(Instant now);
  void mark_epoch(std::optional<std::int64_t> number, Instant now);
  Key begin(std::string name, Instant now);
  void end(Key window, Instant now);
  // Of several open windows of that name the one begun last.
  void end(std::string_view name, Instant now);
  void count_step() { steps_ = steps_.value_or(0) + 1; }
  void count_steps(std::int64_t total);
  // The run began before `begin`, measured by another: numbers go on after this epoch and so many
  // steps. What is under way counts as start-up, and an epoch that a mark ends as one that was not
  // seen whole.
  void continue_after(std::optional<std::int64_t> epoch, std::optional<std::int64_t> steps);
  // The run ends: what is open is closed as never ended, and there is no mark after it.
  void end_all(Instant now);

  Key count() const { return static_cast<Key>(kept_.size()); }
  bool has_epochs() const { return last_epoch_.has_value(); }
  bool is_open(Key window) { return find(window).open; }
  std::optional<std::int64_t> steps() const { return steps_; }
  // What was odd about the marks, a line each.
  std::vector<std::string> warnings() const;

  // With its figures where they are final, else as far as is known.
  const MarkedWindow& window(Key window);
  // For waiting on the meter itself; nothing once the figures are final.
  std::optional<WindowId> awaited(Key window) { return find(window).id; }

  // Those that have changed since this was asked before, and what is open with what it has so far.
  // One whose figures are not final has not ended yet, there.
  std::vector<PlacedWindow> changes();
  // They could not be kept: changes() gives them again.
  void give_again(std::span<const PlacedWindow> changes);
  // After end_all(): waits for the sensors, and gives all of them out.
  std::vector<MarkedWindow> finish();

 private:
  struct Kept {
    MarkedWindow window;
    std::optional<WindowId> id;  // nothing once its figures are final
    std::int64_t steps_before = 0;
    bool open = true;
  };
  // The time since the last epoch, or since the run began.
  struct SinceEpoch {
    WindowId id;
    Instant from;
    std::int64_t steps_before = 0;
  };

  Kept& find(Key window);
  Instant no_earlier(Instant now);
  void require_room() const;
  Key keep(MarkedWindow window, WindowId id, Instant from, std::int64_t steps_before);
  void close(Key window, Instant now, bool ended);
  void close_epoch(Instant now, bool ended);
  SinceEpoch take_since_epoch(Instant now);
  void begin_since_epoch(Instant now);
  void take_number(MarkedWindow& epoch, std::optional<std::int64_t> number);
  bool settle(Key window);

  Meter& meter_;
  Instant begin_;
  Instant latest_;  // of all marks
  std::vector<Kept> kept_;
  std::vector<Key> open_;       // in the order in which they began
  std::vector<Key> unsettled_;  // closed, their figures not final
  std::vector<Key> changed_;    // since changes() was asked
  std::optional<Key> open_epoch_;
  std::optional<SinceEpoch> since_epoch_;
  std::optional<std::int64_t> last_epoch_;  // its number
  bool came_late_ = false;                  // and has not seen an epoch's edge yet
  std::optional<std::int64_t> steps_;
  std::vector<std::int64_t> never_ended_;  // epochs that the next one cut off
};

}  // namespace wattfor
