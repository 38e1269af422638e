#pragma once

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <stdexcept>

#include "base/unique_fd.h"

namespace wattfor::test {

// A second process that runs a function of the test, and acknowledges its steps byte by byte.
// Killed and reaped at the end. No store may be open where one is made: SQLite does not survive a
// fork.
class Forked {
 public:
  // `work` gets a function that acknowledges one step.
  template <class Work>
  explicit Forked(const Work& work) {
    std::array<int, 2> ends{};
    if (pipe(ends.data()) != 0) throw std::runtime_error("pipe failed");
    reading_ = UniqueFd(ends[0]);
    UniqueFd writing(ends[1]);
    pid_ = fork();
    if (pid_ < 0) throw std::runtime_error("fork failed");
    if (pid_ == 0) {
      work([&] { return write(writing.get(), "+", 1) == 1; });
      _exit(0);
    }
  }
  Forked(const Forked&) = delete;
  Forked& operator=(const Forked&) = delete;
  ~Forked() { kill_now(); }

  // Blocks until that many further steps are acknowledged; fewer where the process ended.
  int await(int steps) {
    int seen = 0;
    char byte = 0;
    while (seen < steps && read(reading_.get(), &byte, 1) == 1) ++seen;
    return seen;
  }

  void kill_now() {
    if (pid_ <= 0) return;
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
    pid_ = -1;
  }

  // The status with which it ended by itself.
  int wait() {
    int status = 0;
    waitpid(pid_, &status, 0);
    pid_ = -1;
    return status;
  }

 private:
  pid_t pid_ = -1;
  UniqueFd reading_;
};

}  // namespace wattfor::test
