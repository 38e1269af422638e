#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "measurement/json.h"
#include "measurement/sample_records.h"
#include "support/refusal.h"

namespace wattfor::json_input_test {
namespace {

using nlohmann::json;
using Pointer = json::json_pointer;

std::string refused_record(const json& value) {
  const Error refusal = test::refusal_of([&] { measurement_from_json(value); });
  EXPECT_EQ(refusal.code(), ErrorCode::invalid_input);
  return refusal.what();
}

// What is said of a good record with one value replaced.
std::string refused_record(const char* pointer, json replacement) {
  json record = to_json(test::full_cell());
  record.at(Pointer(pointer)) = std::move(replacement);
  return refused_record(record);
}

TEST(JsonInputTest, NamesTheKeyThatIsMissing) {
  json record = to_json(test::full_cell());
  record.at("energy").at("components").at(0).erase("basis");
  EXPECT_EQ(refused_record(record), "the key 'energy.components[0].basis' is missing");
}

TEST(JsonInputTest, NamesTheKeyOfAnotherTypeAndWhatWasExpected) {
  EXPECT_EQ(refused_record("/id", 17), "the key 'id': expected text, found 17");
  EXPECT_EQ(refused_record("/energy/duration_s", "ten"),
            "the key 'energy.duration_s': expected a number or null, found \"ten\"");
  EXPECT_EQ(refused_record("/energy/components/0/in_total", 1),
            "the key 'energy.components[0].in_total': expected true or false, found 1");
  EXPECT_EQ(refused_record("/warnings", "one"),
            "the key 'warnings': expected a list, found \"one\"");
  EXPECT_EQ(refused_record("/warnings/0", nullptr),
            "the key 'warnings[0]': expected text, found null");
  EXPECT_EQ(refused_record("/machine", json::array()),
            "the key 'machine': expected an object, found an array");
  EXPECT_EQ(refused_record("/settings/intra_op_spinning", true),
            "the key 'settings.intra_op_spinning': expected text, found true");
}

TEST(JsonInputTest, ListsTheNamesThatAreKnown) {
  EXPECT_EQ(refused_record("/energy/total/basis", "guessed"),
            "the key 'energy.total.basis': expected one of measured, modelled, simulated, missing, "
            "found \"guessed\"");
  EXPECT_EQ(
      refused_record("/outcome", json::object()),
      "the key 'outcome': expected one of done, skipped, failed, interrupted, found an object");
}

TEST(JsonInputTest, RefusesIntegersThatDoNotFit) {
  EXPECT_EQ(refused_record("/cell/batch_size", 3e9),
            "the key 'cell.batch_size': expected an integer from -2147483648 to 2147483647, found "
            "3000000000.0");
  refused_record("/cell/batch_size", 2147483648);
  refused_record("/cell/batch_size", 18'446'744'073'709'551'615U);
  refused_record("/cell/batch_size", 1.5);
  refused_record("/cell/seed", -1);
  refused_record("/result/replicates/0/batches", 9'223'372'036'854'775'808U);
  json largest = to_json(test::full_cell());
  largest["cell"]["batch_size"] = 2147483647;
  EXPECT_EQ(measurement_from_json(largest).cell->batch_size, 2147483647);
}

TEST(JsonInputTest, RefusesWhatIsNoRecord) {
  EXPECT_EQ(refused_record(json()), "the record: expected an object, found null");
  EXPECT_EQ(refused_record(json::array()), "the record: expected an object, found an array");
  EXPECT_EQ(refused_record(json::object()), "the key 'id' is missing");
  EXPECT_THROW(accuracy_from_json(json("text")), Error);
  EXPECT_THROW(accuracy_from_json(json{{"model", "m"}, {"input_size", 8}}), Error);
}

TEST(JsonInputTest, CutsALongValueInItsMessage) {
  EXPECT_LT(refused_record("/energy/duration_s", std::string(1'000'000, 'x')).size(), 200U);
  EXPECT_LT(refused_record("/energy/duration_s", std::string(39, 'x') + "\u00e9\xff").size(), 200U);
}

TEST(JsonInputTest, DoesNotDescendIntoAValueNestedDeeperThanTheStack) {
  const int depth = 1'000'000;
  json deep = json::parse(std::string(depth, '[') + std::string(depth, ']'));
  EXPECT_EQ(refused_record("/name", std::move(deep)),
            "the key 'name': expected text, found an array");
}

TEST(JsonInputTest, IgnoresKeysThatItDoesNotKnow) {
  json record = to_json(test::full_cell());
  record["carbon_g"] = 12;
  record["machine"]["colour"] = {{"case", "black"}};
  EXPECT_EQ(measurement_from_json(record), test::full_cell());
}

TEST(JsonInputTest, ListsAndOptionalPartsMayBeLeftOut) {
  json record = to_json(Measurement{});
  for (const char* key : {"warnings", "settings", "cell", "result", "command"}) record.erase(key);
  record["energy"].erase("components");
  record["energy"].erase("conditions");
  record["energy"]["total"].erase("net_energy_j");
  EXPECT_EQ(measurement_from_json(record), Measurement{});
}

TEST(JsonInputTest, RefusesAKindThatContradictsTheRecord) {
  EXPECT_EQ(refused_record("/kind", "run"),
            "the key 'kind': expected \"cell\", as the record has a "
            "cell, found \"run\"");
  json run = to_json(Measurement{});
  run["kind"] = "cell";
  refused_record(run);
  run.erase("kind");
  EXPECT_EQ(measurement_from_json(run), Measurement{});
}

std::vector<Pointer> every_pointer(const json& record) {
  std::vector<Pointer> pointers;
  const json flat = record.flatten();
  for (const auto& [text, value] : flat.items()) {
    for (Pointer pointer(text); !pointer.empty(); pointer = pointer.parent_pointer()) {
      pointers.push_back(pointer);
    }
  }
  return pointers;
}

// Whatever stands anywhere in a record: it is read, or refused with an Error.
TEST(JsonInputTest, NoValueAnywhereCausesAnythingButAnError) {
  const json good = to_json(test::full_cell());
  const std::vector<json> values{nullptr,
                                 true,
                                 -1,
                                 1e308,
                                 18'446'744'073'709'551'615U,
                                 "text",
                                 "\xff\xfe",
                                 json::array(),
                                 json::array({json::array()}),
                                 json::object(),
                                 json{{"energy_j", json::array()}}};
  int refused = 0;
  for (const Pointer& pointer : every_pointer(good)) {
    for (const json& value : values) {
      json record = good;
      record.at(pointer) = value;
      try {
        measurement_from_json(record);
      } catch (const Error& error) {
        ++refused;
        ASSERT_EQ(error.code(), ErrorCode::invalid_input) << pointer << " " << dump(value);
      }
    }
  }
  EXPECT_GT(refused, 500);
}

}  // namespace
}  // namespace wattfor::json_input_test
