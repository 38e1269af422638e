#include "tracking/mark_socket.h"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "support/refusal.h"
#include "tracking/unix_address.h"

namespace wattfor::mark_socket_test {
namespace {

// What a socket has handed over.
class Taken {
 public:
  std::function<void(const ProgramMark&)> taker() {
    return [this](const ProgramMark& mark) {
      const std::lock_guard lock(mutex_);
      if (std::holds_alternative<mark::EndEpoch>(mark)) {
        throw Error(ErrorCode::usage, "no epoch is open");
      }
      marks_.push_back(mark);
    };
  }
  std::vector<ProgramMark> marks() const {
    const std::lock_guard lock(mutex_);
    return marks_;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<ProgramMark> marks_;
};

UniqueFd connected(const std::filesystem::path& path) {
  UniqueFd fd(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const UnixAddress address(path);
  if (connect(fd.get(), address.get(), address.size()) != 0) fd.reset();
  return fd;
}

TEST(MarkSocketTest, HandsOverMarksInTheirOrderAndAnswersEach) {
  Taken taken;
  const MarkSocket socket;
  const MarkServer server(socket, taken.taker());
  EXPECT_TRUE(send_marks(socket.path(), {"epoch 1", "begin load data", "step 20"}).empty());
  EXPECT_EQ(
      (std::vector<ProgramMark>{mark::Epoch{1}, mark::BeginWindow{"load data"}, mark::Step{20}}),
      taken.marks());
}

TEST(MarkSocketTest, AnswersWhatIsWrongAndGoesOn) {
  Taken taken;
  const MarkSocket socket;
  const MarkServer server(socket, taken.taker());
  const auto refusals = send_marks(socket.path(), {"nonsense", "end epoch", "epoch"});
  ASSERT_EQ(2U, refusals.size());
  EXPECT_TRUE(test::has_text(refusals[0], "'nonsense' is no mark"));
  EXPECT_EQ("no epoch is open", refusals[1]);
  EXPECT_EQ(1U, taken.marks().size());
}

TEST(MarkSocketTest, TakesWhatWasWrittenBeforeItEndsThoughNobodyReadsTheAnswers) {
  Taken taken;
  std::filesystem::path folder;
  {
    const MarkSocket socket;
    folder = socket.path().parent_path();
    const UniqueFd program = connected(socket.path());
    ASSERT_TRUE(program);
    const std::string lines = "epoch 1\nepoch 2\nepoch 3";  // the last one without its newline
    ASSERT_EQ(static_cast<ssize_t>(lines.size()),
              send(program.get(), lines.data(), lines.size(), MSG_NOSIGNAL));
    shutdown(program.get(), SHUT_WR);
    const MarkServer server(socket, taken.taker());
  }
  EXPECT_EQ((std::vector<ProgramMark>{mark::Epoch{1}, mark::Epoch{2}, mark::Epoch{3}}),
            taken.marks());
  EXPECT_FALSE(std::filesystem::exists(folder));
}

TEST(MarkSocketTest, LetsGoOfAProgramThatFloodsIt) {
  Taken taken;
  const MarkSocket socket;
  const MarkServer server(socket, taken.taker());
  const UniqueFd flooding = connected(socket.path());
  const std::string noise(1 << 16, 'x');
  while (send(flooding.get(), noise.data(), noise.size(), MSG_NOSIGNAL) > 0) {
  }
  EXPECT_TRUE(send_marks(socket.path(), {"epoch 1"}).empty());
}

TEST(MarkSocketTest, HearsTheOthersBesideAProgramThatNeverStops) {
  Taken taken;
  const MarkSocket socket;
  const MarkServer server(socket, taken.taker());
  const UniqueFd flooding = connected(socket.path());
  std::string steps;
  for (int i = 0; i < 10'000; ++i) steps += "step\n";
  while (send(flooding.get(), steps.data(), steps.size(), MSG_NOSIGNAL | MSG_DONTWAIT) > 0) {
  }
  EXPECT_TRUE(send_marks(socket.path(), {"epoch 1"}).empty());
}

TEST(MarkSocketTest, TellsTheProgramThatIsOneTooMany) {
  Taken taken;
  const MarkSocket socket;
  const MarkServer server(socket, taken.taker());
  std::vector<UniqueFd> programs;
  for (int i = 0; i < 64; ++i) {
    programs.push_back(connected(socket.path()));
    ASSERT_EQ(6, send(programs.back().get(), "epoch\n", 6, MSG_NOSIGNAL));
    char answer[3];
    ASSERT_EQ(3, recv(programs.back().get(), answer, 3, MSG_WAITALL));
  }
  const UniqueFd late = connected(socket.path());
  char answer[100];
  const ssize_t count = recv(late.get(), answer, sizeof(answer), 0);
  ASSERT_GT(count, 0);
  EXPECT_TRUE(test::has_text(std::string(answer, static_cast<std::size_t>(count)), "64 programs"));
}

TEST(MarkSocketTest, IsForThisUserAlone) {
  const MarkSocket socket;
  using std::filesystem::perms;
  EXPECT_EQ(perms::owner_all,
            std::filesystem::status(socket.path().parent_path()).permissions() & perms::all);
}

TEST(MarkSocketTest, SaysThatNobodyIsThere) {
  EXPECT_THROW(send_marks("/nonexistent/marks", {"epoch"}), Error);
  test::expect_refusal(test::refusal_of([] { send_marks(std::string(200, 'x'), {"epoch"}); }),
                       ErrorCode::usage, "can't be a socket's path");
}

}  // namespace
}  // namespace wattfor::mark_socket_test
