#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/clock.h"
#include "measurement/energy.h"
#include "meter/part_time_beat.h"
#include "sensor/sensor.h"
#include "units/quantity.h"

namespace wattfor {

struct MeterOptions {
  Seconds interval{0.1};            // between samples of one device
  Scope scope = Scope::everything;  // of the totals
  bool processes = false;           // whether the devices' programs are asked for
};

// Names a window of one meter.
struct WindowId {
  std::uint64_t value = 0;
};

// One of several launches of the same batches, each of the same work: a window from the begin of
// the first to the end of the last.
struct Launch {
  WindowId window;
  std::vector<Instant> between_batches;  // where one ended and the next began, in order
};

// A sample as it was taken, for traces and for the study's protocol.
struct Sample {
  const SensorInfo* sensor = nullptr;  // lives as long as the meter
  Instant time;
  Reading reading;
};

// Called from the sampling threads, one call at a time; must be quick. What it refers to must
// outlive the meter, or the observer be cleared with observe({}) before. One that throws is dropped
// with a warning in the log.
using SampleObserver = std::function<void(const Sample&)>;

// Reads the sensors of its devices, one thread a device on absolute deadlines, and answers for
// windows of time how much energy flowed. Windows nest and overlap. All members may be called from
// any thread. An unknown window, one that ends twice or before it begins, an edge more than 10 s in
// the past, and batches outside their window are Error{usage}.
class Meter {
 public:
  Meter(std::vector<std::unique_ptr<Device>> devices, const Clock& clock, MeterOptions options);
  Meter(const Meter&) = delete;
  Meter& operator=(const Meter&) = delete;
  ~Meter();  // stops the threads

  const std::vector<std::unique_ptr<Device>>& devices() const;

  // Starts the sampling threads; the clock must be a running one. Without them (tests, a manual
  // clock) sample() is called by hand.
  void start();
  // Does not wait for a device that is in the middle of a read: its thread is left to end by
  // itself, and that device is never read again.
  void stop();
  // One round over every sensor: on the calling thread, or asked of the threads where they run.
  void sample();

  void observe(SampleObserver observer);

  // begin and end never block on a sensor: they note the time and ask for a prompt sample, and
  // for one more that settles it; without threads they take the first one themselves. The forms
  // with a time place an edge in the recent past (a worker's `started` mark, read from a pipe a
  // moment later).
  WindowId begin();
  void end(WindowId window);
  WindowId begin_at(Instant time);
  void end_at(WindowId window, Instant time);

  // The figures of a window, once its end has passed and every sensor of what is in the total has
  // caught up (or its lag has run out); nothing before that. `net` is filled where idle was
  // measured.
  std::optional<EnergyReport> report(WindowId window);
  // The same of several windows in which the same batches were done: a gauge that looks part of the
  // time tells each of them by what it says of all (response/gauge_estimator.h). Leaves what
  // report() answers as it is.
  std::optional<std::vector<EnergyReport>> report_together(std::span<const Launch> launches);
  // Blocks until then: at most the slowest sensor's lag. Without threads it samples once and takes
  // what there is.
  EnergyReport wait(WindowId window);
  // What a window holds up to the moment to which those sensors have caught up, for checkpoints and
  // progress.
  EnergyReport so_far(WindowId window);
  // Forgets a window.
  void release(WindowId window);

  // Asks every device which programs use it, and waits for the answers; samples go on meanwhile. A
  // driver that takes longer than `longest` is not asked again, and its device lives until it does.
  void ask_for_processes(Seconds longest);
  // The programs that use each device, in the order of devices(), as they were when it was asked
  // last; nothing where its driver does not tell, or nobody asked for them.
  std::vector<std::optional<std::vector<DeviceProcess>>> processes() const;

  // Takes this window's average powers as the idle powers that `net` subtracts from now on.
  void set_idle(const EnergyReport& idle);

  // Of the gauge in the total that looks least; nothing where all look all the time.
  std::optional<PartTimeBeat> part_time_beat() const;

  // What wait() may take: until the slowest sensor has settled, and three of its updates and
  // sampling intervals more.
  Seconds lag() const;

 private:
  class State;
  std::shared_ptr<State> state_;  // a thread that is stuck in a read holds it too
};

}  // namespace wattfor
