#include "dataset/data_table.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

#include "base/error.h"
#include "support/refusal.h"

namespace wattfor::data_table_test {
namespace {

using test::has_text;

const std::string file = "table.csv";
constexpr std::array<std::string_view, 4> columns{"model", "size", "energy", "accuracy"};
enum Column : std::size_t { model, size, energy, accuracy };

// The one row below the header.
struct Row {
  std::string text;

  template <class Read>
  std::string fault(const Read& read) const {
    const std::string whole = "model,size,energy,accuracy\n" + text + "\n";
    DataTable table(whole, file, columns);
    if (!table.next()) return table.take_left_out().at(0).reason;
    read(table);
    if (table.is_usable()) return "";
    table.leave_out("row");
    return table.take_left_out().at(0).reason;
  }
};

std::optional<double> energy_in(const std::string& cell) {
  const std::string whole = "model,size,energy,accuracy\nm,1,\"" + cell + "\",\n";
  DataTable table(whole, file, columns);
  EXPECT_TRUE(table.next());
  const auto value = table.positive(energy, "joules");
  return table.is_usable() ? value : std::nullopt;
}

TEST(DataTableTest, FindsColumnsByTheirNamesInAnyOrderAndPassesOverOthers) {
  const std::string text =
      "\xEF\xBB\xBF"
      "accuracy, note ,energy,model , size\r\n71.5,x,0.25,m,224\r\n";
  DataTable table(text, file, columns);
  ASSERT_TRUE(table.next());
  EXPECT_EQ(table.name(model), "m");
  EXPECT_EQ(table.pixels(size), 224);
  EXPECT_EQ(table.positive(energy, "joules"), 0.25);
  EXPECT_EQ(table.percent(accuracy), 71.5);
  EXPECT_TRUE(table.is_usable());
  EXPECT_EQ(table.line(), 2);
  EXPECT_FALSE(table.next());
  EXPECT_EQ(table.rows(), 1);
}

TEST(DataTableTest, AColumnThatIsMissingOrStandsTwiceIsAnError) {
  const auto refusal = [](const std::string& text) {
    return std::string(test::refusal_of([&] { DataTable(text, file, columns); }).what());
  };
  EXPECT_TRUE(has_text(refusal("model,size,energy\n"), "table.csv"));
  EXPECT_TRUE(has_text(refusal("model,size,energy\n"), "'accuracy' and found none"));
  EXPECT_TRUE(has_text(refusal("model,size,energy,accuracy,energy\n"), "'energy' and found 2"));
  EXPECT_TRUE(has_text(refusal(""), "empty"));
  EXPECT_TRUE(has_text(refusal(std::string("\xFF\xFEm\0", 4)), "UTF-16"));
}

TEST(DataTableTest, WhatIsEmptyIsUnknownAndNoZero) {
  const std::string text = "model,size,energy,accuracy\nm,,,\n";
  DataTable table(text, file, columns);
  ASSERT_TRUE(table.next());
  EXPECT_EQ(table.pixels(size), 0);
  EXPECT_EQ(table.positive(energy, "joules"), std::nullopt);
  EXPECT_EQ(table.percent(accuracy), std::nullopt);
  EXPECT_EQ(table.count(size), std::nullopt);
  EXPECT_TRUE(table.is_usable());
}

TEST(DataTableTest, CommasStandBetweenThousandsAndNowhereElse) {
  EXPECT_EQ(energy_in("1,013.01"), 1013.01);
  EXPECT_EQ(energy_in("12,345,678"), 12345678.0);
  for (const char* text : {"1,5", "1,0130", "1013,010", ",013", "1,013,", "1.5,000", "1,,000"}) {
    EXPECT_EQ(energy_in(text), std::nullopt) << text;
  }
}

TEST(DataTableTest, WhatCantBeTrueIsNamedWithWhatWasExpected) {
  const auto joules = [](DataTable& table) { (void)table.positive(energy, "joules"); };
  for (const char* cell : {"nan", "inf", "-1", "0", "1e999", "1 013.01", "0x10", "1.0 J"}) {
    const std::string fault = Row{std::string("m,1,") + cell + ","}.fault(joules);
    EXPECT_TRUE(has_text(fault, "joules above 0")) << cell << ": " << fault;
    EXPECT_TRUE(has_text(fault, std::string("'") + cell + "'")) << fault;
  }
  const auto percent = [](DataTable& table) { (void)table.percent(accuracy); };
  for (const char* cell : {"nan", "-0.1", "100.1", "seventy"}) {
    EXPECT_TRUE(has_text(Row{std::string("m,1,1,") + cell}.fault(percent), "percentage")) << cell;
  }
  // A quotient by a share that is next to nothing leaves the range of a double.
  const auto share = [](DataTable& table) { (void)table.share(energy); };
  for (const char* cell : {"0", "1e-101", "1.1", "nan"}) {
    const std::string fault = Row{std::string("m,1,") + cell + ","}.fault(share);
    EXPECT_TRUE(has_text(fault, "share above 0")) << cell << ": " << fault;
  }
  const auto name = [](DataTable& table) { (void)table.name(model); };
  EXPECT_TRUE(has_text(Row{",1,1,"}.fault(name), "a name"));
  EXPECT_TRUE(has_text(Row{"\xE9t\xE9,1,1,"}.fault(name), "UTF-8"));
  EXPECT_TRUE(has_text(Row{std::string(5000, 'x') + ",1,1,"}.fault(name), "4096"));
  const auto side = [](DataTable& table) { (void)table.pixels(size); };
  for (const char* cell : {"-224", "224.5", "big"}) {
    EXPECT_TRUE(has_text(Row{std::string("m,") + cell + ",1,"}.fault(side), "pixels")) << cell;
  }
  const auto batch = [](DataTable& table) { (void)table.count(size); };
  for (const char* cell : {"0", "1.5", "1e12", "nan"}) {
    EXPECT_TRUE(has_text(Row{std::string("m,") + cell + ",1,"}.fault(batch), "whole number"))
        << cell;
  }
}

TEST(DataTableTest, ARowThatWasCutOffIsLeftOutAndTheOthersStay) {
  const std::string text = "model,size,energy,accuracy\na,1,1,1\nb,2,2\nc,3,3,3,3\nd,4,4,4\n";
  DataTable table(text, file, columns);
  std::string names;
  while (table.next()) names += table.name(model);
  EXPECT_EQ(names, "ad");
  EXPECT_EQ(table.rows(), 4);
  const auto left_out = table.take_left_out();
  ASSERT_EQ(left_out.size(), 2U);
  EXPECT_EQ(left_out[0], (LeftOut{file, 3, "b", "3 cells instead of 4"}));
  EXPECT_EQ(left_out[1], (LeftOut{file, 4, "c", "5 cells instead of 4"}));
}

}  // namespace
}  // namespace wattfor::data_table_test
