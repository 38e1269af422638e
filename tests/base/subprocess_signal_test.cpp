#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/child_output.h"
#include "base/error.h"
#include "base/file.h"
#include "base/subprocess.h"
#include "base/unique_fd.h"

namespace wattfor::subprocess_signal_test {
namespace {

// A set of signals as /proc/self/status of a child shows it, e.g. "SigIgn".
std::uint64_t child_signals(const std::string& field) {
  Subprocess child({"grep", field, "/proc/self/status"}, Streams::piped);
  const std::string line = test::read_pipe(child.stdout_pipe());
  return std::stoull(line.substr(line.find('\t') + 1), nullptr, 16);
}

constexpr std::uint64_t bit(int number) { return std::uint64_t{1} << (number - 1); }

TEST(SubprocessSignalTest, TheChildStartsWithNothingBlocked) {
  sigset_t mine;
  sigset_t before;
  sigfillset(&mine);
  pthread_sigmask(SIG_BLOCK, &mine, &before);
  const std::uint64_t blocked = child_signals("SigBlk");
  sigset_t after;
  pthread_sigmask(SIG_SETMASK, &before, &after);
  EXPECT_EQ(blocked, 0U);
  EXPECT_EQ(sigismember(&after, SIGINT), 1) << "the parent's own mask must be left alone";
}

TEST(SubprocessSignalTest, TheChildDoesNotIgnoreBrokenPipes) {
  ::signal(SIGPIPE, SIG_IGN);
  const std::uint64_t ignored = child_signals("SigIgn");
  ::signal(SIGPIPE, SIG_DFL);
  EXPECT_EQ(ignored & bit(SIGPIPE), 0U);
}

TEST(SubprocessSignalTest, TheChildKeepsIgnoringWhatNohupIgnores) {
  ::signal(SIGHUP, SIG_IGN);
  const std::uint64_t ignored = child_signals("SigIgn");
  ::signal(SIGHUP, SIG_DFL);
  EXPECT_EQ(ignored & bit(SIGHUP), bit(SIGHUP));
}

TEST(SubprocessSignalTest, AHandlerOfTheParentIsNotTheChilds) {
  ::signal(SIGUSR1, [](int) {});
  const ExitStatus status = Subprocess({"sh", "-c", "kill -USR1 $$"}, Streams::inherited).wait();
  ::signal(SIGUSR1, SIG_DFL);
  EXPECT_EQ(status.signal, SIGUSR1);
}

TEST(SubprocessSignalTest, OnlyAPipedChildLeadsAProcessGroup) {
  const Subprocess worker({"cat"}, Streams::piped);
  EXPECT_EQ(::getpgid(worker.pid()), worker.pid());
  const Subprocess command({"sleep", "600"}, Streams::inherited);
  EXPECT_EQ(::getpgid(command.pid()), ::getpgrp());
}

TEST(SubprocessSignalTest, AWorkerThatEndsByItselfLeavesNoChildrenBehind) {
  // Each grandchild holds the pipe open; were it left alone, it would still come to speak.
  const std::vector<std::string> crashing = {"sh", "-c", "(sleep 20; echo late) & kill -9 $$"};
  Subprocess waited_for(crashing, Streams::piped);
  EXPECT_EQ(waited_for.wait().signal, SIGKILL);
  EXPECT_EQ(test::read_pipe(waited_for.stdout_pipe()), "");

  Subprocess polled({"sh", "-c", "(sleep 20; echo late) & exit 3"}, Streams::piped);
  EXPECT_EQ(polled.wait_for(std::chrono::minutes(1))->code, 3);
  EXPECT_EQ(test::read_pipe(polled.stdout_pipe()), "");
}

TEST(SubprocessSignalTest, TellsThatItHasEndedWithoutReaping) {
  Subprocess child({"cat"}, Streams::piped);
  EXPECT_FALSE(child.has_ended());
  child.signal(SIGTERM);
  siginfo_t end{};
  ASSERT_EQ(::waitid(P_PID, static_cast<id_t>(child.pid()), &end, WEXITED | WNOWAIT), 0);
  EXPECT_TRUE(child.has_ended());
  EXPECT_EQ(child.wait().signal, SIGTERM);
  EXPECT_TRUE(child.has_ended());
  const Subprocess moved = std::move(child);
  EXPECT_TRUE(moved.has_ended());
}

TEST(SubprocessSignalTest, SendsASignalAndIsHarmlessAfterTheEnd) {
  Subprocess child({"cat"}, Streams::piped);
  child.signal(SIGTERM);
  EXPECT_EQ(child.wait().describe(), "killed by signal 15 (Terminated)");
  child.signal(SIGTERM);
  EXPECT_EQ(child.wait().signal, SIGTERM);
}

// Traces a process and does not reap it: killed, it is not gone for its parent, which is what one
// that hangs in the kernel looks like.
class Tracer {
 public:
  explicit Tracer(pid_t of) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return;
    const UniqueFd said(ends[0]);
    UniqueFd says(ends[1]);
    pid_ = ::fork();
    if (pid_ == 0) {
      const char answer = ::ptrace(PTRACE_SEIZE, of, nullptr, nullptr) == 0 ? 'y' : 'n';
      if (::write(says.get(), &answer, 1) != 1) ::_exit(1);
      for (;;) ::pause();
    }
    says.reset();
    char answer = 'n';
    holds_ = ::read(said.get(), &answer, 1) == 1 && answer == 'y';
  }
  Tracer(const Tracer&) = delete;
  Tracer& operator=(const Tracer&) = delete;
  ~Tracer() {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  bool holds() const { return holds_; }

 private:
  pid_t pid_ = -1;
  bool holds_ = false;
};

TEST(SubprocessSignalTest, OneThatDoesNotDieIsLeftAfterAWhile) {
  pid_t pid = -1;
  {
    Subprocess child({"cat"}, Streams::piped);
    pid = child.pid();
    const Tracer tracer(pid);
    if (!tracer.holds()) GTEST_SKIP() << "no process may trace another one here";
    EXPECT_FALSE(child.kill(std::chrono::milliseconds(1)));
    EXPECT_TRUE(child.has_ended());
    EXPECT_EQ(child.wait().signal, SIGKILL);
    // The destructor waits no more, or it would do so for ever.
  }
  int status = 0;
  EXPECT_EQ(::waitpid(pid, &status, 0), pid);
  EXPECT_TRUE(WIFSIGNALED(status));
}

TEST(SubprocessSignalTest, WritingToADeadWorkerIsAnErrorAndNotASignal) {
  ::signal(SIGPIPE, SIG_DFL);
  Subprocess worker({"cat"}, Streams::piped);
  worker.kill();
  EXPECT_THROW(write_all(worker.stdin_pipe().get(), "{\"quit\":{}}\n"), Error);
}

}  // namespace
}  // namespace wattfor::subprocess_signal_test
