#include "store/exchange.h"

#include <gtest/gtest.h>

#include <cmath>
#include <sstream>
#include <string>

#include "base/csv.h"
#include "base/error.h"
#include "store/random_records.h"
#include "support/refusal.h"

namespace wattfor::exchange_test {
namespace {

using test::has_text;

std::string json_of(const Records& records) {
  std::ostringstream out;
  write_json(out, records);
  return out.str();
}

std::string refused_json(const std::string& text) {
  return test::refusal_of([&] { records_from_json(text, "x.json"); }).what();
}

ComponentEnergy component(Basis basis) {
  ComponentEnergy component;
  component.basis = basis;
  return component;
}

Measurement with_basis(Basis basis) {
  Measurement record;
  record.id = std::string(name_of(basis));
  record.energy.components = {component(basis)};
  record.energy.total.basis = basis;
  return record;
}

TEST(ExchangeTest, JsonLosesNothing) {
  test::RandomRecords random(4);
  Records records;
  for (int i = 0; i < 100; ++i) {
    records.measurements.push_back(random.measurement());
    records.accuracies.push_back(random.accuracy());
    records.figures.push_back(random.figure());
    records.statistics.push_back(random.statistics());
    records.training_runs.push_back(random.training_run());
  }
  EXPECT_EQ(records, records_from_json(json_of(records), "x.json"));
}

TEST(ExchangeTest, JsonOfNothingIsReadAsNothing) {
  EXPECT_EQ(
      "{\"format\":\"wattfor\",\"version\":1,\n\"measurements\":[],\n\"accuracies\":[],\n"
      "\"figures\":[],\n\"model_statistics\":[],\n\"training_runs\":[]}\n",
      json_of({}));
  EXPECT_EQ(Records{}, records_from_json(json_of({}), "x.json"));
}

TEST(ExchangeTest, AnImportOfAnExportMakesAnEqualStore) {
  test::RandomRecords random(5);
  Store store(":memory:", StoreAccess::write);
  for (int i = 0; i < 20; ++i) store.add(random.measurement());
  store.add(std::vector{random.accuracy()}, Source{});
  PublishedTable published{.source = {}};
  for (int i = 0; i < 20; ++i) {
    published.figures.push_back(random.figure());
    published.statistics.push_back(random.statistics());
    published.training_runs.push_back(random.training_run());
  }
  store.add({published});

  const Records all = records_of(store);
  ASSERT_GT(all.measurements.size(), 5U);
  EXPECT_EQ(all.figures, published.figures);
  EXPECT_EQ(all.statistics, published.statistics);
  EXPECT_EQ(all.training_runs, published.training_runs);
  Store copy(":memory:", StoreAccess::write);
  const Records read = records_from_json(json_of(all), "x.json");
  EXPECT_EQ(counts_of(read), copy.add(read, Source{}));
  EXPECT_EQ(all, records_of(copy));
  EXPECT_EQ(RecordCounts{}, copy.add(read, Source{})) << "again";
}

TEST(ExchangeTest, AnExportOfAnEarlierVersionHasNoPublishedFiguresAndIsRead) {
  const std::string earlier =
      R"({"format":"wattfor","version":1,"measurements":[],"accuracies":[]})";
  EXPECT_EQ(Records{}, records_from_json(earlier, "x.json"));
}

TEST(ExchangeTest, RefusesAPublishedFigureThatCannotBeTrue) {
  test::RandomRecords random(7);
  const auto refusal = [&](const auto& change) {
    Records records;
    records.figures = {random.figure()};
    records.training_runs = {random.training_run()};
    records.statistics = {random.statistics()};
    change(records);
    return refused_json(json_of(records));
  };
  EXPECT_TRUE(
      has_text(refusal([](Records& all) { all.figures[0].energy_per_image.energy = Joules(0.0); }),
               "figures[0]: the key 'energy_per_image.energy_j': expected joules above 0"));
  EXPECT_TRUE(has_text(
      refusal([](Records& all) { all.figures[0].energy_per_image.energy = Joules(std::nan("")); }),
      "expected joules above 0"));
  EXPECT_TRUE(has_text(refusal([](Records& all) { all.figures[0].basis = Basis::missing; }),
                       "expected measured or modelled, found missing"));
  EXPECT_TRUE(has_text(refusal([](Records& all) { all.training_runs[0].data_fraction = 1.5; }),
                       "training_runs[0]: the key 'data_fraction'"));
  EXPECT_TRUE(has_text(refusal([](Records& all) { all.training_runs[0].train = Joules(-1.0); }),
                       "'train_energy_j': expected nothing below 0"));
  EXPECT_TRUE(has_text(refusal([](Records& all) { all.training_runs[0].accuracy_percent = 101.0; }),
                       "'accuracy_percent': expected a percentage"));
  EXPECT_TRUE(has_text(refusal([](Records& all) { all.statistics[0].counter = ""; }),
                       "model_statistics[0]: the key 'counter': expected a name"));
  EXPECT_TRUE(
      has_text(refusal([](Records& all) { all.training_runs.push_back(all.training_runs[0]); }),
               "training_runs[1]: expected a record of its own"));
  EXPECT_TRUE(has_text(refusal([](Records& all) { all.figures.push_back(all.figures[0]); }),
                       "figures[1]: expected a record of its own"));
}

TEST(ExchangeTest, LeavesSimulatedRecordsOut) {
  Store store(":memory:", StoreAccess::write);
  store.add(with_basis(Basis::measured));
  store.add(with_basis(Basis::simulated));
  EXPECT_EQ(std::vector{with_basis(Basis::measured)}, records_of(store).measurements);
}

TEST(ExchangeTest, ASimulatedComponentMakesTheRecordSimulated) {
  Measurement record = with_basis(Basis::missing);
  EXPECT_FALSE(is_simulated(record));
  record.energy.components.push_back(component(Basis::simulated));
  EXPECT_TRUE(is_simulated(record));
}

TEST(ExchangeTest, RefusesWhatIsNoExport) {
  EXPECT_TRUE(has_text(refused_json("{\"a\""), "x.json: expected the JSON that `wattfor export"));
  EXPECT_TRUE(has_text(refused_json(""), "x.json: expected the JSON"));
  EXPECT_TRUE(has_text(refused_json("[1e999]"), "x.json: expected the JSON"));
  EXPECT_TRUE(has_text(refused_json("[]"), "x.json: JSON, but not what"));
  EXPECT_TRUE(has_text(refused_json(R"({"format":"other"})"), "x.json: JSON, but not what"));
  EXPECT_TRUE(has_text(refused_json(R"({"format":"wattfor"})"), "\"version\""));
  EXPECT_TRUE(
      has_text(refused_json(R"({"format":"wattfor","version":7})"), "has format version 7"));
  EXPECT_TRUE(has_text(refused_json(R"({"format":"wattfor","version":1,"measurements":3})"),
                       "expected a list under \"measurements\""));
  EXPECT_TRUE(has_text(refused_json(R"({"format":"wattfor","version":1})"),
                       "expected a list under \"measurements\""));
  EXPECT_TRUE(
      has_text(refused_json(R"({"format":"wattfor","version":1,"measurements":[],"accuracy":[]})"),
               "expected a list under \"accuracies\""));
}

TEST(ExchangeTest, SaysWhatToDoWithATableInstead) {
  std::ostringstream csv;
  write_csv(csv, std::vector{Measurement{}});
  EXPECT_TRUE(has_text(refused_json(csv.str()), "import the export as JSON"));
  EXPECT_TRUE(
      has_text(refused_json("model,input_size,test_set,top1_percent,top5_percent\na,8,t,1,\n"),
               "wattfor import accuracy"));
}

TEST(ExchangeTest, RefusesARecordThatCannotBeTrue) {
  Records records;
  records.accuracies = {{.model = "a",
                         .input_size = 8,
                         .test_set = "t",
                         .top1_percent = 150.0,
                         .top5_percent = std::nullopt}};
  EXPECT_TRUE(has_text(refused_json(json_of(records)),
                       "x.json: accuracies[0]: the key 'top1_percent': expected a percentage"));
}

TEST(ExchangeTest, RefusesAFileThatHoldsARecordTwice) {
  test::RandomRecords random(6);
  Records records;
  records.measurements = {random.measurement(), random.measurement(), random.measurement()};
  records.measurements[2].id = records.measurements[0].id;
  EXPECT_TRUE(has_text(refused_json(json_of(records)),
                       "x.json: measurements[2]: expected a record of its own, found that of "
                       "measurements[0]"));
  records.measurements.clear();
  records.accuracies = {random.accuracy(), random.accuracy()};
  records.accuracies[1] = records.accuracies[0];
  EXPECT_TRUE(has_text(refused_json(json_of(records)), "x.json: accuracies[1]: expected a record"));
}

TEST(ExchangeTest, NamesTheRecordThatIsIncomplete) {
  const std::string message = refused_json(
      R"({"format":"wattfor","version":1,"measurements":[],"accuracies":[)"
      R"({"model":"a","input_size":8,"test_set":"t","top1_percent":1,"top5_percent":1},)"
      R"({"model":"b","input_size":8}]})");
  EXPECT_TRUE(has_text(message, "x.json: accuracies[1]: "));
  EXPECT_TRUE(has_text(message, "test_set"));
}

TEST(ExchangeTest, CsvHasALineARecordWithItsScalarColumns) {
  Measurement record;
  record.id = "id-1";
  record.name = "a \"b\",\nc";
  record.cell.emplace();
  record.cell->setup.id = "s";
  record.cell->model.name = "m";
  record.cell->model.input_size = 224;
  record.cell->batch_size = 32;
  record.result.emplace();
  record.result->latency_ms = 32.0;
  record.result->energy_per_image.energy = Joules(0.25);
  record.result->energy_per_image.comparison = Interval{.low = 0.2, .high = 0.3};
  std::ostringstream out;
  Measurement killed;
  killed.command.emplace();
  Measurement ended = killed;
  ended.command->exit_status = 0;
  ended.energy.duration = Seconds(std::nan(""));
  write_csv(out, std::vector{record, Measurement{}, killed, ended});

  const auto rows = read_csv(out.str(), "out.csv");
  ASSERT_EQ(5U, rows.size());
  const auto value = [&](const std::string& column, std::size_t row) {
    for (std::size_t i = 0; i < rows[0].fields.size(); ++i) {
      if (rows[0].fields[i] == column) return rows[row].fields[i];
    }
    ADD_FAILURE() << "no column " << column;
    return std::string();
  };
  EXPECT_EQ("a \"b\",\nc", value("name", 1));
  EXPECT_EQ("s", value("setup", 1));
  EXPECT_EQ("224", value("input_size", 1));
  EXPECT_EQ("32", value("batch_size", 1));
  EXPECT_EQ("0.25", value("energy_per_image_j", 1));
  EXPECT_EQ("", value("energy_per_image_low_j", 1));
  EXPECT_EQ("0.2", value("comparison_per_image_low_j", 1));
  EXPECT_EQ("32", value("latency_ms", 1));
  EXPECT_EQ("", value("batch_size", 2));
  EXPECT_EQ("", value("energy_j", 2));
  EXPECT_EQ("missing", value("basis", 2));
  EXPECT_EQ("", value("exit_status", 3));
  EXPECT_EQ("0", value("exit_status", 4));
  EXPECT_EQ("", value("duration_s", 4)) << "unknown";
}

}  // namespace
}  // namespace wattfor::exchange_test
