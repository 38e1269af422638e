#include "report/model_columns.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <cstring>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "report/catalogue.h"

namespace wattfor::model_columns_test {
namespace {

using nlohmann::json;

// Columns as a reader finds them, by docs/api.md alone.
class Columns {
 public:
  explicit Columns(std::string bytes) : bytes_(std::move(bytes)) {
    EXPECT_EQ(bytes_.substr(0, 4), "WFC1");
    std::uint32_t length = 0;
    std::memcpy(&length, bytes_.data() + 4, sizeof length);
    start_ = 8 + length;
    EXPECT_EQ(start_ % 8, 0U);
    head = json::parse(bytes_.substr(8, length));
  }

  const json* find(const std::string& name, const std::string& tag = "",
                   const std::string& value = "") const {
    for (const json& column : head["columns"]) {
      if (column["name"] == name && (tag.empty() || column[tag] == value)) return &column;
    }
    return nullptr;
  }
  template <class Value>
  std::vector<Value> values(const json& column) const {
    const auto offset = column["offset"].get<std::size_t>();
    EXPECT_EQ(offset % 8, 0U);
    std::vector<Value> values(column["bytes"].get<std::size_t>() / sizeof(Value));
    std::memcpy(values.data(), bytes_.data() + start_ + offset, values.size() * sizeof(Value));
    return values;
  }
  std::vector<std::string> texts(const json& column) const {
    const auto rows = head["rows"].get<std::size_t>();
    const auto all = values<char>(column);
    std::vector<std::uint32_t> ends(rows + 1);
    std::memcpy(ends.data(), all.data(), ends.size() * sizeof(std::uint32_t));
    std::vector<std::string> texts;
    const char* text = all.data() + ends.size() * sizeof(std::uint32_t);
    for (std::size_t row = 0; row < rows; ++row)
      texts.emplace_back(text + ends[row], text + ends[row + 1]);
    return texts;
  }

  json head;

 private:
  std::string bytes_;
  std::size_t start_ = 0;
};

ModelTable table() {
  ModelTable table = table_of({{"odd", 0}, {"resnet18.w", 224}, {"vit_base.w", 224}});
  SetupColumns& setup = table.setup_columns({.id = "s",
                                             .label = "S",
                                             .device = "d",
                                             .runtime = "r",
                                             .runtime_version = "",
                                             .precision = "fp32",
                                             .threads = 0});
  setup.energy_j.set(1, 0.25);
  setup.basis[1] = Basis::measured;
  setup.is_imported[1] = true;
  setup.without_energy[2] = "out of memory \"<b>\"";
  table.test_set_column("t").top1_percent.set(2, 81.5);
  table.counter_columns("timm").macs.set(1, 1.8e9);
  return table;
}

TEST(ModelColumnsTest, HoldWhatIsKnownOfTheModelsAndLeaveOutWhatIsNot) {
  TrainingRun run;
  run.model = "vit_base.w";
  run.train = Joules(7.2e6);
  const Columns columns(model_columns(table(), std::vector{run}, "v1"));
  EXPECT_EQ(columns.head["version"], "v1");
  EXPECT_EQ(columns.head["rows"], 3);
  EXPECT_EQ(columns.texts(*columns.find("model")),
            (std::vector<std::string>{"odd", "resnet18.w", "vit_base.w"}));
  EXPECT_EQ(columns.values<std::uint32_t>(*columns.find("input_size")),
            (std::vector<std::uint32_t>{0, 224, 224}));
  const json& classes = *columns.find("class");
  const auto places = columns.values<std::uint16_t>(classes);
  EXPECT_EQ(places[0], 65535);
  EXPECT_EQ(classes["words"][places[1]], "CNN");
  EXPECT_EQ(classes["words"][places[2]], "Transformer");
  EXPECT_EQ(columns.values<double>(*columns.find("year"))[1], 2015.0);
  EXPECT_EQ(columns.values<double>(*columns.find("train_kwh"))[2], 2.0);
  EXPECT_EQ(columns.values<double>(*columns.find("accuracy_percent", "test_set", "t"))[2], 81.5);
  EXPECT_EQ(columns.values<double>(*columns.find("macs", "counter", "timm"))[1], 1.8e9);
  EXPECT_EQ(columns.find("parameters"), nullptr) << "nobody counted them";
}

TEST(ModelColumnsTest, HoldWhatModelsComeToOnASetup) {
  const ModelTable models = table();
  const Columns columns(point_columns(models, models.setups[0], "v1"));
  EXPECT_EQ(columns.head["setup"], (json{{"id", "s"}, {"label", "S"}}));
  const auto energy = columns.values<double>(*columns.find("energy_j"));
  EXPECT_TRUE(std::isnan(energy[0]));
  EXPECT_EQ(energy[1], 0.25);
  const json& basis = *columns.find("basis");
  EXPECT_EQ(basis["words"][columns.values<std::uint16_t>(basis)[1]], "measured");
  EXPECT_EQ(columns.values<std::uint8_t>(*columns.find("is_imported"))[1], 1);
  EXPECT_EQ(columns.head["without_energy"],
            (json::array({{{"row", 2}, {"reason", "out of memory \"<b>\""}}})));
  EXPECT_EQ(columns.find("latency_ms"), nullptr);
}

TEST(CatalogueTest, ListsWhatThereIsToChooseFrom) {
  ModelTable models = table();
  models.setup_columns({.id = "tried",
                        .label = "",
                        .device = "",
                        .runtime = "",
                        .runtime_version = "",
                        .precision = "",
                        .threads = 0});
  const json found = catalogue_json({.table = models, .version = "v1", .training_runs = 2});
  ASSERT_EQ(found["setups"].size(), 1U) << "one without any energy is none to choose";
  EXPECT_EQ(found["setups"][0]["models"], 1);
  EXPECT_EQ(found["setups"][0]["is_own"], false);
  EXPECT_EQ(found["test_sets"], (json::array({{{"name", "t"}, {"models", 1}}})));
  EXPECT_EQ(found["default_test_set"], "t");
  EXPECT_EQ(found["training_runs"], 2);
  EXPECT_EQ(found["live"], true);
}

TEST(CatalogueTest, OfNothingIsEmpty) {
  const ModelTable nothing;
  const json found = catalogue_json({.table = nothing, .version = "v0", .is_live = false});
  EXPECT_TRUE(found["setups"].empty());
  EXPECT_EQ(found["live"], false);
  EXPECT_EQ(Columns(model_columns(nothing, {}, "v0")).head["rows"], 0);
}

}  // namespace
}  // namespace wattfor::model_columns_test
