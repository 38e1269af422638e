#include "tracking/mark.h"

#include <gtest/gtest.h>

#include <string>

#include "base/error.h"
#include "support/refusal.h"

namespace wattfor::mark_test {
namespace {

TEST(MarkTest, ReadsEachKindOfLine) {
  EXPECT_EQ(ProgramMark(mark::Epoch{}), parse_mark("epoch"));
  EXPECT_EQ(ProgramMark(mark::Epoch{3}), parse_mark("epoch 3"));
  EXPECT_EQ(ProgramMark(mark::Epoch{0}), parse_mark("  epoch\t0 \r"));
  EXPECT_EQ(ProgramMark(mark::BeginEpoch{}), parse_mark("begin epoch"));
  EXPECT_EQ(ProgramMark(mark::BeginEpoch{7}), parse_mark("begin epoch 7"));
  EXPECT_EQ(ProgramMark(mark::EndEpoch{}), parse_mark("end epoch"));
  EXPECT_EQ(ProgramMark(mark::Step{}), parse_mark("step"));
  EXPECT_EQ(ProgramMark(mark::Step{500}), parse_mark("step 500"));
  EXPECT_EQ((ProgramMark(mark::Fact{.word = "data_fraction", .value = "0.1"})),
            parse_mark("set data_fraction = 0.1"));
}

TEST(MarkTest, TakesANameWithBlanksAndOneThatBeginsLikeAnEpoch) {
  EXPECT_EQ(ProgramMark(mark::BeginWindow{"test set A"}), parse_mark("begin test set A"));
  EXPECT_EQ(ProgramMark(mark::EndWindow{"test set A"}), parse_mark("end test set A"));
  EXPECT_EQ(ProgramMark(mark::BeginWindow{"epochs"}), parse_mark("begin epochs"));
  EXPECT_EQ((ProgramMark(mark::Fact{.word = "model", .value = "a=b c"})),
            parse_mark("set model=a=b c"));
}

TEST(MarkTest, QuotesALineThatIsNoneAndSaysWhatWouldBe) {
  for (const std::string line :
       {"", "   ", "epoche 3", "epoch three", "epoch -1", "step 1.5", "epoch 99999999999999999999",
        "begin", "end", "end epoch 3", "begin epoch x", "epoch 1000000000000001",
        "begin a\nepoch 7", "begin \x1b[2J", "set", "set model", "GET / HTTP/1.1"}) {
    const Error refusal = test::refusal_of([&] { parse_mark(line); });
    test::expect_refusal(refusal, ErrorCode::invalid_input, "is no mark: ");
    test::expect_refusal(refusal, ErrorCode::invalid_input, "expected");
  }
}

TEST(MarkTest, RefusesAFactThatCannotBe) {
  test::expect_refusal(test::refusal_of([] { parse_mark("set accuracy=76.1"); }),
                       ErrorCode::invalid_input, "accuracy_percent");
  test::expect_refusal(test::refusal_of([] { parse_mark("set colour=blue"); }),
                       ErrorCode::invalid_input, "no fact is called 'colour'");
}

TEST(MarkTest, ShowsOfALongLineTheBeginning) {
  const Error refusal = test::refusal_of([] { parse_mark(std::string(100'000, 'x')); });
  EXPECT_LT(std::string(refusal.what()).size(), 400U);
}

}  // namespace
}  // namespace wattfor::mark_test
