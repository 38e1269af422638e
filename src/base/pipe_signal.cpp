#include "base/pipe_signal.h"

#include <cerrno>
#include <ctime>

namespace wattfor {

PipeSignalHeld::PipeSignalHeld() {
  sigemptyset(&pipe_signal_);
  sigaddset(&pipe_signal_, SIGPIPE);
  sigset_t pending;
  sigpending(&pending);
  was_pending_ = sigismember(&pending, SIGPIPE) == 1;
  pthread_sigmask(SIG_BLOCK, &pipe_signal_, &mask_before_);
}

PipeSignalHeld::~PipeSignalHeld() {
  const timespec no_time{};
  if (!was_pending_) {
    while (sigtimedwait(&pipe_signal_, nullptr, &no_time) < 0 && errno == EINTR) {
    }
  }
  pthread_sigmask(SIG_SETMASK, &mask_before_, nullptr);
}

}  // namespace wattfor
