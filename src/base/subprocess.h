#pragma once

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "base/unique_fd.h"

namespace wattfor {

// How a child ended: its exit status, or the signal that killed it.
struct ExitStatus {
  int code = 0;                  // 0 … 255; meaningless where `signal` is set
  int signal = 0;                // 0: it exited by itself
  std::string describe() const;  // "exit status 3", "killed by signal 9 (Killed)"
};

// Where a child's standard streams lead.
enum class Streams {
  inherited,  // the parent's own: `wattfor run` passes everything through untouched
  piped,      // pipes that this object holds: a worker
};

// A child process. It is reaped, dies with its parent (also when the parent is killed), and is
// killed by the destructor if it still runs. One that hangs in the kernel (in a driver: state D in
// ps), where no signal reaches it, is the exception: see kill().
//
// The kernel counts as the parent the thread that started the child: when that thread ends, the
// child is killed too. It forgets the bond where the child gains privileges (a set-user-ID
// program).
//
// An inherited child shares the terminal, the process group and so Ctrl-C with its parent. A piped
// one leads a process group of its own: Ctrl-C reaches the parent alone, which then decides, and
// neither by kill() nor by its own end does the worker leave children of its own behind: the group
// is killed before its leader is reaped. Every child starts with no signal blocked and with default
// dispositions, except that what was ignored (by nohup) stays ignored; SIGPIPE never does. Other
// descriptors pass to the child unless they are close-on-exec, as all of wattfor's own are.
class Subprocess {
 public:
  // Starts `command[0]`, looked up on the PATH, without a shell, and returns once it runs. Throws
  // Error{not_found} where there is no such program and Error{permission_denied} where it can't be
  // executed.
  Subprocess(const std::vector<std::string>& command, Streams streams);
  Subprocess(Subprocess&& other) noexcept;
  Subprocess& operator=(Subprocess&& other) noexcept;
  ~Subprocess();

  pid_t pid() const { return pid_; }

  // The parent's ends of the pipes (Streams::piped only). stdout and stderr do not block.
  const UniqueFd& stdin_pipe() const { return stdin_; }
  const UniqueFd& stdout_pipe() const { return stdout_; }
  const UniqueFd& stderr_pipe() const { return stderr_; }
  void close_stdin() { stdin_.reset(); }

  // Blocks until the child ends.
  ExitStatus wait();
  // Nothing where the child still runs after `timeout`.
  std::optional<ExitStatus> wait_for(std::chrono::milliseconds timeout);
  // Whether the child has ended, reaped or not; never reaps it and never blocks.
  bool has_ended() const;
  // Sends a signal to the child alone; harmless after the end.
  void signal(int number) const;
  // SIGKILL and reap. Nothing where the child has not ended after `patience`, as it hangs in the
  // kernel: it is left there, and counts as ended from then on. Should it end one day, it stays a
  // zombie until this process has ended too.
  std::optional<ExitStatus> kill(std::chrono::milliseconds patience = std::chrono::seconds(2));

 private:
  bool try_reap(int options);

  pid_t pid_ = -1;
  bool leads_group_ = false;
  std::optional<ExitStatus> ended_;
  UniqueFd stdin_;
  UniqueFd stdout_;
  UniqueFd stderr_;
};

}  // namespace wattfor
