#include "tracking/node_turn.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "base/error.h"
#include "support/refusal.h"
#include "support/temp_tree.h"

namespace wattfor::node_turn_test {
namespace {

namespace fs = std::filesystem;

NodeOwner rank_0() { return {.record = "a", .store = "/s", .marks = "/m", .rank = 0}; }

class NodeTurnTest : public testing::Test {
 protected:
  NodeTurnTest() {
    fs::create_directory(folder_);
    fs::permissions(folder_, fs::perms::owner_all);
  }

  std::unique_ptr<NodeTurn> turn(const std::string& run = "train") const {
    return std::make_unique<NodeTurn>(run, folder_);
  }
  // Does something in a process made by fork, and gives its answer.
  static int in_child(const std::function<int()>& act) {
    const pid_t child = fork();
    if (child == 0) _exit(act());
    int status = 0;
    waitpid(child, &status, 0);
    return WEXITSTATUS(status);
  }

  test::TempTree tree_;
  fs::path folder_ = tree_ / "turns";
};

TEST_F(NodeTurnTest, OneProcessHasIt) {
  const auto ours = turn();
  EXPECT_TRUE(ours->is_free());
  EXPECT_TRUE(ours->take());
  EXPECT_TRUE(ours->take()) << "again";
  EXPECT_EQ(in_child([&] { return turn()->take() ? 1 : 0; }), 0);
  EXPECT_EQ(in_child([&] { return turn()->is_free() ? 1 : 0; }), 0);
  EXPECT_EQ(in_child([&] { return turn("another run")->take() ? 1 : 0; }), 1);
}

TEST_F(NodeTurnTest, AProcessThatIsKilledLeavesNoLock) {
  const pid_t child = fork();
  if (child == 0) {
    const auto theirs = turn();
    theirs->take();
    theirs->tell(rank_0());
    raise(SIGKILL);
  }
  int status = 0;
  waitpid(child, &status, 0);
  ASSERT_TRUE(WIFSIGNALED(status));
  const auto ours = turn();
  EXPECT_TRUE(ours->is_free());
  ASSERT_TRUE(ours->owner()) << "what it said stands";
  EXPECT_EQ(ours->owner()->record, "a");
  EXPECT_TRUE(ours->take());
}

TEST_F(NodeTurnTest, WhatAnotherSaidBeforeIsNotTheWordOfWhoHasItNow) {
  const auto ours = turn();
  EXPECT_EQ(in_child([&] {
              const auto theirs = turn();
              theirs->take();
              theirs->tell(rank_0());
              return 0;
            }),
            0);
  ASSERT_TRUE(ours->take());
  EXPECT_EQ(in_child([&] { return turn()->owner() ? 1 : 0; }), 0);
  ours->tell({.record = "b", .store = "", .marks = "", .rank = std::nullopt});
  EXPECT_EQ(in_child([&] { return turn()->owner()->record == "b" ? 1 : 0; }), 1);
}

TEST_F(NodeTurnTest, AChildThatForksAndEndsTakesNothingAway) {
  const auto ours = turn();
  ASSERT_TRUE(ours->take());
  EXPECT_EQ(in_child([&] { return ours->take() ? 1 : 0; }), 0) << "it is not the child's";
  EXPECT_EQ(in_child([&] { return turn()->take() ? 1 : 0; }), 0);  // it opened and closed the file
  EXPECT_EQ(in_child([&] { return turn()->is_free() ? 1 : 0; }), 0);
  ours->give_back();
  EXPECT_EQ(in_child([&] { return turn()->take() ? 1 : 0; }), 1);
}

TEST_F(NodeTurnTest, WhatIsNoWordOfAnOwnerSaysNothing) {
  const auto ours = turn();
  EXPECT_EQ(ours->owner(), std::nullopt);
  for (const char* garbage : {"{", "[]", "{\"record\": 1}", "\xff\xfe", "null"}) {
    tree_.write("turns/" + fs::directory_iterator(folder_)->path().filename().string(), garbage);
    EXPECT_EQ(ours->owner(), std::nullopt) << garbage;
  }
}

TEST_F(NodeTurnTest, AFolderThatOthersMayWriteToIsRefused) {
  fs::permissions(folder_, fs::perms::all);
  test::expect_refusal(test::refusal_of([&] { turn(); }), ErrorCode::permission_denied,
                       folder_.string() + " is no folder that only you may write to");
  fs::remove_all(folder_);
  fs::create_directory_symlink(tree_.root(), folder_);
  EXPECT_THROW(turn(), Error) << "a link leads anywhere";
}

}  // namespace
}  // namespace wattfor::node_turn_test
