#pragma once

#include <optional>
#include <variant>

#include "bench/protocol.h"

namespace wattfor {

// What a runtime has to do to be a worker; everything else of the protocol is serve()'s. What any
// of these throws becomes a `failed` reply: std::bad_alloc is out_of_memory.
class Backend {
 public:
  virtual ~Backend() = default;
  virtual protocol::HelloReply hello() const = 0;
  // serve() fills in how long it took.
  virtual std::variant<protocol::Loaded, protocol::Failed> load(const protocol::Load& load) = 0;
  // Puts random inputs for batches of this size where the device wants them. Called before the
  // run's `started` mark.
  virtual std::optional<protocol::Failed> prepare(int batch) = 0;
  // Runs one batch and returns when the device has finished it.
  virtual std::optional<protocol::Failed> run_batch() = 0;
  virtual std::optional<double> memory_bytes() const { return std::nullopt; }
};

// Speaks the worker protocol for `backend` on the two descriptors until `quit` or the end of input.
// Returns the process's exit status: 1 where wattfor broke the protocol or no longer reads.
//
// So that measuring costs nothing beside the batches: batches are summed into entries at least 1 ms
// apart, entries are sent every 100 ms, and only then is `stop` looked for. A run ends with an
// entry, so it may hold some batches more than were asked for, 1 ms of them at most.
int serve(Backend& backend, int input_fd, int output_fd);

// serve() on this process's standard streams. What the runtime prints goes to stderr, the log: its
// stdout is kept for the protocol. Ctrl-C is left to wattfor, with which the worker ends.
int run_worker(Backend& backend);

}  // namespace wattfor
