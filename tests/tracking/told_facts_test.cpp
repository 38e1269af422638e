#include "tracking/told_facts.h"

#include <gtest/gtest.h>

#include <string>

#include "base/error.h"
#include "measurement/validity.h"
#include "support/refusal.h"

namespace wattfor::told_facts_test {
namespace {

TEST(ToldFactsTest, TakesInEveryWord) {
  TrainingFacts facts;
  for (const char* fact :
       {"model=resnet50", "task=classification", "dataset=ImageNet", "phase=fine-tuning",
        "epochs_total=90", "data_fraction=0.01", "batch_size=256", "metric=top-1", "accuracy=0.761",
        "builds_on=1f0e:4", "builds_on = 2a2b"}) {
    tell(facts, fact);
  }
  EXPECT_EQ((TrainingFacts{.model = "resnet50",
                           .task = "classification",
                           .dataset = "ImageNet",
                           .phase = Phase::finetuning,
                           .epochs_total = 90,
                           .data_fraction = 0.01,
                           .batch_size = 256,
                           .metric = "top-1",
                           .accuracy_percent = 76.1,
                           .builds_on = {{.run = "1f0e", .uses = 4.0}, {.run = "2a2b"}}}),
            facts);
  tell(facts, "accuracy_percent=80");
  EXPECT_EQ(80.0, facts.accuracy_percent);
}

TEST(ToldFactsTest, RefusesWhatCannotBeAndLeavesTheRestAsItIs) {
  TrainingFacts facts{.model = "kept"};
  const TrainingFacts before = facts;
  for (const std::string fact : {"epochs_total=0",
                                 "epochs_total=-3",
                                 "epochs_total=1e3",
                                 "epochs_total=2000000000",
                                 "data_fraction=0",
                                 "data_fraction=-0.1",
                                 "data_fraction=1.01",
                                 "data_fraction=nan",
                                 "data_fraction=ten",
                                 "batch_size=0",
                                 "batch_size=99999999999",
                                 "phase=play",
                                 "accuracy=-0.1",
                                 "accuracy=nan",
                                 "accuracy=inf",
                                 "accuracy_percent=101",
                                 "builds_on=",
                                 "builds_on=a:0",
                                 "builds_on=a:x",
                                 "model",
                                 "=3",
                                 "nothing=3"}) {
    EXPECT_THROW(tell(facts, fact), Error) << fact;
    EXPECT_EQ(before, facts) << fact;
  }
  EXPECT_THROW(tell(facts, "model", std::string(longest_name_bytes + 1, 'x')), Error);
}

TEST(ToldFactsTest, NamesTheWordForPercentWhereAnAccuracyIsNoShare) {
  TrainingFacts facts;
  test::expect_refusal(test::refusal_of([&] { tell(facts, "accuracy=76.1"); }),
                       ErrorCode::invalid_input, "for percent there is accuracy_percent");
}

}  // namespace
}  // namespace wattfor::told_facts_test
