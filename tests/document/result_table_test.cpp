#include "document/result_table.h"

#include <gtest/gtest.h>

#include "base/csv.h"
#include "base/error.h"
#include "document/table_numbers.h"
#include "sample_figures.h"
#include "support/golden.h"

namespace wattfor::result_table_test {
namespace {

TEST(ResultTableTest, IsWrittenAsBefore) {
  const ResultTable table = test::sample_table();
  test::expect_golden("table.csv", table_csv(table));
  test::expect_golden("table.md", table_markdown(table));
  test::expect_golden("table.tex", table_latex(table));
  test::expect_golden("table.html", table_html(table));
  test::expect_golden("table.txt", table_text(table).text());
}

TEST(ResultTableTest, GivesBackEveryDigitFromTheCsv) {
  const auto rows = read_csv(table_csv(test::sample_table()), "table.csv");
  ASSERT_EQ(5u, rows.size());
  EXPECT_EQ((std::vector<std::string>{"model", "energy_mj", "accuracy_percent"}), rows[0].fields);
  EXPECT_EQ(12.3456789, std::stod(rows[1].fields[1]));
  EXPECT_EQ("", rows[2].fields[2]);
  EXPECT_EQ("", rows[3].fields[2]);  // an infinite one is missing, too
}

TEST(ResultTableTest, RoundsForPeopleAsTheColumnAsks) {
  const ResultColumn significant{.key = "x", .heading = "x", .count = 3};
  const auto shown = [&](double value) { return cell_text(significant, value); };
  EXPECT_EQ("12.3", shown(12.3456));
  EXPECT_EQ("1235", shown(1234.56));
  EXPECT_EQ("10.0", shown(9.999));
  EXPECT_EQ("100", shown(99.99));
  EXPECT_EQ("−0.00123", shown(-0.00123456));
  EXPECT_EQ("12345678", shown(12345678.0));
  EXPECT_EQ("1.50·10⁻⁹", shown(1.5e-9));
  EXPECT_EQ("0", shown(0.0));
  const ResultColumn decimals{.key = "x", .heading = "x", .digits = Digits::decimals, .count = 1};
  EXPECT_EQ("80.3", cell_text(decimals, 80.34));
  EXPECT_EQ("0.0", cell_text(decimals, -0.01));
  EXPECT_EQ("–", cell_text(decimals, {}));
}

TEST(ResultTableTest, RefusesARowOfAnotherLength) {
  ResultTable table = test::sample_table();
  table.rows.push_back({"short"});
  EXPECT_THROW(table_csv(table), Error);
  EXPECT_THROW(table_html(table), Error);
}

TEST(ResultTableTest, OffersAFilterWhereItIsLong) {
  ResultTable table = test::sample_table();
  EXPECT_EQ(std::string::npos, table_html(table).find("data-filter"));
  while (table.rows.size() < 20) table.rows.push_back(table.rows.front());
  EXPECT_NE(std::string::npos, table_html(table).find("data-filter"));
}

}  // namespace
}  // namespace wattfor::result_table_test
