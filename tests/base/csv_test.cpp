#include "base/csv.h"

#include <gtest/gtest.h>

#include <string>

#include "base/error.h"
#include "support/refusal.h"

namespace wattfor::csv_test {
namespace {

using test::has_text;
using Fields = std::vector<std::string>;

std::vector<Fields> fields_of(std::string_view text) {
  std::vector<Fields> all;
  for (const CsvRow& row : read_csv(text, "t.csv")) all.push_back(row.fields);
  return all;
}

std::string refused_csv(std::string_view text) {
  return test::refusal_of([&] { read_csv(text, "t.csv"); }).what();
}

TEST(CsvTest, ReadsPlainAndQuotedFields) {
  EXPECT_EQ((std::vector<Fields>{{"a", "b c", ""}, {"1,2", "say \"hi\"", "two\nlines"}}),
            fields_of("a,b c,\n\"1,2\",\"say \"\"hi\"\"\",\"two\nlines\"\n"));
}

TEST(CsvTest, ReadsEitherLineEndAndNoneAtTheEndOfTheFile) {
  const std::vector<Fields> rows{{"a", "b"}, {"c", "d"}};
  EXPECT_EQ(rows, fields_of("a,b\nc,d\n"));
  EXPECT_EQ(rows, fields_of("a,b\r\nc,d\r\n"));
  EXPECT_EQ(rows, fields_of("a,b\nc,d"));
}

TEST(CsvTest, DropsAByteOrderMarkAndEmptyLines) {
  EXPECT_EQ((std::vector<Fields>{{"a"}, {"b"}}), fields_of("\xEF\xBB\xBF"
                                                           "a\n\n\r\nb\n\n"));
  EXPECT_TRUE(read_csv("", "t.csv").empty());
}

TEST(CsvTest, CountsLinesAsAnEditorDoes) {
  const auto rows = read_csv("a\n\"two\nlines\"\n\nd\n", "t.csv");
  ASSERT_EQ(3U, rows.size());
  EXPECT_EQ(1, rows[0].line);
  EXPECT_EQ(2, rows[1].line);
  EXPECT_EQ(5, rows[2].line);
}

TEST(CsvTest, NamesTheLineOfAQuoteOutOfPlace) {
  EXPECT_TRUE(has_text(refused_csv("a\nb,c\"d\n"), "t.csv:2"));
  EXPECT_TRUE(has_text(refused_csv("a\n\"b\"c\n"), "t.csv:2"));
  EXPECT_TRUE(has_text(refused_csv("a\n\nb,\"c\nd\ne"), "t.csv:3"));
}

TEST(CsvTest, QuotesAFieldOnlyWhereItMust) {
  EXPECT_EQ("plain text", csv_field("plain text"));
  EXPECT_EQ("\"a,b\"", csv_field("a,b"));
  EXPECT_EQ("\"say \"\"hi\"\"\"", csv_field("say \"hi\""));
  EXPECT_EQ("\"a\nb\"", csv_field("a\nb"));
}

TEST(CsvTest, ReadsBackWhatItQuotes) {
  for (const std::string value : {"", "x", ",", "\"", "\"\"", "\r\n", "a\"b,c\nd", "ünï"}) {
    EXPECT_EQ((std::vector<Fields>{{"first", value}}), fields_of("first," + csv_field(value)));
  }
}

}  // namespace
}  // namespace wattfor::csv_test
