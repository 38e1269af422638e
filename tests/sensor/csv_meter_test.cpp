#include "sensor/csv_meter.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "support/probed.h"
#include "support/text.h"

namespace wattfor::csv_meter_test {
namespace {

using test::has_text;
using test::sensor;

LoggedReading row(std::string_view line, const LogColumns& columns) {
  return std::get<LoggedReading>(parse_csv_row(line, columns));
}

std::string row_fault(std::string_view line, const LogColumns& columns) {
  return std::get<LogFault>(parse_csv_row(line, columns)).reason;
}

LogColumns columns(std::string_view line) { return std::get<LogColumns>(parse_csv_header(line)); }

TEST(CsvLineTest, FindsItsColumnsWhereverTheyStand) {
  const LogColumns found = columns("voltage_v, power_w ,time_us,energy_j");
  const LoggedReading read = row("230.1,120.5,1700000000000000,3.5e3", found);
  EXPECT_EQ(read.time_us, 1'700'000'000'000'000);
  EXPECT_EQ(read.answer, (MeterAnswer{.power = Watts(120.5), .energy = Joules(3500)}));
}

TEST(CsvLineTest, AByteOrderMarkIsNoPartOfAName) {
  EXPECT_EQ(columns("\xEF\xBB\xBFtime_us,power_w").time_us, 0U);
}

TEST(CsvLineTest, AHeaderWithoutTheNamesIsAFault) {
  for (const char* line : {"", "time_us", "power_w", "time_s,power_w", "time_us;power_w",
                           "1700000000000000,120.5", "Time_us,Power_w"}) {
    const auto parsed = parse_csv_header(line);
    ASSERT_TRUE(std::holds_alternative<LogFault>(parsed)) << line;
    EXPECT_TRUE(has_text(std::get<LogFault>(parsed).reason, "time_us and power_w or energy_j"));
  }
}

TEST(CsvLineTest, ARowOfAnotherLocaleOrALoggersErrorIsAFaultAndNoNumber) {
  const LogColumns two = columns("time_us,power_w");
  EXPECT_TRUE(has_text(row_fault("1700000000000000,120,5", two), "expected 2 columns, found 3"));
  for (const char* power : {"", "120 W", "120,5", "nan", "inf", "-5", "OVLD", "0x78", "1e999"}) {
    const std::string line = "1700000000000000;" + std::string(power);
    EXPECT_FALSE(row_fault(line, two).empty()) << line;
  }
  for (const char* power : {"", "120 W", "nan", "inf", "-5", "OVLD", "0x78", "1e999", "+5"}) {
    EXPECT_TRUE(has_text(row_fault("1700000000000000," + std::string(power), two), "power_w"))
        << power;
  }
  for (const char* time : {"", "now", "1.7e15", "-1", "99999999999999999999"}) {
    EXPECT_TRUE(has_text(row_fault(std::string(time) + ",5", two), "time_us")) << time;
  }
}

// A file that grows as the test says, at a wall clock that the test holds.
class CsvMeterTest : public testing::Test {
 protected:
  static constexpr std::int64_t second = 1'000'000;

  std::filesystem::path path() const { return tree_ / "watts.csv"; }
  void append(const std::string& text) const {
    std::ofstream(path(), std::ios::binary | std::ios::app) << text;
  }
  // A row of now.
  void log(const std::string& watts) const { append(std::to_string(now_us_) + "," + watts + "\n"); }
  void pass(std::int64_t microseconds) {
    now_us_ += microseconds;
    clock_->advance(std::chrono::microseconds(microseconds));
  }
  void find() {
    found_ = find_csv_meter(path(), [this] { return now_us_; }, clock_);
  }
  Sensor* power() const { return sensor(found_, "csv:" + path().string() + ":power"); }
  // Of a meter that logs 120 W, then 130 W a second later.
  void find_two_rows() {
    append("time_us,power_w\n");
    log("120");
    pass(second);
    log("130");
    find();
    ASSERT_NE(power(), nullptr);
  }
  Watts read() const { return std::get<Watts>(power()->read()); }
  ReadFailure failure() const { return std::get<ReadFailure>(power()->read()); }

  test::TempTree tree_;
  std::int64_t now_us_ = 1'700'000'000 * second;
  std::shared_ptr<ManualClock> clock_ = std::make_shared<ManualClock>();
  ProbeResult found_;
};

TEST_F(CsvMeterTest, TheNewestRowIsTheReadingAndItsPeriodTheSensors) {
  find_two_rows();
  EXPECT_EQ(read(), Watts(130));
  EXPECT_EQ(power()->info().update_period, Seconds(1.0));
  EXPECT_EQ(power()->info().averaging_window, Seconds(1.0));
  pass(second);
  log("140.25");
  EXPECT_EQ(read(), Watts(140.25));
}

TEST_F(CsvMeterTest, APeriodIsTakenToTwoDigits) {
  append("time_us,power_w\n");
  log("120");
  pass(100'291);
  log("121");
  find();
  EXPECT_NEAR(power()->info().update_period->count(), 0.1, 1e-9);
}

TEST_F(CsvMeterTest, AFileWithACounterHasOneAsWell) {
  append("time_us,power_w,energy_j\n" + std::to_string(now_us_) + ",120,5000\n");
  find();
  Sensor* energy = sensor(found_, "csv:" + path().string() + ":energy");
  ASSERT_NE(energy, nullptr);
  EXPECT_EQ(std::get<Joules>(energy->read()), Joules(5000));
  pass(second);
  append(std::to_string(now_us_) + ",125,5122.5\n");
  EXPECT_EQ(std::get<Joules>(energy->read()), Joules(5122.5));
  EXPECT_EQ(std::get<Watts>(power()->read()), Watts(125));
}

TEST_F(CsvMeterTest, ALineWithoutItsEndIsNoneYet) {
  find_two_rows();
  pass(second);
  append(std::to_string(now_us_) + ",1");
  EXPECT_EQ(read(), Watts(130)) << "not 1 W";
  pass(10'000);
  append("45\n");
  EXPECT_EQ(read(), Watts(145));
}

TEST_F(CsvMeterTest, ARowOlderThanTheNewestIsNotTheReading) {
  find_two_rows();
  append(std::to_string(now_us_ - 3 * second) + ",999\n");
  pass(10'000);
  EXPECT_EQ(read(), Watts(130));
}

TEST_F(CsvMeterTest, AFileThatStoppedIsAFailureAndNotItsLastValueForEver) {
  find_two_rows();
  pass(3 * second);
  EXPECT_EQ(read(), Watts(130));
  pass(second / 2);
  EXPECT_EQ(failure().kind, FailureKind::try_again);
  EXPECT_TRUE(has_text(failure().reason, "its newest row is 3.5 s old, where rows come each 1 s"));
  log("150");
  pass(10'000);
  EXPECT_EQ(read(), Watts(150)) << "and goes on";
}

TEST_F(CsvMeterTest, AFastLoggerMayPauseForTwoSeconds) {
  append("time_us,power_w\n");
  log("120");
  pass(10'000);
  log("121");
  find();
  pass(2 * second);
  EXPECT_EQ(read(), Watts(121));
  pass(second / 10);
  EXPECT_EQ(failure().kind, FailureKind::try_again);
}

TEST_F(CsvMeterTest, ALoggersPauseIsNotItsPeriod) {
  find_two_rows();
  pass(40 * second);
  log("140");
  EXPECT_EQ(read(), Watts(140));
  pass(7 * second / 2);
  EXPECT_TRUE(has_text(failure().reason, "3.5 s old, where rows come each 1 s"));
}

TEST_F(CsvMeterTest, ALoggerThatSlowsDownForGoodHasANewPeriod) {
  find_two_rows();
  for (int i = 0; i < 2; ++i) {
    pass(10 * second);
    log("140");
    EXPECT_EQ(read(), Watts(140));
  }
  pass(29 * second);
  EXPECT_EQ(read(), Watts(140));
}

TEST_F(CsvMeterTest, YesterdaysFileIsAnObstacle) {
  append("time_us,power_w\n");
  log("120");
  pass(86'400 * second);
  find();
  EXPECT_EQ(power(), nullptr);
  EXPECT_TRUE(has_text(found_.obstacles.at(0).reason, "86400.0 s old"));
  EXPECT_TRUE(has_text(found_.obstacles.at(0).reason, path().string()));
}

TEST_F(CsvMeterTest, ARowOfTheFutureTellsOfClocksThatDisagree) {
  append("time_us,power_w\n");
  log("120");
  pass(-3600 * second);
  find();
  EXPECT_TRUE(has_text(found_.obstacles.at(0).reason, "the clocks disagree"));
}

TEST_F(CsvMeterTest, ABrokenRowIsAFailureThatNamesFileAndLineUntilAGoodOneComes) {
  find_two_rows();
  pass(second);
  log("ERR");
  EXPECT_EQ(failure().kind, FailureKind::broken);
  pass(10'000);
  EXPECT_TRUE(has_text(failure().reason, path().string() + ":4: power_w"));
  EXPECT_TRUE(has_text(failure().reason, "\"ERR\""));
  pass(second);
  log("150");
  EXPECT_EQ(read(), Watts(150));
}

TEST_F(CsvMeterTest, ABrokenRowThatAGoodOneFollowsAtOnceIsAFailureAllTheSame) {
  find_two_rows();
  pass(second);
  log("120,5");
  pass(second);
  log("150");
  EXPECT_TRUE(has_text(failure().reason, ":4: expected 2 columns, found 3"));
  pass(10'000);
  EXPECT_EQ(read(), Watts(150));
}

TEST_F(CsvMeterTest, EmptyLinesAndOtherLineEndsAreNothing) {
  append("time_us,power_w\r\n");
  log("120\r");
  append("\n\r\n");
  find();
  EXPECT_EQ(read(), Watts(120));
}

TEST_F(CsvMeterTest, AFileThatWasCutIsReadAnew) {
  find_two_rows();
  pass(second);
  std::filesystem::resize_file(path(), 0);
  EXPECT_TRUE(has_text(failure().reason, "no complete row yet"));
  append("energy_j,time_us,power_w\n7," + std::to_string(now_us_) + ",160\n");
  pass(10'000);
  EXPECT_EQ(read(), Watts(160)) << "with its new columns";
}

TEST_F(CsvMeterTest, AFileThatWasReplacedIsReadAnew) {
  find_two_rows();
  std::filesystem::rename(path(), tree_ / "watts.csv.1");
  pass(second);
  EXPECT_EQ(failure().kind, FailureKind::try_again);
  append("time_us,power_w\n");
  log("170");
  pass(10'000);
  EXPECT_EQ(read(), Watts(170));
}

TEST_F(CsvMeterTest, OfALongFileTheNewestRowsLineNumberIsRight) {
  append("time_us,power_w\n");
  std::string rows;
  for (int i = 0; i < 20'000; ++i) rows += std::to_string(now_us_ - second) + ",100\n";
  append(rows);
  log("oops");
  find();
  EXPECT_TRUE(has_text(found_.obstacles.at(0).reason, path().string() + ":20002: power_w"));
}

TEST_F(CsvMeterTest, WhatIsNoFileOfRowsIsAnObstacleWithItsPath) {
  find();
  EXPECT_TRUE(has_text(found_.obstacles.at(0).reason, "No such file"));
  std::filesystem::create_directory(path());
  find();
  EXPECT_TRUE(has_text(found_.obstacles.at(0).reason, "Is a directory"));
  std::filesystem::remove(path());
  append("time_us,power_w");
  find();
  EXPECT_TRUE(has_text(found_.obstacles.at(0).reason, "no complete row yet"));
  append("\n");
  find();
  EXPECT_TRUE(has_text(found_.obstacles.at(0).reason, "no complete row yet"));
  std::filesystem::remove(path());
  append("watts\n120\n");
  find();
  EXPECT_TRUE(has_text(found_.obstacles.at(0).reason, path().string() + ":1: expected column"));
  std::filesystem::remove(path());
  append(std::string(100'000, 'x'));
  find();
  EXPECT_TRUE(has_text(found_.obstacles.at(0).reason, ":1: a line of more than 65536 bytes"));
}

}  // namespace
}  // namespace wattfor::csv_meter_test
