#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "bench/protocol.h"
#include "units/quantity.h"

namespace wattfor {

// Why a cell has no result.
struct WorkerFailure {
  protocol::FailureKind kind = protocol::FailureKind::error;
  std::string message;  // with the end of the worker's log where it died
};

// What a measured run yielded: the times are CLOCK_MONOTONIC.
struct RunMarks {
  Instant started;
  std::vector<std::int64_t> count;  // batches that ended …
  std::vector<Instant> end;         // … by this time
  std::optional<double> memory_bytes;

  std::int64_t batches() const;
  Seconds duration() const;  // from `started` to the last end
};

// A runtime that runs a model in batches. One conversation: hello at construction, then load, then
// any number of runs. WorkerProcess is the real one; tests use one that lives in the same process.
class Worker {
 public:
  virtual ~Worker() = default;
  virtual const protocol::HelloReply& hello() const = 0;
  virtual std::variant<protocol::Loaded, WorkerFailure> load(const protocol::Load& load) = 0;
  // Of one with a catalogue; the others refuse.
  virtual std::variant<protocol::Listed, WorkerFailure> list(const protocol::List& list);
  // `on_started` is called as soon as the mark arrives, while the run goes on.
  virtual std::variant<RunMarks, WorkerFailure> run(
      const protocol::Run& run, const std::function<void(Instant)>& on_started) = 0;
};

using WorkerFactory = std::function<std::unique_ptr<Worker>()>;

}  // namespace wattfor
