#include "store/process_identity.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "support/temp_tree.h"

namespace wattfor::process_identity_test {
namespace {

using test::TempTree;

constexpr char boot_file[] = "sys/kernel/random/boot_id";
// Field 22 is 4711; the name of the command is as confusing as one may be.
constexpr char stat_of_4711[] =
    "77 (a ) b (c) S 1 77 77 0 -1 4194304 1 2 3 4 5 6 7 8 20 0 1 0 4711 1000 10";

// A /proc of this boot and container in which process 77 started at tick 4711.
class ProcessIdentityTest : public testing::Test {
 protected:
  ProcessIdentityTest() {
    proc_.write(boot_file, "boot-a\n");
    proc_.write("77/stat", stat_of_4711);
    std::filesystem::create_directories(proc_ / "self/ns");
    std::filesystem::create_symlink("pid:[1]", proc_ / "self/ns/pid");
  }

  TempTree proc_;
  ProcessIdentity process_{
      .pid = 77, .start_ticks = 4711, .boot_id = "boot-a", .pid_namespace = "pid:[1]"};
};

TEST_F(ProcessIdentityTest, SeesARunningProcess) {
  EXPECT_EQ(Liveness::running, liveness_of(process_, proc_.root()));
}

TEST_F(ProcessIdentityTest, TakesAProcessThatIsNotThereForEnded) {
  process_.pid = 78;
  EXPECT_EQ(Liveness::ended, liveness_of(process_, proc_.root()));
}

TEST_F(ProcessIdentityTest, DoesNotMistakeARecycledPid) {
  process_.start_ticks = 4000;
  EXPECT_EQ(Liveness::ended, liveness_of(process_, proc_.root()));
}

TEST_F(ProcessIdentityTest, TakesAProcessOfAnEarlierBootForEnded) {
  process_.boot_id = "boot-before";
  EXPECT_EQ(Liveness::ended, liveness_of(process_, proc_.root()));
}

TEST_F(ProcessIdentityTest, TakesAZombieForEnded) {
  proc_.write("77/stat", "77 (x) Z 1 77 77 0 -1 4194304 1 2 3 4 5 6 7 8 20 0 1 0 4711 1000 10");
  EXPECT_EQ(Liveness::ended, liveness_of(process_, proc_.root()));
}

TEST_F(ProcessIdentityTest, CannotTellOfAnotherContainersProcess) {
  process_.pid_namespace = "pid:[2]";
  EXPECT_EQ(Liveness::unknown, liveness_of(process_, proc_.root()));
}

TEST(ThisProcessTest, Runs) { EXPECT_EQ(Liveness::running, liveness_of(this_process())); }

}  // namespace
}  // namespace wattfor::process_identity_test
