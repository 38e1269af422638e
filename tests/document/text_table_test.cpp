#include "document/text_table.h"

#include <gtest/gtest.h>

namespace wattfor::text_table_test {
namespace {

TextTable sample() {
  TextTable table({{.title = "model"},
                   {.title = "energy", .align = Align::right},
                   {.title = "note", .align = Align::left, .worth = 1},
                   {.title = "µs", .align = Align::right, .worth = 2}});
  table.add({"a", "1.00 µJ", "", "5"});
  table.add({"größer", "12 J", "x y", "10"});
  return table;
}

TEST(TextTableTest, AlignsColumnsByTheirWidthOnTheTerminal) {
  EXPECT_EQ(
      "model    energy  note  µs\n"
      "a       1.00 µJ         5\n"
      "größer     12 J  x y   10\n",
      sample().text());
  EXPECT_EQ(25, sample().width());
}

TEST(TextTableTest, LetsTheLeastWorthyColumnsGiveWay) {
  TextTable table = sample();
  table.fit(24);
  EXPECT_EQ(
      "model    energy  µs\n"
      "a       1.00 µJ   5\n"
      "größer     12 J  10\n",
      table.text());
  table.fit(3);  // what is left is indispensable
  EXPECT_EQ(15, table.width());
}

TEST(TextTableTest, ReplacesTheCellsOfAColumn) {
  TextTable table = sample();
  table.replace_column(0, {"b", "c"});
  EXPECT_EQ(
      "model   energy  note  µs\n"
      "b      1.00 µJ         5\n"
      "c         12 J  x y   10\n",
      table.text());
}

TEST(WrappedTextTest, BreaksBetweenWordsAndNeverInsideOne) {
  EXPECT_EQ("one two\n  three\n", wrapped_text("one two three", 9));
  EXPECT_EQ("größe 1\n  größe 2\n", wrapped_text("größe 1 größe 2", 9));
  EXPECT_EQ("a\n  /a/very/long/path\n  b\n", wrapped_text("a /a/very/long/path b", 10));
  EXPECT_EQ("\n", wrapped_text("", 10));
}

TEST(WrappedTextTest, IndentsAsAskedAndCountsLettersAndNotBytes) {
  EXPECT_EQ("  why  µJ µJ\n       µJ\n", wrapped_text("  why  µJ µJ µJ", 12, 7));
  EXPECT_EQ("one\ntwo\n", wrapped_text("one two", 5, 0));
  EXPECT_EQ("    /a/very/long/path\n    b\n", wrapped_text("    /a/very/long/path b", 10, 4));
}

TEST(FirstColumnsTest, CutsBetweenLettersAndNotInsideOne) {
  EXPECT_EQ("grö", first_columns("größe", 3));
  EXPECT_EQ("größe", first_columns("größe", 5));
  EXPECT_EQ("", first_columns("größe", 0));
}

TEST(PrintableTest, KeepsTheCursorInItsPlace) {
  EXPECT_EQ("a?b?[31m?", printable("a\nb\x1b[31m\x7f"));
  EXPECT_EQ("Größe 数", printable("Größe 数"));
  EXPECT_EQ("a?31mb?c", printable("a\u009b31mb\u0080c"));  // a terminal may take U+009B for ESC [
}

TEST(PrintableTest, KeepsTheWritingDirection) {
  EXPECT_EQ("a?b?c?d?e?f", printable("a\u202eb\u2066c\u2069d\u200ee\u200ff"));
}

TEST(PrintableTest, ReplacesWhatIsNotUtf8) {
  EXPECT_EQ("a?b??", printable("a\xff"
                               "b\xe2\x80"));
  EXPECT_EQ("?31m", printable("\x9b"
                              "31m"));
}

TEST(PrintableTest, KeepsTheLinesOfATextWhereAsked) {
  EXPECT_EQ("one\n  two?[2J\n", printable_lines("one\n  two\x1b[2J\n"));
}

}  // namespace
}  // namespace wattfor::text_table_test
