#include "base/attribute_file.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "support/temp_tree.h"

namespace wattfor::attribute_file_test {
namespace {

using test::TempTree;

// The text, or "errno N".
std::string answer(AttributeFile& file) {
  const auto read = file.read();
  if (const int* error_number = std::get_if<int>(&read)) {
    return "errno " + std::to_string(*error_number);
  }
  return std::string(std::get<std::string_view>(read));
}

std::string no(int error_number) { return "errno " + std::to_string(error_number); }

TEST(AttributeFileTest, ReadsTheFileAnewEveryTime) {
  const TempTree tree;
  tree.write("energy_uj", "12\n");
  AttributeFile file(tree / "energy_uj");
  EXPECT_EQ(answer(file), "12\n");
  tree.write("energy_uj", "7\n");
  EXPECT_EQ(answer(file), "7\n");
  tree.write("energy_uj", "");
  EXPECT_EQ(answer(file), "");
}

TEST(AttributeFileTest, SaysWhyAFileCanNotBeReadAndFindsItOnceItIsThere) {
  const TempTree tree;
  AttributeFile file(tree / "energy_uj");
  EXPECT_EQ(answer(file), no(ENOENT));
  tree.write("energy_uj", "12\n");
  EXPECT_EQ(answer(file), "12\n");
}

TEST(AttributeFileTest, AFolderOfThatNameIsAnError) {
  const TempTree tree;
  tree.make_unreadable("energy_uj");
  AttributeFile file(tree / "energy_uj");
  EXPECT_EQ(answer(file), no(EISDIR));
}

TEST(AttributeFileTest, ATextThatIsTooLongIsRefusedAndNotCut) {
  const TempTree tree;
  tree.write("energy_uj", "1234567");
  AttributeFile fits(tree / "energy_uj", 8);
  EXPECT_EQ(answer(fits), "1234567");
  AttributeFile too_short(tree / "energy_uj", 7);
  EXPECT_EQ(answer(too_short), no(EFBIG));
}

TEST(AttributeFileTest, OpensTheFileAgainWhoseDeviceHasVanished) {
  const TempTree tree;
  tree.write("energy_uj", "12\n");
  AttributeFile file(tree / "energy_uj");
  EXPECT_EQ(answer(file), "12\n");
  set_attribute_read([](int, void*, std::size_t, off_t) -> ssize_t {
    errno = ENODEV;
    return -1;
  });
  EXPECT_EQ(answer(file), no(ENODEV));
  std::filesystem::remove(tree / "energy_uj");
  EXPECT_EQ(answer(file), no(ENOENT));
  set_attribute_read(nullptr);
  EXPECT_EQ(answer(file), no(ENOENT));
  tree.write("energy_uj", "3\n");
  EXPECT_EQ(answer(file), "3\n");
}

// Or a counter that began anew would pass for one that went on.
TEST(AttributeFileTest, SaysOnceThatItsDeviceVanishedAlsoWhereItIsBackAtOnce) {
  const TempTree tree;
  tree.write("energy_uj", "12\n");
  AttributeFile file(tree / "energy_uj");
  EXPECT_EQ(answer(file), "12\n");
  static bool gone = false;
  gone = true;
  set_attribute_read([](int fd, void* text, std::size_t length, off_t offset) -> ssize_t {
    if (!std::exchange(gone, false)) return ::pread(fd, text, length, offset);
    errno = ENODEV;
    return -1;
  });
  tree.write("energy_uj", "15\n");
  EXPECT_EQ(answer(file), no(ENODEV));
  EXPECT_EQ(answer(file), "15\n");
  set_attribute_read(nullptr);
}

TEST(AttributeFileTest, DoesNotFollowALinkThatLeadsToAnotherDeviceAfterAReload) {
  const TempTree tree;
  tree.write("devices/one/power", "12\n");
  tree.write("devices/two/power", "700\n");
  std::filesystem::create_directory_symlink(tree / "devices/one", tree / "hwmon2");
  AttributeFile file(tree / "hwmon2/power");
  EXPECT_EQ(answer(file), "12\n");
  std::filesystem::remove(tree / "hwmon2");
  std::filesystem::create_directory_symlink(tree / "devices/two", tree / "hwmon2");
  std::filesystem::remove(tree / "devices/one/power");
  set_attribute_read([](int, void*, std::size_t, off_t) -> ssize_t {
    errno = ENODEV;
    return -1;
  });
  EXPECT_EQ(answer(file), no(ENODEV));
  set_attribute_read(nullptr);
  EXPECT_EQ(answer(file), no(ENOENT));
  tree.write("devices/one/power", "13\n");
  EXPECT_EQ(answer(file), "13\n");
}

TEST(AttributeFileTest, AReadThatASignalInterruptedIsDoneAgain) {
  const TempTree tree;
  tree.write("energy_uj", "12\n");
  AttributeFile file(tree / "energy_uj");
  static int interruptions = 0;
  interruptions = 2;
  set_attribute_read([](int fd, void* text, std::size_t length, off_t offset) -> ssize_t {
    if (interruptions-- == 0) return ::pread(fd, text, length, offset);
    errno = EINTR;
    return -1;
  });
  EXPECT_EQ(answer(file), "12\n");
  set_attribute_read(nullptr);
}

}  // namespace
}  // namespace wattfor::attribute_file_test
