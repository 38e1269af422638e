#include "base/subprocess.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <limits>
#include <string_view>
#include <thread>
#include <utility>

#include "base/error.h"

namespace wattfor {
namespace {

struct Pipe {
  UniqueFd read_end;
  UniqueFd write_end;
};

// Above the standard descriptors, so that dup2 onto those never meets an end of a pipe, even where
// the parent itself was started without them.
UniqueFd moved_up(UniqueFd fd) {
  if (fd.get() > STDERR_FILENO) return fd;
  UniqueFd higher(::fcntl(fd.get(), F_DUPFD_CLOEXEC, STDERR_FILENO + 1));
  if (!higher) throw error_from_errno(errno, "cannot make a pipe");
  return higher;
}

Pipe make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw error_from_errno(errno, "cannot make a pipe");
  UniqueFd read_end(ends[0]);
  UniqueFd write_end(ends[1]);
  return {.read_end = moved_up(std::move(read_end)), .write_end = moved_up(std::move(write_end))};
}

void do_not_block(const UniqueFd& fd) {
  ::fcntl(fd.get(), F_SETFL, ::fcntl(fd.get(), F_GETFL) | O_NONBLOCK);
}

// The paths to try for `program`, in the order of the PATH, where an empty entry is the current
// folder. Worked out before the fork, after which nothing may be allocated.
std::vector<std::string> candidates(const std::string& program) {
  if (program.find('/') != std::string::npos) return {program};
  const char* path = std::getenv("PATH");
  std::string_view folders = path != nullptr ? path : "/usr/local/bin:/usr/bin:/bin";
  std::vector<std::string> found;
  for (;;) {
    const auto colon = folders.find(':');
    const auto folder = folders.substr(0, colon);
    found.push_back(folder.empty() ? "./" + program : fmt::format("{}/{}", folder, program));
    if (colon == std::string_view::npos) return found;
    folders.remove_prefix(colon + 1);
  }
}

// All that the child needs between fork and exec, where only async-signal-safe calls are allowed:
// other threads of the parent may have held any lock.
struct Launch {
  pid_t parent = 0;
  std::vector<const char*> paths;
  std::vector<char*> arguments;  // null at the end
  std::optional<std::array<int, 3>> streams;
  int report_fd = -1;  // takes the errno of a failure; closes itself by a successful exec
};

// Ignored signals stay ignored (nohup), but for SIGPIPE, which wattfor may ignore for itself.
void restore_signals() {
  for (int number = 1; number < NSIG; ++number) {
    struct sigaction action{};
    if (::sigaction(number, nullptr, &action) != 0) continue;
    if (action.sa_handler == SIG_DFL) continue;
    if (action.sa_handler == SIG_IGN && number != SIGPIPE) continue;
    action = {};
    action.sa_handler = SIG_DFL;
    ::sigaction(number, &action, nullptr);
  }
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

// As the shell's search: a file that can't be executed is passed over, but is the reason in the end
// where nothing better comes.
int exec_first(const Launch& launch) {
  int reason = ENOENT;
  for (const char* path : launch.paths) {
    ::execve(path, launch.arguments.data(), environ);
    if (errno == EACCES) {
      reason = EACCES;
    } else if (errno != ENOENT && errno != ENOTDIR) {
      return errno;
    }
  }
  return reason;
}

int become_child(const Launch& launch) {
  if (::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) return errno;
  // The parent may have died before that call.
  if (::getppid() != launch.parent) ::_exit(127);
  if (launch.streams) {
    if (::setpgid(0, 0) != 0) return errno;
    for (int target = 0; target < 3; ++target) {
      if (::dup2((*launch.streams)[static_cast<std::size_t>(target)], target) < 0) return errno;
    }
  }
  restore_signals();
  return exec_first(launch);
}

// Forks with every signal blocked, so that no handler of the parent runs in the child.
pid_t fork_child(const Launch& launch) {
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  const pid_t pid = ::fork();
  if (pid == 0) {
    const int reason = become_child(launch);
    [[maybe_unused]] const auto written = ::write(launch.report_fd, &reason, sizeof reason);
    ::_exit(127);
  }
  const int reason = errno;
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  if (pid < 0) throw error_from_errno(reason, "cannot start a process");
  return pid;
}

// Zero once the child runs its program, else the errno that kept it from that.
int failure_to_start(const UniqueFd& report) {
  int reason = 0;
  ssize_t count = -1;
  do {
    count = ::read(report.get(), &reason, sizeof reason);
  } while (count < 0 && errno == EINTR);
  return count == sizeof reason ? reason : 0;
}

Error cannot_run(int error_number, const std::string& program) {
  const bool is_path = program.find('/') != std::string::npos;
  switch (error_number) {
    case ENOENT:
    case ENOTDIR:
      return {ErrorCode::not_found,
              fmt::format("cannot run '{}': {}", program,
                          is_path ? "there is no such file, or the interpreter named on its first "
                                    "line is missing"
                                  : "there is no such program on the PATH; check its name, or give "
                                    "its path")};
    case EACCES:
    case EPERM:
      return {ErrorCode::permission_denied,
              fmt::format("cannot run '{0}': it may not be executed; try `chmod +x {0}`", program)};
    case ENOEXEC:
      return {ErrorCode::permission_denied,
              fmt::format("cannot run '{}': expected a program for this machine, or a script whose "
                          "first line names its interpreter (#!/bin/sh)",
                          program)};
    default:
      return error_from_errno(error_number, fmt::format("cannot run '{}'", program));
  }
}

ExitStatus status_of(int wait_status) {
  if (WIFSIGNALED(wait_status)) return {.code = 0, .signal = WTERMSIG(wait_status)};
  return {.code = WEXITSTATUS(wait_status), .signal = 0};
}

// Whether the child has ended, without reaping it. Waits for that unless `options` hold WNOHANG.
// One that somebody else in this process reaped has ended too.
bool ended_unreaped(pid_t pid, int options) {
  siginfo_t info{};
  if (::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOWAIT | options) != 0) {
    return errno != EINTR;
  }
  return info.si_pid == pid;
}

// Returns when the child has ended, the time is up, or a signal came in between. A kernel, or a
// sandbox, without pidfd_open makes it wait in short pieces instead.
void wait_until_ended(pid_t pid, std::chrono::milliseconds at_most) {
  using std::chrono::milliseconds;
  const auto longest = milliseconds(std::numeric_limits<int>::max());
  const UniqueFd ended(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0U)));
  if (!ended) {
    std::this_thread::sleep_for(std::min(at_most, milliseconds(2)));
    return;
  }
  pollfd readable{.fd = ended.get(), .events = POLLIN, .revents = 0};
  ::poll(&readable, 1, static_cast<int>(std::min(at_most, longest).count()));
}

}  // namespace

