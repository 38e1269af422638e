#include "report/emissions_csv.h"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "base/csv.h"
#include "base/file.h"
#include "dataset/codecarbon.h"
#include "report/model_card.h"
#include "report/sample_runs.h"
#include "support/refusal.h"
#include "support/temp_tree.h"

namespace wattfor::emissions_csv_test {
namespace {

const Electricity german = electricity_of({.region = "DE", .pue = 1.2}, {});

// The cells of a file by their columns, a map a row.
std::vector<std::map<std::string, std::string>> cells_of(const std::string& text) {
  const auto rows = read_csv(text, "emissions.csv");
  std::vector<std::map<std::string, std::string>> cells;
  for (std::size_t row = 1; row < rows.size(); ++row) {
    auto& named = cells.emplace_back();
    EXPECT_EQ(rows[row].fields.size(), rows[0].fields.size());
    for (std::size_t i = 0; i < rows[0].fields.size(); ++i) {
      named[rows[0].fields[i]] = rows[row].fields[i];
    }
  }
  return cells;
}

std::map<std::string, std::string> only_row(const std::vector<Measurement>& records,
                                            const Electricity& electricity = german) {
  const auto view = footprint_view(records, {.runs = {"finetune"}, .electricity = electricity});
  const auto rows = emissions_rows(view);
  EXPECT_EQ(rows.size(), 1U);
  return cells_of(emissions_header() + "\n" + rows.at(0) + "\n").at(0);
}

TEST(EmissionsCsvTest, HasCodeCarbonsColumnsInTheirOrder) {
  EXPECT_EQ(
      emissions_header(),
      "timestamp,project_name,run_id,experiment_id,duration,emissions,emissions_rate,cpu_power,"
      "gpu_power,ram_power,cpu_energy,gpu_energy,ram_energy,energy_consumed,water_consumed,"
      "country_name,country_iso_code,region,cloud_provider,cloud_region,os,python_version,"
      "codecarbon_version,cpu_count,cpu_model,gpu_count,gpu_model,longitude,latitude,"
      "ram_total_size,tracking_mode,cpu_utilization_percent,gpu_utilization_percent,"
      "ram_utilization_percent,ram_used_gb,on_cloud,pue,wue");
}

// 3 kWh in 4 h: 750 W, a fifth of it the processor's; times 1.2; 380.95 g each.
TEST(EmissionsCsvTest, HasItsUnitsAndThePueOnPowersAndEnergiesAlike) {
  const auto row = only_row(test::sample_lineage());
  EXPECT_EQ(row.at("timestamp"), "2026-03-01T16:30:01");  // the end, half a second rounded up
  EXPECT_EQ(row.at("run_id"), "bbbb-2");
  EXPECT_EQ(row.at("project_name"), "finetune");
  EXPECT_EQ(row.at("duration"), "14400");
  EXPECT_NEAR(std::stod(row.at("energy_consumed")), 3.6, 1e-12);
  EXPECT_NEAR(std::stod(row.at("cpu_energy")), 0.72, 1e-12);
  EXPECT_NEAR(std::stod(row.at("gpu_energy")), 2.88, 1e-12);
  EXPECT_NEAR(std::stod(row.at("cpu_power")), 180.0, 1e-9);
  EXPECT_NEAR(std::stod(row.at("gpu_power")), 720.0, 1e-9);
  EXPECT_NEAR(std::stod(row.at("emissions")), 1.37142, 1e-9);
  EXPECT_NEAR(std::stod(row.at("emissions_rate")), 1.37142 / 14400.0, 1e-12);
  EXPECT_EQ(row.at("country_iso_code"), "DEU");
  EXPECT_EQ(row.at("gpu_model"), "2 x NVIDIA H100 PCIe");
  EXPECT_EQ(row.at("ram_total_size"), "64");
  EXPECT_EQ(row.at("pue"), "1.2");
}

TEST(EmissionsCsvTest, IsEmptyAndNotZeroWhereNothingIsKnown) {
  const auto row = only_row(test::sample_lineage(), {});
  for (const char* column :
       {"emissions", "emissions_rate", "ram_energy", "ram_power", "water_consumed", "country_name",
        "country_iso_code", "longitude", "on_cloud", "wue", "ram_used_gb"}) {
    EXPECT_EQ(row.at(column), "") << column;
  }
  EXPECT_EQ(row.at("pue"), "1");
  auto records = test::sample_lineage();
  records[1].energy.components[1].gross.reset();  // a GPU that was not read
  records[1].energy.total = total_of(records[1].energy.components, Scope::everything);
  EXPECT_EQ(only_row(records).at("gpu_energy"), "");
  EXPECT_NEAR(std::stod(only_row(records).at("energy_consumed")), 0.72, 1e-12);
}

// Readers, ours among them, add the parts up.
TEST(EmissionsCsvTest, HasNoPartsWhereSomethingElseIsInTheTotal) {
  auto records = test::sample_lineage();
  records[1].energy.components[0].kind = ComponentKind::other;
  const auto row = only_row(records);
  EXPECT_EQ(row.at("gpu_energy"), "");
  EXPECT_EQ(row.at("gpu_power"), "");
  EXPECT_NEAR(std::stod(row.at("energy_consumed")), 3.6, 1e-12);
}

TEST(EmissionsCsvTest, ComesBackThroughTheImport) {
  const auto records = test::sample_lineage();
  const test::TempTree tree;
  const auto file = tree / "emissions.csv";
  append_emissions(file, footprint_view(records, {.runs = {"finetune", "test"}}));
  const ImportedTables data = read_codecarbon(file.string());
  EXPECT_TRUE(data.left_out.empty());
  ASSERT_EQ(data.tables.at(0).measurements.size(), 2U);
  const Measurement& run = data.tables[0].measurements[0];
  EXPECT_EQ(run.id, "bbbb-2");
  EXPECT_EQ(run.name, "finetune");
  EXPECT_EQ(run.started_at, "2026-03-01T12:30:01.000Z");  // to the second
  EXPECT_EQ(run.energy.duration, Seconds(14400.0));
  EXPECT_NEAR(in_kilowatt_hours(run.energy.total.gross->energy), 3.0, 1e-9);
  EXPECT_EQ(run.machine.cpu, "Some CPU");
  // The table has no column for what was measured.
  EXPECT_EQ(run.energy.total.basis, Basis::modelled);
  EXPECT_TRUE(test::has_text(run.energy.components.at(0).assumption, "`wattfor export` does"));
  EXPECT_TRUE(run.warnings.empty());
}

TEST(EmissionsCsvTest, GoesBehindWhatAFileHas) {
  const auto records = test::sample_lineage();
  const test::TempTree tree;
  const auto file = tree / "emissions.csv";
  append_emissions(file, footprint_view(records, {.runs = {"pretrain"}}));
  append_emissions(file, footprint_view(records, {.runs = {"finetune"}}));
  const auto rows = cells_of(read_file(file));
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].at("run_id"), "aaaa-1");
  EXPECT_EQ(rows[1].at("run_id"), "bbbb-2");
}

