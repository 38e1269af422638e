#include "sensor/host_programs.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <map>
#include <set>
#include <string>

#include "support/temp_tree.h"

namespace wattfor::host_programs_test {
namespace {

using test::TempTree;

// user, system, and the children's user and system ticks, in this order, behind the name.
std::string stat_line(int pid, const std::string& name, int parent, const std::string& ticks) {
  return fmt::format("{} ({}) S {} 1 1 0 -1 4194560 100 0 0 0 {} 20 0 1 0 555 1000 10\n", pid, name,
                     parent, ticks);
}

TEST(HostProgramsTest, ReadsNameFamilyAndTimes) {
  const TempTree proc;
  proc.write("self/stat", stat_line(10, "wattfor", 1, "1 2 3 4"));
  proc.write("10/stat", stat_line(10, "wattfor", 1, "1 2 3 4"));
  proc.write("11/stat", stat_line(11, "python3", 10, "100 20 7 5"));
  proc.write("uptime", "1 2");
  const ProgramTable table = read_program_table(proc.root());
  EXPECT_EQ(table.self, 10);
  EXPECT_TRUE(table.is_whole_machine);
  ASSERT_EQ(table.programs.size(), 2U);
  const Program& python = table.programs.at(11);
  EXPECT_EQ(python.name, "python3");
  EXPECT_EQ(python.parent, 10);
  EXPECT_DOUBLE_EQ(python.ticks, 120.0);
  EXPECT_DOUBLE_EQ(python.with_children, 132.0);
  EXPECT_EQ(python.started, 555);
}

TEST(HostProgramsTest, ANameMayHoldAnything) {
  const TempTree proc;
  const std::string name = "a) R 1 (b\n\x1b[2J\xff";
  proc.write("7/stat", stat_line(7, name, 3, "1 1 0 0"));
  const ProgramTable table = read_program_table(proc.root());
  EXPECT_EQ(table.programs.at(7).name, name);
  EXPECT_EQ(table.programs.at(7).parent, 3);
}

TEST(HostProgramsTest, WhatVanishesOrIsGarbageIsLeftOut) {
  const TempTree proc;
  std::filesystem::create_directories(proc / "5");  // it ended after the folder was listed
  proc.make_unreadable("6/stat");
  proc.write("7/stat", "");
  proc.write("8/stat", "8 (cut off) S 1 1 1");
  proc.write("9/stat", std::string(1 << 20, '('));
  proc.write("99999999999999/stat", stat_line(1, "x", 1, "1 1 1 1"));
  proc.write("12/stat", "99999999999 (x) S 1");
  const ProgramTable table = read_program_table(proc.root());
  EXPECT_EQ(table.self, 0);
  EXPECT_EQ(own_programs(table), std::set<int>{});
  EXPECT_LE(table.programs.size(), 1U);
  EXPECT_TRUE(read_program_table(proc / "missing").programs.empty());
}

TEST(HostProgramsTest, SaysWhereThereAreMoreThanItReads) {
  const TempTree proc;
  for (const int pid : {7, 8, 9}) {
    proc.write(fmt::format("{}/stat", pid), stat_line(pid, "x", 1, "1 1 0 0"));
  }
  EXPECT_TRUE(read_program_table(proc.root(), 3).is_complete);
  const ProgramTable part = read_program_table(proc.root(), 2);
  EXPECT_FALSE(part.is_complete);
  EXPECT_EQ(part.programs.size(), 2U);
}

TEST(HostProgramsTest, ANamedPipeIsNotWaitedFor) {
  const TempTree proc;
  std::filesystem::create_directories(proc / "5");
  ASSERT_EQ(mkfifo((proc / "5/stat").c_str(), 0600), 0);
  EXPECT_TRUE(read_program_table(proc.root()).programs.empty());
}

TEST(HostProgramsTest, TheOwnAreThisProcessAndAllBelowIt) {
  ProgramTable table;
  table.self = 10;
  for (const auto& [pid, parent] :
       std::map<int, int>{{1, 0}, {10, 1}, {11, 10}, {12, 11}, {20, 1}, {21, 20}}) {
    table.programs[pid].parent = parent;
  }
  EXPECT_EQ(own_programs(table), (std::set<int>{10, 11, 12}));
}

TEST(HostProgramsTest, WhatTheLauncherStartedIsItsFamily) {
  ProgramTable table;
  table.self = 11;
  for (const auto& [pid, parent] :
       std::map<int, int>{{1, 0}, {10, 1}, {11, 10}, {12, 10}, {13, 12}, {20, 1}}) {
    table.programs[pid].parent = parent;
  }
  EXPECT_EQ(own_programs(table, Family::launched), (std::set<int>{10, 11, 12, 13}));
  table.programs[11].parent = 1;  // the launcher has gone
  EXPECT_EQ(own_programs(table, Family::launched), (std::set<int>{11}));
}

TEST(HostProgramsTest, ARingOfParentsIsNoTrap) {
  ProgramTable table;
  table.self = 10;
  table.programs[10].parent = 11;
  table.programs[11].parent = 10;
  EXPECT_EQ(own_programs(table), (std::set<int>{10, 11}));
}

TEST(HostProgramsTest, KnowsTheMachinesNumbersFromAContainers) {
  const TempTree proc;
  std::filesystem::create_directories(proc / "self/ns");
  std::filesystem::create_symlink("pid:[4026531836]", proc / "self/ns/pid");
  EXPECT_TRUE(read_program_table(proc.root()).is_whole_machine);
  std::filesystem::remove(proc / "self/ns/pid");
  std::filesystem::create_symlink("pid:[4026532999]", proc / "self/ns/pid");
  EXPECT_FALSE(read_program_table(proc.root()).is_whole_machine);
}

TEST(HostProgramsTest, FindsThisProcessInTheRealTree) {
  const ProgramTable table = read_program_table();
  EXPECT_EQ(table.self, getpid());
  EXPECT_TRUE(own_programs(table).contains(getpid()));
  EXPECT_EQ(table.programs.at(getpid()).parent, getppid());
}

}  // namespace
}  // namespace wattfor::host_programs_test