std::string ExitStatus::describe() const {
  if (signal == 0) return fmt::format("exit status {}", code);
  const char* name = ::sigdescr_np(signal);
  return name == nullptr ? fmt::format("killed by signal {}", signal)
                         : fmt::format("killed by signal {} ({})", signal, name);
}

Subprocess::Subprocess(const std::vector<std::string>& command, Streams streams)
    : leads_group_(streams == Streams::piped) {
  if (command.empty() || command[0].empty()) {
    throw Error(ErrorCode::usage, "cannot run an empty command; name a program");
  }
  // Where this process was started with SIGCHLD ignored, the kernel would throw the status away.
  struct sigaction child_signal{};
  ::sigaction(SIGCHLD, nullptr, &child_signal);
  if (child_signal.sa_handler == SIG_IGN) ::signal(SIGCHLD, SIG_DFL);

  Launch launch;
  launch.parent = ::getpid();
  const std::vector<std::string> paths = candidates(command[0]);
  for (const std::string& path : paths) launch.paths.push_back(path.c_str());
  for (const std::string& argument : command) {
    launch.arguments.push_back(const_cast<char*>(argument.c_str()));
  }
  launch.arguments.push_back(nullptr);

  Pipe report = make_pipe();
  launch.report_fd = report.write_end.get();
  Pipe in;
  Pipe out;
  Pipe err;
  if (streams == Streams::piped) {
    in = make_pipe();
    out = make_pipe();
    err = make_pipe();
    launch.streams = {in.read_end.get(), out.write_end.get(), err.write_end.get()};
    stdin_ = std::move(in.write_end);
    stdout_ = std::move(out.read_end);
    stderr_ = std::move(err.read_end);
    do_not_block(stdout_);
    do_not_block(stderr_);
  }

  pid_ = fork_child(launch);
  report.write_end.reset();
  if (const int reason = failure_to_start(report.read_end); reason != 0) {
    wait();
    throw cannot_run(reason, command[0]);
  }
}

