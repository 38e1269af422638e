#include "sensor/kernel_text.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <string>
#include <vector>

#include "support/temp_tree.h"

namespace wattfor::kernel_text_test {
namespace {

using test::TempTree;

TEST(KernelTextTest, ReadsNoMoreThanAskedOfAFileWithoutEnd) {
  EXPECT_EQ(beginning_of("/dev/zero", 10), std::nullopt) << "no regular file";
  const TempTree tree;
  tree.write("long", std::string(longest_kernel_text + 1, '7'));
  EXPECT_EQ(beginning_of(tree / "long", 10), std::string(10, '7'));
  EXPECT_EQ(kernel_text(tree / "long"), std::nullopt) << "half of a text is another text";
  EXPECT_EQ(kernel_number(tree / "long"), std::nullopt);
}

TEST(KernelTextTest, WhatCannotBeReadIsNothing) {
  const TempTree tree;
  EXPECT_EQ(kernel_text(tree / "missing"), std::nullopt);
  tree.make_unreadable("folder");
  EXPECT_EQ(kernel_text(tree / "folder"), std::nullopt);
  ASSERT_EQ(mkfifo((tree / "pipe").c_str(), 0600), 0);
  EXPECT_EQ(kernel_text(tree / "pipe"), std::nullopt);
}

TEST(KernelTextTest, ANumberIsAWholeNumberAndNothingElse) {
  const TempTree tree;
  tree.write("number", "-40000\n");
  EXPECT_EQ(kernel_number(tree / "number"), -40000);
  for (const char* garbage : {"", "\n", "12 W", "0x10", "99999999999999999999", "nan", "1e3"}) {
    tree.write("number", garbage);
    EXPECT_EQ(kernel_number(tree / "number"), std::nullopt) << garbage;
  }
}

TEST(KernelTextTest, ListsAreNumbersAndRanges) {
  EXPECT_EQ(listed_numbers("0-3,8"), (std::vector<int>{0, 1, 2, 3, 8}));
  EXPECT_EQ(listed_numbers("8,0-1,1"), (std::vector<int>{0, 1, 8}));
  for (const char* garbage : {"", "x", "3-1", "-1", "0-", "0-4000000000", "1,,2", "0-99999999"}) {
    EXPECT_EQ(listed_numbers(garbage), std::vector<int>{}) << garbage;
  }
}

TEST(KernelTextTest, AValueStandsBehindItsKeyAlone) {
  const std::string status = "Name:\tx\nCpus_allowed:\tf\nCpus_allowed_list:\t 0-3 \n";
  EXPECT_EQ(value_of(status, "Cpus_allowed_list"), "0-3");
  EXPECT_EQ(value_of(status, "Cpus_allowed"), "f");
  EXPECT_EQ(value_of(status, "Cpus"), "");
}

}  // namespace
}  // namespace wattfor::kernel_text_test
