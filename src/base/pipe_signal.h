#pragma once

#include <csignal>

namespace wattfor {

// Keeps SIGPIPE, whose default is to end this process, from the calling thread while it lives, and
// swallows the one that a write to a closed pipe raised. A signal that was pending before is left
// for whoever waits for it.
class PipeSignalHeld {
 public:
  PipeSignalHeld();
  PipeSignalHeld(const PipeSignalHeld&) = delete;
  PipeSignalHeld& operator=(const PipeSignalHeld&) = delete;
  ~PipeSignalHeld();

 private:
  sigset_t pipe_signal_{};
  sigset_t mask_before_{};
  bool was_pending_ = false;
};

}  // namespace wattfor
