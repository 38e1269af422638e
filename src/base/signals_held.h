#pragma once

#include <csignal>

namespace wattfor {

// Blocks every signal on the calling thread while it lives. A thread started meanwhile inherits
// that: the program's own threads, Python's main one for instance, then get the signals.
class SignalsHeld {
 public:
  SignalsHeld() {
    sigset_t all{};
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  SignalsHeld(const SignalsHeld&) = delete;
  SignalsHeld& operator=(const SignalsHeld&) = delete;
  ~SignalsHeld() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

 private:
  sigset_t before_{};
};

}  // namespace wattfor
