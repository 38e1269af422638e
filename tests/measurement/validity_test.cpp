#include "measurement/validity.h"

#include <gtest/gtest.h>

#include <limits>
#include <optional>
#include <string>

#include "base/error.h"
#include "measurement/sample_records.h"
#include "support/refusal.h"

namespace wattfor::validity_test {
namespace {

// What is said of a good record after a change.
template <class Change>
std::string refused_cell(const Change& change) {
  Measurement record = test::full_cell();
  change(record);
  const Error refusal = test::refusal_of([&] { require_valid(record); });
  EXPECT_EQ(ErrorCode::invalid_input, refusal.code());
  return refusal.what();
}

template <class Change>
void expect_valid(const Change& change) {
  Measurement record = test::full_cell();
  change(record);
  EXPECT_NO_THROW(require_valid(record));
}

TEST(ValidityTest, AcceptsWhatAMeasurementYields) {
  expect_valid([](Measurement&) {});
  expect_valid([](Measurement& record) {
    record.cell.reset();
    record.result.reset();
    record.energy = {};
  });
}

TEST(ValidityTest, NamesTheKeyAndWhatWasExpected) {
  EXPECT_EQ("the key 'cell.batch_size': expected at least 1, found -5",
            refused_cell([](auto& record) { record.cell->batch_size = -5; }));
  EXPECT_EQ("the key 'result.latency_ms': expected nothing below 0, found -3",
            refused_cell([](auto& record) { record.result->latency_ms = -3.0; }));
  EXPECT_EQ("the key 'energy.components[0].gaps[0].duration_s': expected nothing below 0, found -1",
            refused_cell([](auto& record) {
              record.energy.components[0].gaps[0].duration = Seconds(-1.0);
            }));
  EXPECT_EQ("the key 'id': expected a name, found nothing",
            refused_cell([](auto& record) { record.id.clear(); }));
}

TEST(ValidityTest, RefusesCountsBelowZeroAndABatchOfNothing) {
  refused_cell([](auto& record) { record.cell->batch_size = 0; });
  refused_cell([](auto& record) { record.cell->replicates = -1; });
  refused_cell([](auto& record) { record.cell->setup.threads = -1; });
  refused_cell([](auto& record) { record.cell->model.input_size = -1; });
  refused_cell([](auto& record) { record.result->replicates[0].batches = -1; });
}

TEST(ValidityTest, RefusesNegativeEnergyAndAcceptsNegativeNetEnergy) {
  refused_cell([](auto& record) { record.energy.total.gross->energy = Joules(-1.0); });
  refused_cell([](auto& record) { record.energy.components[0].gross->energy = Joules(-1.0); });
  refused_cell([](auto& record) { record.result->energy_per_image.energy = Joules(-1.0); });
  refused_cell([](auto& record) { record.result->replicates[0].energy = Joules(-1.0); });
  expect_valid([](auto& record) {
    const Joules negative(-1.0);
    record.energy.total.net->energy = negative;
    record.energy.components[0].net->energy = negative;
    record.result->net_energy_per_image->energy = negative;
    record.result->replicates[0].net_energy = negative;
  });
}

TEST(ValidityTest, AcceptsUnknownNumbersIntervalsAcrossZeroAndFrost) {
  expect_valid([](auto& record) {
    record.result->latency_ms = std::numeric_limits<double>::quiet_NaN();
    record.result->energy_per_image.comparison = Interval{.low = -1.0, .high = 1.0};
    record.result->published->interval_j.low = -1.0;
    record.energy.conditions[0].temperature_c = -20.0;
  });
}

Accuracy accuracy_of(const std::string& model, const std::string& test_set, double top5_percent) {
  return {.model = model,
          .input_size = 8,
          .test_set = test_set,
          .top1_percent = std::nullopt,
          .top5_percent = top5_percent};
}

TEST(ValidityTest, RefusesAPercentageThatIsNone) {
  EXPECT_NO_THROW(require_valid(accuracy_of("a", "t", 0.0)));
  EXPECT_NO_THROW(require_valid(accuracy_of("a", "t", 100.0)));
  EXPECT_THROW(require_valid(accuracy_of("a", "t", -1.0)), Error);
  const Error refusal = test::refusal_of([] { require_valid(accuracy_of("a", "t", 250.0)); });
  test::expect_refusal(refusal, ErrorCode::invalid_input,
                       "the key 'top5_percent': expected a percentage from 0 to 100, found 250");
}

TEST(ValidityTest, RefusesATrainingThatCannotBe) {
  EXPECT_EQ("the key 'training.data_fraction': expected a share above 0, at most 1, found 1.5",
            refused_cell([](auto& record) { record.training->data_fraction = 1.5; }));
  refused_cell([](auto& record) { record.training->data_fraction = 0.0; });
  refused_cell([](auto& record) { record.training->accuracy_percent = 100.5; });
  refused_cell([](auto& record) { record.training->epochs_total = -1; });
  refused_cell([](auto& record) { record.training->batch_size = 0; });
  refused_cell([](auto& record) { record.training->builds_on[0].uses = 0.0; });
  refused_cell([](auto& record) { record.windows[0].epoch = -1; });
  refused_cell([](auto& record) { record.windows[0].gross->energy = Joules(-1.0); });
  expect_valid([](auto& record) { record.windows[0].net->energy = Joules(-1.0); });
}

TEST(ValidityTest, RefusesANameThatIsEmptyOrLong) {
  const std::string longest(4096, 'x');
  EXPECT_NO_THROW(require_valid(accuracy_of(longest, longest, 50.0)));
  for (const std::string& name : {std::string(), longest + "x"}) {
    EXPECT_THROW(require_valid(accuracy_of(name, "t", 50.0)), Error);
    EXPECT_THROW(require_valid(accuracy_of("a", name, 50.0)), Error);
  }
  expect_valid([&](auto& record) { record.cell->model.name = longest; });
  refused_cell([&](auto& record) { record.cell->model.name = longest + "x"; });
  refused_cell([&](auto& record) { record.cell->setup.id = longest + "x"; });
  // The name of a run is its command, however long.
  expect_valid([&](auto& record) { record.name = longest + longest; });
}

TEST(ValidityTest, RefusesATimeThatIsNone) {
  for (const std::string time :
       {"2026-01-31T12:00:00Z", "2026-01-31T12:00:00.123456Z", "2024-02-29T23:59:60+05:30"}) {
    expect_valid([&](auto& record) { record.started_at = time; });
  }
  for (const std::string time :
       {"", "zzzz", "2026-01-31", "2026-01-31T12:00:00", "2026-01-31 12:00:00Z",
        "2026-02-29T12:00:00Z", "2026-13-01T12:00:00Z", "2026-01-31T24:00:00Z",
        "2026-01-31T12:60:00Z", "2026-01-31T12:00:61Z", "2026-01-31T12:00:00.Z",
        "2026-01-31T12:00:00.1x2Z", "2026-01-31T12:00:00+24:00", "2026-01-31T12:00:00Zz"}) {
    refused_cell([&](auto& record) { record.started_at = time; });
  }
}

}  // namespace
}  // namespace wattfor::validity_test