Subprocess::Subprocess(Subprocess&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      leads_group_(other.leads_group_),
      ended_(other.ended_),
      stdin_(std::move(other.stdin_)),
      stdout_(std::move(other.stdout_)),
      stderr_(std::move(other.stderr_)) {}

Subprocess& Subprocess::operator=(Subprocess&& other) noexcept {
  if (this != &other) {
    kill();
    pid_ = std::exchange(other.pid_, -1);
    leads_group_ = other.leads_group_;
    ended_ = other.ended_;
    stdin_ = std::move(other.stdin_);
    stdout_ = std::move(other.stdout_);
    stderr_ = std::move(other.stderr_);
  }
  return *this;
}

Subprocess::~Subprocess() { kill(); }

ExitStatus Subprocess::wait() {
  while (!try_reap(0)) {
  }
  return *ended_;
}

std::optional<ExitStatus> Subprocess::wait_for(std::chrono::milliseconds timeout) {
  using std::chrono::steady_clock;
  const auto begin = steady_clock::now();
  for (;;) {
    if (try_reap(WNOHANG)) return ended_;
    const auto left = timeout - std::chrono::duration_cast<std::chrono::milliseconds>(
                                    steady_clock::now() - begin);
    if (left <= std::chrono::milliseconds::zero()) return std::nullopt;
    wait_until_ended(pid_, left);
  }
}

bool Subprocess::has_ended() const { return ended_ || pid_ <= 0 || ended_unreaped(pid_, WNOHANG); }

void Subprocess::signal(int number) const {
  // Until it is reaped, the child's id can't become another process's.
  if (pid_ > 0 && !ended_) ::kill(pid_, number);
}

std::optional<ExitStatus> Subprocess::kill(std::chrono::milliseconds patience) {
  if (pid_ > 0 && !ended_) ::kill(leads_group_ ? -pid_ : pid_, SIGKILL);
  const auto status = wait_for(patience);
  if (!status) ended_ = ExitStatus{.code = 0, .signal = SIGKILL};
  return status;
}

// True once the status is known. A moved-from object, which has no child, counts as ended.
bool Subprocess::try_reap(int options) {
  if (ended_) return true;
  if (pid_ <= 0) {
    ended_ = ExitStatus{};
    return true;
  }
  // While the leader is not reaped its id still names its group, and nobody else's.
  if (leads_group_) {
    if (!ended_unreaped(pid_, options)) return false;
    ::kill(-pid_, SIGKILL);
  }
  int wait_status = 0;
  const pid_t reaped = ::waitpid(pid_, &wait_status, options);
  if (reaped == pid_) {
    ended_ = status_of(wait_status);
  } else if (reaped < 0 && errno != EINTR) {
    // Somebody else in this process reaped it: it has ended, how is not known.
    ended_ = ExitStatus{.code = 127, .signal = 0};
  }
  return ended_.has_value();
}

}  // namespace wattfor
