#include "base/program_output.h"

#include <gtest/gtest.h>

#include <chrono>

#include "base/error.h"
#include "support/refusal.h"

namespace wattfor::program_output_test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(ProgramOutputTest, TellsWhatWasWrittenAndTheStatus) {
  const ProgramOutput ran = output_of({"sh", "-c", "echo out; echo err >&2; exit 3"}, seconds(60));
  EXPECT_EQ(ran.output, "out\n");
  EXPECT_EQ(ran.messages, "err\n");
  ASSERT_TRUE(ran.status);
  EXPECT_EQ(ran.status->code, 3);
}

TEST(ProgramOutputTest, AProgramThatReadsFindsNothing) {
  EXPECT_EQ(output_of({"cat"}, seconds(60)).output, "");
}

TEST(ProgramOutputTest, OneThatTakesTooLongIsKilled) {
  const ProgramOutput ran = output_of({"sh", "-c", "echo begun; sleep 60"}, milliseconds(300));
  EXPECT_FALSE(ran.status);
}

TEST(ProgramOutputTest, OneThatClosesItsOutputAndStaysIsKilled) {
  EXPECT_FALSE(output_of({"sh", "-c", "exec >&- 2>&-; sleep 60"}, milliseconds(300)).status);
}

TEST(ProgramOutputTest, OfAFloodTheBeginningIsKeptAndTheProgramEnds) {
  const ProgramOutput ran =
      output_of({"sh", "-c", "head -c 300000 /dev/zero | tr '\\0' x"}, seconds(60), 1000);
  EXPECT_EQ(ran.output, std::string(1000, 'x'));
  ASSERT_TRUE(ran.status);
  EXPECT_EQ(ran.status->code, 0);
}

TEST(ProgramOutputTest, AProgramThatIsNotThereIsNotFound) {
  test::expect_refusal(test::refusal_of([] { output_of({"no-such-program"}, seconds(1)); }),
                       ErrorCode::not_found, "no-such-program");
}

}  // namespace
}  // namespace wattfor::program_output_test
