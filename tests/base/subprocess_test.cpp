#include "base/subprocess.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/child_output.h"
#include "base/file.h"

namespace wattfor::subprocess_test {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using Words = std::vector<std::string>;

Words shell(const std::string& script) { return {"sh", "-c", script}; }

TEST(SubprocessTest, ReportsHowTheChildEnded) {
  EXPECT_EQ(Subprocess(shell("exit 0"), Streams::inherited).wait().describe(), "exit status 0");
  EXPECT_EQ(Subprocess(shell("exit 3"), Streams::inherited).wait().describe(), "exit status 3");
  const ExitStatus killed = Subprocess(shell("kill -KILL $$"), Streams::inherited).wait();
  EXPECT_EQ(killed.signal, SIGKILL);
  EXPECT_EQ(killed.describe(), "killed by signal 9 (Killed)");
}

TEST(SubprocessTest, DescribesASignalWithoutAName) {
  EXPECT_EQ((ExitStatus{.code = 0, .signal = 50}).describe(), "killed by signal 50");
}

TEST(SubprocessTest, GivesTheSameStatusAgain) {
  Subprocess child(shell("exit 5"), Streams::inherited);
  EXPECT_EQ(child.wait().code, 5);
  EXPECT_EQ(child.wait().code, 5);
  EXPECT_EQ(child.wait_for(milliseconds(0))->code, 5);
  EXPECT_EQ(child.kill()->code, 5);
}

TEST(SubprocessTest, PassesEachArgumentAsItIs) {
  Subprocess child({"printf", "%s|", "two words", "$HOME", "quo\"te", "new\nline", ""},
                   Streams::piped);
  EXPECT_EQ(test::read_pipe(child.stdout_pipe()), "two words|$HOME|quo\"te|new\nline||");
  EXPECT_EQ(child.wait().code, 0);
}

TEST(SubprocessTest, ConnectsTheThreeStreams) {
  Subprocess child(shell("read line; echo \"out $line\"; echo \"err $line\" >&2"), Streams::piped);
  write_all(child.stdin_pipe().get(), "hello\n");
  EXPECT_EQ(test::read_pipe(child.stdout_pipe()), "out hello\n");
  EXPECT_EQ(test::read_pipe(child.stderr_pipe()), "err hello\n");
  EXPECT_EQ(child.wait().code, 0);
}

TEST(SubprocessTest, ReadingFromASilentChildDoesNotBlock) {
  Subprocess child({"cat"}, Streams::piped);
  char byte = 0;
  EXPECT_EQ(::read(child.stdout_pipe().get(), &byte, 1), -1);
  EXPECT_EQ(errno, EAGAIN);
  EXPECT_EQ(::read(child.stderr_pipe().get(), &byte, 1), -1);
  EXPECT_EQ(errno, EAGAIN);
}

TEST(SubprocessTest, WaitsAtMostTheGivenTime) {
  Subprocess child({"cat"}, Streams::piped);
  EXPECT_FALSE(child.wait_for(milliseconds(-1)));
  EXPECT_FALSE(child.wait_for(milliseconds(0)));
  EXPECT_FALSE(child.wait_for(milliseconds(5)));
  child.close_stdin();
  const std::optional<ExitStatus> status = child.wait_for(minutes(5));
  ASSERT_TRUE(status);
  EXPECT_EQ(status->code, 0);
}

TEST(SubprocessTest, TakesTheLongestWaitThereIs) {
  Subprocess child(shell("exit 2"), Streams::inherited);
  EXPECT_EQ(child.wait_for(milliseconds::max())->code, 2);
}

TEST(SubprocessTest, ReapsTheChildThatItsDestructorKills) {
  pid_t pid = -1;
  {
    const Subprocess child({"cat"}, Streams::piped);
    pid = child.pid();
    EXPECT_EQ(::kill(pid, 0), 0);
  }
  EXPECT_EQ(::waitpid(pid, nullptr, 0), -1);
  EXPECT_EQ(errno, ECHILD);
}

TEST(SubprocessTest, KillTakesTheWorkersOwnChildrenAlong) {
  Subprocess worker(shell("sleep 600 & echo started; wait"), Streams::piped);
  EXPECT_EQ(test::read_pipe(worker.stdout_pipe(), '\n'), "started\n");
  EXPECT_EQ(worker.kill()->signal, SIGKILL);
  // The end comes only when nobody holds the pipe any more.
  EXPECT_EQ(test::read_pipe(worker.stdout_pipe()), "");
}

TEST(SubprocessTest, MovesWithoutEndingTheChild) {
  Subprocess from({"cat"}, Streams::piped);
  const pid_t pid = from.pid();
  Subprocess to(std::move(from));
  EXPECT_EQ(to.pid(), pid);
  EXPECT_FALSE(to.wait_for(milliseconds(0)));

  Subprocess other({"cat"}, Streams::piped);
  const pid_t replaced = other.pid();
  other = std::move(to);
  EXPECT_EQ(other.pid(), pid);
  EXPECT_EQ(::waitpid(replaced, nullptr, 0), -1);
  other.close_stdin();
  EXPECT_EQ(other.wait().code, 0);
}

// Were the second child to hold the first one's pipe, the first would never see its end.
TEST(SubprocessTest, OneChildDoesNotHoldThePipesOfAnother) {
  Subprocess first({"cat"}, Streams::piped);
  const Subprocess second({"cat"}, Streams::piped);
  first.close_stdin();
  EXPECT_EQ(first.wait().code, 0);
}

TEST(SubprocessTest, FindsTheStatusWhereTheProcessIgnoresItsChildren) {
  ::signal(SIGCHLD, SIG_IGN);
  EXPECT_EQ(Subprocess(shell("exit 3"), Streams::inherited).wait().code, 3);
  ::signal(SIGCHLD, SIG_DFL);
}

TEST(SubprocessTest, SeveralThreadsMayStartChildrenAtOnce) {
  std::array<int, 8> codes{};
  std::vector<std::thread> threads;
  threads.reserve(codes.size());
  for (std::size_t i = 0; i < codes.size(); ++i) {
    threads.emplace_back([&code = codes[i], i] {
      Subprocess child(shell("read line; exit $line"), Streams::piped);
      write_all(child.stdin_pipe().get(), std::to_string(i) + "\n");
      child.close_stdin();
      code = child.wait().code;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(codes, (std::array{0, 1, 2, 3, 4, 5, 6, 7}));
}

// Runs `body` in a process of its own and gives what it returns.
int in_own_process(const auto& body) {
  const pid_t pid = ::fork();
  if (pid == 0) ::_exit(body());
  int status = 0;
  ::waitpid(pid, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

TEST(SubprocessTest, ConnectsTheStreamsOfAParentThatHasNone) {
  const int matches = in_own_process([] {
    for (int fd = 0; fd < 3; ++fd) ::close(fd);
    Subprocess child(shell("cat; echo error >&2"), Streams::piped);
    write_all(child.stdin_pipe().get(), "text");
    child.close_stdin();
    const bool out = test::read_pipe(child.stdout_pipe()) == "text";
    const bool err = test::read_pipe(child.stderr_pipe()) == "error\n";
    return out && err ? 1 : 0;
  });
  EXPECT_EQ(matches, 1);
}

TEST(SubprocessTest, DiesWithAParentThatIsKilled) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe(ends.data()), 0);
  const UniqueFd read_end(ends[0]);
  UniqueFd write_end(ends[1]);
  // Only the sleeping grandchild holds the pipe for long: through its standard output.
  EXPECT_EQ(in_own_process([&] {
              ::dup2(write_end.get(), STDOUT_FILENO);
              write_end.reset();
              const Subprocess child({"sleep", "600"}, Streams::inherited);
              return ::raise(SIGKILL);
            }),
            -SIGKILL);
  write_end.reset();
  EXPECT_EQ(test::read_pipe(read_end), "");
}

}  // namespace
}  // namespace wattfor::subprocess_test
