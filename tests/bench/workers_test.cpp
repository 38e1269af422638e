// The workers that need no runtime: the null worker, and the example that docs/worker-protocol.md
// shows.
#include <gtest/gtest.h>

#include <filesystem>
#include <optional>
#include <string>
#include <variant>

#include "base/clock.h"
#include "base/error.h"
#include "bench/protocol.h"
#include "bench/worker_process.h"
#include "support/temp_tree.h"
#include "support/text.h"
#include "units/quantity.h"
#include "workers/null/null_backend.h"

namespace wattfor::workers_test {
namespace {

using protocol::Load;
using protocol::Loaded;
using test::has_text;

TEST(NullBackendTest, TakesAtLeastTheGivenTimeForABatchOfAnySize) {
  const auto backend = make_null_backend();
  backend->load(Load{.model = "any", .options_json = R"({"batch_seconds":0.002})"});
  ASSERT_FALSE(backend->prepare(1024).has_value());
  const SystemClock clock;
  const Instant begin = clock.now();
  ASSERT_FALSE(backend->run_batch().has_value());
  EXPECT_GE(Seconds(clock.now() - begin).count(), 0.002);
}

TEST(NullBackendTest, RecordsTheTimeAndRefusesOneThatIsNone) {
  const auto backend = make_null_backend();
  EXPECT_EQ(std::get<Loaded>(backend->load(Load{.model = "any"})).settings_json,
            R"({"batch_seconds":0.001})");
  EXPECT_THROW(backend->load(Load{.model = "any", .options_json = R"({"batch_seconds":-1})"}),
               Error);
  EXPECT_THROW(backend->load(Load{.model = "any", .options_json = R"({"batch_seconds":"1 ms"})"}),
               Error);
}

TEST(ExampleWorkerTest, SpeaksTheProtocol) {
  const test::TempTree files;
  files.write("model.txt", "a sum");
  WorkerProcess worker({WATTFOR_EXAMPLE_WORKER});
  EXPECT_EQ(worker.hello().worker, "example");

  const auto absent = worker.load(Load{.model = files / "absent.txt"});
  EXPECT_TRUE(has_text(std::get<WorkerFailure>(absent).message, "No such file"));
  EXPECT_TRUE(worker.alive());

  const auto loaded = std::get<Loaded>(worker.load(Load{.model = files / "model.txt"}));
  EXPECT_EQ(loaded.inputs.at(0).shape.at(1), 64);
  const auto ignore = [](Instant) {};
  EXPECT_TRUE(std::holds_alternative<RunMarks>(
      worker.run(protocol::Run{.batch = 8, .warm_up = true}, ignore)));

  std::optional<Instant> started;
  const auto run = worker.run(protocol::Run{.batch = 8, .min_batches = 20, .min_seconds = 0.15},
                              [&started](Instant at) { started = at; });
  const auto& marks = std::get<RunMarks>(run);
  EXPECT_EQ(marks.started, started);
  EXPECT_GE(marks.batches(), 20);
  EXPECT_GE(marks.duration().count(), 0.15);
}

}  // namespace
}  // namespace wattfor::workers_test