TEST(EmissionsCsvTest, RefusesOtherColumnsAndARunThatIsThere) {
  const auto records = test::sample_lineage();
  const auto view = footprint_view(records, {.runs = {"finetune"}});
  const test::TempTree tree;
  tree.write("other.csv", "timestamp,run_id,emissions\n2024-01-01T00:00:00,a,1\n");
  test::expect_refusal(test::refusal_of([&] { append_emissions(tree / "other.csv", view); }),
                       ErrorCode::invalid_input, "not those of CodeCarbon");
  EXPECT_EQ(read_file(tree / "other.csv"), "timestamp,run_id,emissions\n2024-01-01T00:00:00,a,1\n");
  append_emissions(tree / "emissions.csv", view);
  test::expect_refusal(test::refusal_of([&] { append_emissions(tree / "emissions.csv", view); }),
                       ErrorCode::invalid_input, "has the run bbbb-2 already");
}

TEST(EmissionsCsvTest, RefusesWhatNeverFlowed) {
  auto records = test::sample_lineage();
  records[1].energy.total.basis = Basis::simulated;
  const auto view = footprint_view(records, {.runs = {"finetune"}, .electricity = german});
  test::expect_refusal(test::refusal_of([&] { emissions_rows(view); }), ErrorCode::invalid_input,
                       "'finetune' is simulated");
  test::expect_refusal(test::refusal_of([&] { model_card_metadata(view); }),
                       ErrorCode::invalid_input, "'finetune' is simulated");
}

TEST(EmissionsCsvTest, RefusesARunThatEndsAtNoTime) {
  for (const bool is_begin : {true, false}) {
    auto records = test::sample_lineage();
    if (is_begin) {
      records[1].started_at = "yesterday";
    } else {
      records[1].energy.duration = Seconds(1e300);
    }
    const auto view = footprint_view(records, {.runs = {"finetune"}});
    test::expect_refusal(test::refusal_of([&] { emissions_rows(view); }), ErrorCode::invalid_input,
                         "the end of 'finetune' is no time");
  }
}

TEST(EmissionsCsvTest, KeepsNamesFromShiftingColumns) {
  auto records = test::sample_lineage();
  records[1].name = "finetune";
  records[1].machine.cpu = "CPU, \"fast\"\n=1+1";
  EXPECT_EQ(only_row(records).at("cpu_model"), "CPU, \"fast\" =1+1");
  EXPECT_EQ(only_row(records).at("pue"), "1.2");
}

}  // namespace
}  // namespace wattfor::emissions_csv_test
