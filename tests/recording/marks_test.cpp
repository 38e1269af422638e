#include "recording/marks.h"

#include <gtest/gtest.h>

#include <string>

#include "base/error.h"
#include "support/refusal.h"

namespace wattfor::marks_test {
namespace {

std::vector<Mark> read(const std::string& text) { return read_marks(text, "marks.csv"); }

void expect_refused(const std::string& text, std::string_view words) {
  test::expect_refusal(test::refusal_of([&] { read(text); }), ErrorCode::invalid_input, words);
}

TEST(MarksTest, ReadsThemInAnyOrderOfColumnsAndTime) {
  const auto marks = read(
      "name,end_us,start_us\n"
      "b,1689325840387686,1689325834387604\n"
      "a,1689325835000000,1689325828417687\n");
  ASSERT_EQ(2U, marks.size());
  EXPECT_EQ(1689325834387604, marks[0].start_us);
  EXPECT_EQ(1689325840387686, marks[0].end_us);
  EXPECT_DOUBLE_EQ(1689325828.417687, marks[1].start().count());
}

TEST(MarksTest, NamesTheLineAndTheFault) {
  expect_refused("start_us,end_us\n1689325834387604,1689325834387603\n",
                 "marks.csv:2: the mark ends before it starts, by 1 µs");
  expect_refused("start_us,end_us\n1689325834387604,nan\n", "marks.csv:2: 'nan'");
  expect_refused("start_us,end_us\n1689325834387604,\n", "marks.csv:2: ''");
  expect_refused("start_us,end_us\n1689325834387604\n", "marks.csv:2: 1 fields");
  expect_refused("start_us,stop_us\n1,2\n", "marks.csv:1: there is no column `end_us`");
  expect_refused("", "marks.csv:1: empty");
  expect_refused("start_us,end_us\n", "expected a row for each stretch");
}

TEST(MarksTest, RefusesTimesInOtherUnits) {
  expect_refused("start_us,end_us\n1689325834.38,1689325840.38\n", "in microseconds since 1970");
  expect_refused("start_us,end_us\n1689325834387604000,1689325834387604001\n",
                 "in microseconds since 1970");
}

}  // namespace
}  // namespace wattfor::marks_test
