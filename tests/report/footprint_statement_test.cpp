#include "report/footprint_statement.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "report/model_card.h"
#include "report/sample_runs.h"
#include "support/refusal.h"

namespace wattfor::footprint_statement_test {
namespace {

using test::has_text;

const Electricity german = electricity_of({.region = "DE", .pue = 1.2}, {});

std::string statement(const std::vector<Measurement>& records, const std::string& run,
                      const Electricity& electricity = {}) {
  return footprint_statement(footprint_view(records, {.runs = {run}, .electricity = electricity}));
}

std::string card(const std::vector<Measurement>& records, const std::string& run,
                 const Electricity& electricity = german) {
  return model_card_metadata(footprint_view(records, {.runs = {run}, .electricity = electricity}));
}

// 100/10 + 3 kWh, ±14 %: 13.0 (11.18 … 14.82); times 1.2: 15.6 (13.416 … 17.784); at 380.95 g:
// 5942.82 g (5110.8 … 6774.8). The test: 20 Wh, 17.2 … 22.8.
TEST(FootprintStatementTest, NamesWhatWasMeasuredHowAndTheInterval) {
  EXPECT_EQ(
      statement(test::sample_lineage(), "finetune", german),
      "Making MAE ViT-B took 13.0 kWh of electricity in all (95 % interval 11.2 kWh to 14.8 kWh): "
      "10.0 kWh for pre-training (pretrain; 2 d 2 h, begun 2026-03-01, shared over 10 uses) and "
      "3.00 kWh for fine-tuning (finetune; 4 h 0 min, begun 2026-03-01). "
      "The energy was determined with wattfor 0.1.0 on 2 × NVIDIA H100 PCIe, Some CPU (64 "
      "threads): "
      "cpu package 0 (modelled: TDP 280 W, ±50 %) and gpu 0 by nvml:GPU-1:energy; its scope is "
      "cpu + gpu, idle power included. "
      "With a PUE of 1.2 it is 15.6 kWh (95 % interval 13.4 kWh to 17.8 kWh). "
      "At 380.95 g CO2e/kWh (Germany 2023, Our World in Data, based on Ember and the Energy "
      "Institute, CC BY 4.0) this is 5.94 kg CO2e (95 % interval 5.11 kg to 6.77 kg, of the energy "
      "alone: the uncertainty of the intensity is not known). "
      "Testing, which is not in it, took 20.0 Wh (test; 95 % interval 17.2 Wh to 22.8 Wh).\n");
}

TEST(FootprintStatementTest, SaysWhatIsNotInAPlainOne) {
  const std::string text = statement(test::sample_lineage(), "pretrain");
  EXPECT_TRUE(
      text.starts_with("Pre-training MAE ViT-B took 100 kWh of electricity (95 % interval "
                       "86.0 kWh to 114 kWh; 2 d 2 h, begun 2026-03-01)."));
  EXPECT_TRUE(has_text(text, "The data centre's overhead (PUE) is not in it."));
  EXPECT_TRUE(has_text(text, "Emissions are not stated"));
}

TEST(FootprintStatementTest, TellsTwoMethodsApart) {
  auto records = test::sample_lineage();
  records[0].machine.devices = {"NVIDIA A100"};
  const std::string text = statement(records, "finetune");
  EXPECT_TRUE(has_text(text,
                       "The energy of pretrain was determined with wattfor 0.1.0 on 1 × "
                       "NVIDIA A100"));
  EXPECT_TRUE(has_text(text, "The energy of finetune was determined"));
}

TEST(FootprintStatementTest, StatesWhatIsMissingAndWhatHasNoInterval) {
  auto records = test::sample_lineage();
  records.erase(records.begin());
  records[0].energy.total.gross->absolute.reset();
  const std::string text = statement(records, "finetune", german);
  EXPECT_TRUE(has_text(text, "3.00 kWh of electricity (no interval is known;"));
  EXPECT_TRUE(has_text(text, "this is 1.37 kg CO2e. "));
  EXPECT_TRUE(has_text(text,
                       "Note: 'finetune' builds on the run aaaa-1, which is not in this "
                       "store"));
}

TEST(FootprintStatementTest, IsOfATestAlone) {
  auto records = test::sample_lineage();
  records[2].training->builds_on.clear();
  EXPECT_EQ(statement(records, "test"),
            "Testing took 20.0 Wh (test; 95 % interval 17.2 Wh to 22.8 Wh).\n");
}

TEST(ModelCardTest, StatesGramsOfTheMakingWithWhereTheyComeFrom) {
  EXPECT_EQ(card(test::sample_lineage(), "finetune"),
            "co2_eq_emissions:\n"
            "  emissions: 5943\n"
            "  source: \"wattfor 0.1.0, modelled: 15.6 kWh; 95 % interval of the emissions, from "
            "the energy's, 5.11 kg to 6.77 kg; 380.95 g CO2e/kWh: Germany 2023, Our World in Data, "
            "based on Ember and the Energy Institute, CC BY 4.0; PUE 1.2\"\n"
            "  training_type: \"pre-training and fine-tuning\"\n"
            "  geographical_location: \"Germany\"\n"
            "  hardware_used: \"2 × NVIDIA H100 PCIe, Some CPU (64 threads)\"\n");
}

TEST(ModelCardTest, NeedsARegion) {
  test::expect_refusal(
      test::refusal_of([] { card(test::sample_lineage(), "finetune", Electricity{}); }),
      ErrorCode::usage, "--region");
}

TEST(ModelCardTest, QuotesWhatOthersWrote) {
  auto records = test::sample_lineage();
  records[0].machine = {};
  records[0].machine.cpu = "a \"b\": c # d\n- e \\";
  const std::string text = card(records, "pretrain", electricity_of({.g_per_kwh = 1e-3}, {}));
  EXPECT_TRUE(has_text(text, "  hardware_used: \"a \\\"b\\\": c # d - e \\\\\"\n")) << text;
  EXPECT_FALSE(has_text(text, "geographical_location"));
  // 100 kWh at a milligram; small numbers have no power of ten.
  EXPECT_TRUE(has_text(text, "  emissions: 0.1000\n"));
}

}  // namespace
}  // namespace wattfor::footprint_statement_test
