#include "dataset/codecarbon.h"

#include <gtest/gtest.h>

#include <string>

#include "base/error.h"
#include "measurement/validity.h"
#include "support/refusal.h"
#include "support/temp_tree.h"

namespace wattfor::codecarbon_test {
namespace {

using test::has_text;

constexpr const char* header =
    "timestamp,project_name,run_id,duration,emissions,cpu_power,cpu_energy,gpu_energy,ram_energy,"
    "energy_consumed,country_iso_code,os,codecarbon_version,cpu_count,cpu_model,gpu_count,"
    "gpu_model,ram_total_size,tracking_mode,pue\n";
constexpr const char* ending = "FRA,Linux,2.3.5,12,Xeon,1,1 x A100,64,machine,1.0\n";

ImportedTables read(const std::string& text) {
  const test::TempTree tree;
  tree.write("emissions.csv", text);
  return read_codecarbon((tree / "emissions.csv").string());
}

std::string row(const std::string& id, const std::string& energies,
                const std::string& duration = "100.5") {
  return "2024-03-01T00:01:00,train," + id + "," + duration + ",0.1,42," + energies + "," + ending;
}

std::string reason_of(const std::string& line) {
  const ImportedTables data = read(std::string(header) + line);
  EXPECT_TRUE(data.tables.at(0).measurements.empty());
  return data.left_out.size() == 1 ? data.left_out[0].reason : "";
}

TEST(CodeCarbonTest, ARunBecomesARecordWithItsPartsInJoules) {
  const ImportedTables data = read(header + row("id-1", "0.001,0.1,0.002,0.103"));
  ASSERT_EQ(data.tables.at(0).measurements.size(), 1U);
  const Measurement& run = data.tables[0].measurements[0];
  EXPECT_EQ(run.id, "id-1");
  EXPECT_EQ(run.name, "train");
  EXPECT_EQ(run.started_at, "2024-02-29T23:59:19.500Z") << "the file has the end";
  EXPECT_EQ(run.energy.duration, Seconds(100.5));
  EXPECT_EQ(run.machine.cpu, "Xeon");
  EXPECT_EQ(run.machine.devices, std::vector<std::string>{"1 x A100"});
  EXPECT_EQ(run.settings.at("codecarbon_version"), "2.3.5");
  const auto& parts = run.energy.components;
  ASSERT_EQ(parts.size(), 3U);
  EXPECT_EQ(parts[0].kind, ComponentKind::cpu);
  EXPECT_EQ(parts[0].basis, Basis::modelled);
  EXPECT_TRUE(has_text(parts[0].assumption, "RAPL or took the processor's TDP"));
  EXPECT_DOUBLE_EQ(parts[0].gross.value().energy.value(), 3600.0);
  EXPECT_EQ(parts[1].kind, ComponentKind::gpu);
  EXPECT_EQ(parts[1].basis, Basis::measured);
  EXPECT_DOUBLE_EQ(parts[1].gross.value().energy.value(), 360000.0);
  EXPECT_EQ(parts[2].kind, ComponentKind::dram);
  EXPECT_EQ(parts[2].basis, Basis::modelled);
  EXPECT_TRUE(has_text(parts[2].assumption, "3 W for each 8 GB"));
  EXPECT_EQ(parts[2].shared_with, "all programs on the machine");
  EXPECT_EQ(run.energy.total.basis, Basis::modelled);
  EXPECT_DOUBLE_EQ(run.energy.total.gross.value().energy.value(), 370800.0);
  EXPECT_FALSE(run.energy.total.gross.value().absolute) << "it states no doubt";
  EXPECT_NO_THROW(require_valid(run));
}

TEST(CodeCarbonTest, ZeroBesideADeviceThatIsNamedIsAFailedReadAndNoEnergy) {
  const ImportedTables data = read(header + row("id-1", "0,0,0.002,0.002"));
  const auto& parts = data.tables.at(0).measurements.at(0).energy.components;
  ASSERT_EQ(parts.size(), 3U);
  EXPECT_EQ(parts[0].basis, Basis::missing);
  EXPECT_FALSE(parts[0].gross);
  EXPECT_TRUE(has_text(parts[1].faults.at(0), "0 kWh"));
}

TEST(CodeCarbonTest, AMachineWithoutAGpuHasNoGpu) {
  const ImportedTables data = read(std::string(header) +
                                   "2024-03-01T00:01:00,,id,60,0.1,42,0.001,0,0.002,0.003,FRA,"
                                   "Linux,2.3.5,12,Xeon,,,64,process,1.0\n");
  const Measurement& run = data.tables.at(0).measurements.at(0);
  EXPECT_EQ(run.energy.components.size(), 2U);
  EXPECT_EQ(run.energy.components[0].shared_with, "");
  EXPECT_EQ(run.name, "codecarbon");
}

TEST(CodeCarbonTest, TheFirstVersionsStateTheWholeAndARunsIdAsAnExperiments) {
  const ImportedTables data = read(
      "timestamp,experiment_id,project_name,duration,emissions,energy_consumed,country_name\n"
      "2020-03-23T09:26:11,exp-1,gamma,34,8,8,USA\n"
      "2020-04-31T03:26:11,exp-2,gamma,34,8,8,USA\n");
  ASSERT_EQ(data.tables.at(0).measurements.size(), 1U);
  const Measurement& run = data.tables[0].measurements[0];
  EXPECT_EQ(run.id, "exp-1");
  ASSERT_EQ(run.energy.components.size(), 1U);
  EXPECT_EQ(run.energy.components[0].basis, Basis::modelled);
  EXPECT_DOUBLE_EQ(run.energy.total.gross.value().energy.value(), 8 * 3.6e6);
  ASSERT_EQ(data.left_out.size(), 1U) << "April has 30 days";
  EXPECT_TRUE(has_text(data.left_out[0].reason, "a time like"));
}

TEST(CodeCarbonTest, OfARunThatWasFlushedTheLongestRowCounts) {
  const ImportedTables data = read(header + row("a", "1,1,1,3", "10") + row("b", "1,1,1,3", "10") +
                                   row("a", "2,2,2,6", "20") + row("a", "1,1,2,4", "15"));
  const auto& runs = data.tables.at(0).measurements;
  ASSERT_EQ(runs.size(), 2U);
  EXPECT_DOUBLE_EQ(runs[0].energy.total.gross.value().energy.value(), 6 * 3.6e6);
  ASSERT_EQ(data.left_out.size(), 2U);
  EXPECT_EQ(data.left_out[0].line, 2);
  EXPECT_TRUE(has_text(data.left_out[0].reason, "line 4 tells of the same run"));
  EXPECT_EQ(data.left_out[1].line, 5);
  EXPECT_EQ(data.read.at(0).used, 2);
}

TEST(CodeCarbonTest, TheTasksOfARunAreRecordsOfTheirOwn) {
  const ImportedTables data = read(
      "task_name,timestamp,run_id,duration,energy_consumed\n"
      "load,2024-03-01T00:01:00,r,10,1\ninfer,2024-03-01T00:02:00,r,5,2\n");
  const auto& runs = data.tables.at(0).measurements;
  ASSERT_EQ(runs.size(), 2U);
  EXPECT_EQ(runs[0].id, "r load");
}

TEST(CodeCarbonTest, APueIsNamedAndTheEnergiesAreLeftAsTheyAre) {
  std::string line = row("a", "1,1,1,3");
  line.replace(line.rfind("1.0"), 3, "1.5");
  const Measurement run = read(header + line).tables.at(0).measurements.at(0);
  EXPECT_EQ(run.settings.at("pue"), "1.5");
  EXPECT_TRUE(has_text(run.warnings.at(1), "PUE of 1.5"));
  EXPECT_DOUBLE_EQ(run.energy.total.gross.value().energy.value(), 3 * 3.6e6);
}

TEST(CodeCarbonTest, NamesEachRowThatCantBeUsed) {
  EXPECT_TRUE(has_text(reason_of(row("a", "1,1,1,4")), "energy_consumed is '4': expected the sum"));
  EXPECT_TRUE(has_text(reason_of(row("a", "-1,1,1,1")), "cpu_energy is '-1'"));
  EXPECT_TRUE(has_text(reason_of(row("a", "1,nan,1,3")), "gpu_energy is 'nan'"));
  EXPECT_TRUE(has_text(reason_of(row("a", "1,1,1,")), "energy_consumed is ''"));
  EXPECT_TRUE(has_text(reason_of(row("a", "1,1,1,3", "")), "duration is ''"));
  EXPECT_TRUE(has_text(reason_of(row("a", "1,1,1,3", "1e90")), "timestamp"));
  EXPECT_TRUE(has_text(reason_of("2024-03-01T00:01:00,train,a,1\n"), "4 cells instead of 20"))
      << "as CodeCarbon writes it where a value is None";
}

TEST(CodeCarbonTest, AColumnThatIsMissingOrStandsTwiceIsAnError) {
  const auto refusal = [](const std::string& text) {
    return std::string(test::refusal_of([&] { read(text); }).what());
  };
  EXPECT_TRUE(has_text(refusal("timestamp,duration\n"), "'energy_consumed' and found none"));
  EXPECT_TRUE(has_text(refusal("timestamp,duration,energy_consumed,run_id,run_id\n"),
                       "'run_id' and found 2"));
}

}  // namespace
}  // namespace wattfor::codecarbon_test
