#include "base/file.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <iterator>
#include <string>

#include "base/error.h"
#include "base/unique_fd.h"
#include "support/refusal.h"
#include "support/temp_tree.h"

namespace wattfor::file_test {
namespace {

using test::has_text;
using test::refusal_of;
namespace fs = std::filesystem;

TEST(ReadFileTest, GivesTheWholeTextUnchanged) {
  const test::TempTree tree;
  const std::string text = "a\n" + std::string(1, '\0') + "b\n" + std::string(100'000, 'x') + "\n";
  tree.write("file", text);
  EXPECT_EQ(read_file(tree / "file"), text);
}

TEST(ReadFileTest, NamesTheFileAndTheReason) {
  const Error error = refusal_of([] { read_file("/no/such/file.csv"); });
  EXPECT_EQ(error.code(), ErrorCode::not_found);
  EXPECT_TRUE(has_text(error.what(), "/no/such/file.csv"));
  EXPECT_TRUE(has_text(error.what(), "check the path"));
}

TEST(ReadFileTest, RefusesAFolder) {
  const test::TempTree tree;
  EXPECT_TRUE(has_text(refusal_of([&] { read_file(tree.root()); }).what(), "not a folder"));
}

TEST(ReadAttributeTest, CutsTheNewlineAtTheEnd) {
  const test::TempTree tree;
  tree.write("energy_uj", "123456\n");
  tree.write("spaces", "  in the middle \t\n");
  tree.write("empty", "");
  tree.write("newline", "\n");
  EXPECT_EQ(read_attribute(tree / "energy_uj"), "123456");
  EXPECT_EQ(read_attribute(tree / "spaces"), "  in the middle");
  EXPECT_EQ(read_attribute(tree / "empty"), "");
  EXPECT_EQ(read_attribute(tree / "newline"), "");
}

TEST(ReadAttributeTest, AnswersNothingForWhatCannotBeRead) {
  const test::TempTree tree;
  tree.make_unreadable("folder");
  fs::create_symlink("loop", tree / "loop");
  EXPECT_EQ(read_attribute(tree / "missing"), std::nullopt);
  EXPECT_EQ(read_attribute(tree / "folder"), std::nullopt);
  EXPECT_EQ(read_attribute(tree / "loop"), std::nullopt);
  EXPECT_EQ(read_attribute(tree / "folder/file/below"), std::nullopt);
}

// The kernel refuses to read a process's memory at address zero: EIO, as from a failing driver.
TEST(ReadAttributeTest, AnswersNothingForAnInputOutputError) {
  EXPECT_EQ(read_attribute("/proc/self/mem"), std::nullopt);
}

TEST(ReadAttributeTest, DoesNotWaitForAPipeOrReadADevice) {
  const test::TempTree tree;
  ASSERT_EQ(mkfifo((tree / "pipe").c_str(), 0600), 0);
  EXPECT_EQ(read_attribute(tree / "pipe"), std::nullopt);
  EXPECT_EQ(read_attribute("/dev/zero"), std::nullopt);
}

TEST(WriteFileTest, ReplacesTheOldTextAndLeavesNothingBeside) {
  const test::TempTree tree;
  tree.write("record.json", "old and longer");
  write_file(tree / "record.json", "new");
  EXPECT_EQ(read_file(tree / "record.json"), "new");
  EXPECT_EQ(std::distance(fs::directory_iterator(tree.root()), {}), 1);
}

TEST(WriteFileTest, MakesANewFileAsTheUmaskAllows) {
  const test::TempTree tree;
  const mode_t before = umask(027);
  write_file(tree / "new", "text");
  umask(before);
  EXPECT_EQ(fs::status(tree / "new").permissions(),
            fs::perms::owner_read | fs::perms::owner_write | fs::perms::group_read);
}

TEST(WriteFileTest, KeepsTheModeOfTheFileItReplaces) {
  const test::TempTree tree;
  tree.write("script", "old");
  const auto mode = fs::perms::owner_all | fs::perms::others_exec;
  fs::permissions(tree / "script", mode);
  write_file(tree / "script", "new");
  EXPECT_EQ(fs::status(tree / "script").permissions(), mode);
}

// A writer that SIGXFSZ kills in the middle leaves its temporary file behind.
TEST(WriteFileTest, APrivateFileIsPrivateWhileItIsReplaced) {
  const test::TempTree tree;
  tree.write("file", "secret");
  const auto owner_alone = fs::perms::owner_read | fs::perms::owner_write;
  fs::permissions(tree / "file", owner_alone);
  const pid_t writer = ::fork();
  if (writer == 0) {
    const rlimit nothing{.rlim_cur = 0, .rlim_max = 0};
    const rlimit few_bytes{.rlim_cur = 4, .rlim_max = 4};
    ::setrlimit(RLIMIT_CORE, &nothing);
    ::setrlimit(RLIMIT_FSIZE, &few_bytes);
    write_file(tree / "file", "another secret");
    ::_exit(0);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(writer, &status, 0), writer);
  ASSERT_TRUE(WIFSIGNALED(status));
  int files = 0;
  for (const auto& entry : fs::directory_iterator(tree.root())) {
    EXPECT_EQ(entry.status().permissions(), owner_alone) << entry.path();
    ++files;
  }
  EXPECT_EQ(files, 2);
  EXPECT_EQ(read_file(tree / "file"), "secret");
}

TEST(WriteFileTest, WritesAnOpenDescriptorInPlaceWhateverLiesBehindIt) {
  const test::TempTree tree;
  tree.write("log", "before\n");
  struct stat old_file{};
  ASSERT_EQ(stat((tree / "log").c_str(), &old_file), 0);
  const UniqueFd log(::open((tree / "log").c_str(), O_WRONLY | O_APPEND | O_CLOEXEC));
  const std::string number = std::to_string(log.get());
  write_file("/dev/fd/" + number, "one\n");
  write_file("/proc/self/fd/" + number, "two\n");
  fs::create_symlink("/dev/fd/" + number, tree / "link");
  write_file(tree / "link", "three\n");
  EXPECT_EQ(read_file(tree / "log"), "before\none\ntwo\nthree\n");
  struct stat same_file{};
  ASSERT_EQ(stat((tree / "log").c_str(), &same_file), 0);
  EXPECT_EQ(same_file.st_ino, old_file.st_ino);
}

TEST(WriteFileTest, FollowsALink) {
  const test::TempTree tree;
  tree.write("data/real", "old");
  fs::create_symlink("data/real", tree / "link");
  write_file(tree / "link", "new");
  EXPECT_TRUE(fs::is_symlink(tree / "link"));
  EXPECT_EQ(read_file(tree / "data/real"), "new");
}

TEST(WriteFileTest, TakesANameWithoutAFolder) {
  const test::TempTree tree;
  const fs::path before = fs::current_path();
  fs::current_path(tree.root());
  write_file("here", "text");
  fs::current_path(before);
  EXPECT_EQ(read_file(tree / "here"), "text");
}

TEST(WriteFileTest, WritesADeviceInPlace) {
  write_file("/dev/null", "text");
  EXPECT_TRUE(fs::is_character_file("/dev/null"));
}

TEST(WriteFileTest, SaysThatTheDiskIsFull) {
  const Error error = refusal_of([] { write_file("/dev/full", "text"); });
  EXPECT_EQ(error.code(), ErrorCode::io);
  EXPECT_TRUE(has_text(error.what(), "/dev/full"));
  EXPECT_TRUE(has_text(error.what(), "free some space"));
}

TEST(WriteFileTest, NamesTheFileWhoseFolderIsMissing) {
  const test::TempTree tree;
  const Error error = refusal_of([&] { write_file(tree / "no/such/file", "text"); });
  EXPECT_EQ(error.code(), ErrorCode::not_found);
  EXPECT_TRUE(has_text(error.what(), "no/such/file"));
}

TEST(WriteFileTest, RefusesAFolder) {
  const test::TempTree tree;
  EXPECT_THROW(write_file(tree.root(), "text"), Error);
}

struct Pipe {
  UniqueFd read_end;
  UniqueFd write_end;

  Pipe() {
    std::array<int, 2> ends{};
    EXPECT_EQ(pipe2(ends.data(), O_CLOEXEC), 0);
    read_end = UniqueFd(ends[0]);
    write_end = UniqueFd(ends[1]);
  }
};

TEST(WriteAllTest, WritesEveryByte) {
  const Pipe pipe;
  write_all(pipe.write_end.get(), "{\"quit\":{}}\n");
  std::array<char, 64> buffer{};
  const ssize_t count = ::read(pipe.read_end.get(), buffer.data(), buffer.size());
  EXPECT_EQ(std::string(buffer.data(), static_cast<std::size_t>(count)), "{\"quit\":{}}\n");
}

TEST(WriteAllTest, SurvivesAReaderThatHasGone) {
  signal(SIGPIPE, SIG_DFL);
  Pipe pipe;
  pipe.read_end.reset();
  EXPECT_EQ(refusal_of([&] { write_all(pipe.write_end.get(), "text"); }).code(), ErrorCode::io);

  // The signal is neither blocked from now on nor still to come.
  sigset_t blocked;
  sigset_t pending;
  pthread_sigmask(SIG_BLOCK, nullptr, &blocked);
  sigpending(&pending);
  EXPECT_EQ(sigismember(&blocked, SIGPIPE), 0);
  EXPECT_EQ(sigismember(&pending, SIGPIPE), 0);
}

TEST(WriteAllTest, NamesADescriptorThatIsNotOpen) {
  EXPECT_EQ(refusal_of([] { write_all(-1, "text"); }).code(), ErrorCode::io);
}

}  // namespace
}  // namespace wattfor::file_test
