#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/subprocess.h"
#include "support/refusal.h"
#include "support/temp_tree.h"

namespace wattfor::subprocess_failure_test {
namespace {

namespace fs = std::filesystem;

Error failure_of(const std::vector<std::string>& command) {
  return test::refusal_of([&] { const Subprocess child(command, Streams::inherited); });
}

void make_executable(const fs::path& path) {
  fs::permissions(path, fs::perms::owner_exec, fs::perm_options::add);
}

// Sets the PATH while it lives.
class PathVariable {
 public:
  explicit PathVariable(const std::string& value) {
    if (const char* before = getenv("PATH")) before_ = before;
    setenv("PATH", value.c_str(), 1);
  }
  PathVariable(const PathVariable&) = delete;
  PathVariable& operator=(const PathVariable&) = delete;
  ~PathVariable() { setenv("PATH", before_.c_str(), 1); }

 private:
  std::string before_ = "/usr/bin:/bin";
};

TEST(SubprocessFailureTest, NamesTheProgramThatIsNotOnThePath) {
  const Error failure = failure_of({"wattfor-no-such-program", "--flag"});
  EXPECT_EQ(failure.code(), ErrorCode::not_found);
  EXPECT_STREQ(
      failure.what(),
      "cannot run 'wattfor-no-such-program': there is no such program on the PATH; check its "
      "name, or give its path");
}

TEST(SubprocessFailureTest, NamesThePathThatIsNotThere) {
  const Error failure = failure_of({"/no/such/program"});
  EXPECT_EQ(failure.code(), ErrorCode::not_found);
  EXPECT_TRUE(test::has_text(failure.what(), "/no/such/program"));
}

TEST(SubprocessFailureTest, SaysThatAnInterpreterMayBeMissing) {
  const test::TempTree tree;
  tree.write("script", "#!/no/such/interpreter\n");
  make_executable(tree / "script");
  const Error failure = failure_of({tree / "script"});
  EXPECT_EQ(failure.code(), ErrorCode::not_found);
  EXPECT_TRUE(test::has_text(failure.what(), "interpreter"));
}

TEST(SubprocessFailureTest, SaysHowToMakeAFileExecutable) {
  const test::TempTree tree;
  tree.write("script", "#!/bin/sh\n");
  const Error failure = failure_of({tree / "script"});
  EXPECT_EQ(failure.code(), ErrorCode::permission_denied);
  EXPECT_TRUE(test::has_text(failure.what(), "chmod +x"));
}

TEST(SubprocessFailureTest, RefusesAFolder) {
  EXPECT_EQ(failure_of({"/tmp"}).code(), ErrorCode::permission_denied);
}

TEST(SubprocessFailureTest, DoesNotHandAFileWithoutAFormatToTheShell) {
  const test::TempTree tree;
  tree.write("text", "exit 0\n");
  make_executable(tree / "text");
  const Error failure = failure_of({tree / "text"});
  EXPECT_EQ(failure.code(), ErrorCode::permission_denied);
  EXPECT_TRUE(test::has_text(failure.what(), "#!/bin/sh"));
}

TEST(SubprocessFailureTest, RefusesAnEmptyCommand) {
  EXPECT_EQ(failure_of({}).code(), ErrorCode::usage);
  EXPECT_EQ(failure_of({""}).code(), ErrorCode::usage);
}

TEST(SubprocessFailureTest, SaysThatTheArgumentsAreTooLong) {
  const Error failure = failure_of({"true", std::string(1 << 22, 'x')});
  EXPECT_EQ(failure.code(), ErrorCode::io);
  EXPECT_TRUE(test::has_text(failure.what(), "Argument list too long"));
}

TEST(SubprocessFailureTest, TheSearchPassesOverWhatCannotBeExecuted) {
  const test::TempTree tree;
  tree.write("first/tool", "#!/bin/sh\nexit 1\n");
  tree.write("second/tool", "#!/bin/sh\nexit 7\n");
  make_executable(tree / "second/tool");
  const std::string first = tree / "first";
  const std::string second = tree / "second";
  {
    const PathVariable path("/no/such/folder:" + first + ":" + second);
    EXPECT_EQ(Subprocess({"tool"}, Streams::inherited).wait().code, 7);
  }
  const PathVariable path(first + ":/no/such/folder");
  EXPECT_EQ(failure_of({"tool"}).code(), ErrorCode::permission_denied);
}

TEST(SubprocessFailureTest, AnEmptyEntryOfThePathIsTheCurrentFolder) {
  const test::TempTree tree;
  tree.write("tool", "#!/bin/sh\nexit 4\n");
  make_executable(tree / "tool");
  const fs::path before = fs::current_path();
  fs::current_path(tree.root());
  const PathVariable path("/no/such/folder:");
  const int code = Subprocess({"tool"}, Streams::inherited).wait().code;
  fs::current_path(before);
  EXPECT_EQ(code, 4);
}

}  // namespace
}  // namespace wattfor::subprocess_failure_test
