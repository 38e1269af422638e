#pragma once

#include <sys/types.h>

#include <chrono>
#include <initializer_list>
#include <optional>

#include "base/unique_fd.h"

namespace wattfor::cli {

// A signal that arrived, and whether the terminal sent it to the whole foreground group, children
// included.
struct ArrivedSignal {
  int number = 0;
  bool from_terminal = false;
};

// Takes the signals that end, or inform, a program (INT, TERM, HUP, QUIT, USR1, USR2, ALRM, VTALRM,
// PROF, XCPU, CHLD) out of their usual course and hands them over one by one, except those that the
// caller has this process ignore; `more` besides (those of a terminal's job control). Made before
// any thread starts, since threads inherit the blocked mask; a Subprocess starts with a clean one.
class SignalQueue {
 public:
  explicit SignalQueue(std::initializer_list<int> more = {});

  // The next one, or nothing when `timeout` has passed without.
  std::optional<ArrivedSignal> wait(std::chrono::milliseconds timeout);
  // Readable once a signal has arrived, for a poll(2) over several sources.
  int fd() const { return fd_.get(); }

 private:
  UniqueFd fd_;
};

// Ends this process as `signal` would have: a shell, make or a scheduler must see the signal
// itself.
[[noreturn]] void die_by(int signal);

}  // namespace wattfor::cli
