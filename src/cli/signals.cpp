#include "cli/signals.h"

#include <poll.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>

#include "base/error.h"

namespace wattfor::cli {

namespace {

bool ignored(int number) {
  struct sigaction action{};
  return sigaction(number, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

}  // namespace

SignalQueue::SignalQueue(std::initializer_list<int> more) {
  sigset_t watched;
  sigemptyset(&watched);
  for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2, SIGALRM, SIGVTALRM,
                           SIGPROF, SIGXCPU, SIGCHLD}) {
    // What a caller ignores (nohup) would be queued all the same once it is blocked.
    if (number == SIGCHLD || !ignored(number)) sigaddset(&watched, number);
  }
  for (const int number : more) {
    if (!ignored(number)) sigaddset(&watched, number);
  }
  pthread_sigmask(SIG_BLOCK, &watched, nullptr);
  fd_ = UniqueFd(signalfd(-1, &watched, SFD_CLOEXEC | SFD_NONBLOCK));
  if (!fd_) throw error_from_errno(errno, "cannot watch for signals (signalfd)");
}

std::optional<ArrivedSignal> SignalQueue::wait(std::chrono::milliseconds timeout) {
  pollfd waiting{.fd = fd_.get(), .events = POLLIN, .revents = 0};
  if (poll(&waiting, 1, static_cast<int>(timeout.count())) <= 0) return std::nullopt;
  signalfd_siginfo info{};
  if (read(fd_.get(), &info, sizeof info) != sizeof info) return std::nullopt;
  const int number = static_cast<int>(info.ssi_signo);
  // The kernel sends others too: timers and limits, to this process alone.
  const bool key = number == SIGINT || number == SIGQUIT;
  return ArrivedSignal{.number = number, .from_terminal = key && info.ssi_code == SI_KERNEL};
}

void die_by(int signal) {
  // The core, if one is wanted, is the child's; a second one of ours would only confuse.
  const rlimit no_core{.rlim_cur = 0, .rlim_max = 0};
  setrlimit(RLIMIT_CORE, &no_core);
  std::signal(signal, SIG_DFL);
  sigset_t unblocked;
  sigemptyset(&unblocked);
  sigaddset(&unblocked, signal);
  pthread_sigmask(SIG_UNBLOCK, &unblocked, nullptr);
  raise(signal);
  std::_Exit(128 + signal);  // a signal whose default is to be ignored
}

}  // namespace wattfor::cli
