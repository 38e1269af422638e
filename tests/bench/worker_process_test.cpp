#include "bench/worker_process.h"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

#include "base/error.h"
#include "support/refusal.h"
#include "support/text.h"

namespace wattfor::worker_process_test {
namespace {

using test::has_text;

// tests/fakes/fake_worker.cpp; the stem of the "model" is its script.
const std::vector<std::string> fake{WATTFOR_FAKE_WORKER_PROGRAM};

// Long enough for a busy machine to answer in; what hangs is tested with less.
constexpr WorkerLimits patient{.hello = Seconds(30), .load = Seconds(30), .silence = Seconds(30)};
constexpr WorkerLimits brief{.hello = Seconds(30), .load = Seconds(0.3), .silence = Seconds(0.3)};

// A worker whose every reply is written out here.
std::vector<std::string> shell(const std::string& script) { return {"/bin/sh", "-c", script}; }

std::string hello_failure(const std::vector<std::string>& command, ErrorCode expected,
                          Seconds limit = Seconds(30)) {
  const Error refusal =
      test::refusal_of([&] { const WorkerProcess worker(command, {.hello = limit}); });
  EXPECT_EQ(refusal.code(), expected) << refusal.what();
  return refusal.what();
}

// Loads the script and runs it once warm and once measured, until something fails.
WorkerFailure failure_of(const std::string& script, WorkerLimits limits = patient) {
  WorkerProcess worker(fake, limits);
  auto loaded = worker.load({.model = script + ".onnx"});
  if (auto* failure = std::get_if<WorkerFailure>(&loaded)) return *failure;
  for (const bool warm_up : {true, false}) {
    const protocol::Run run{.batch = 4, .warm_up = warm_up, .min_batches = 3, .min_seconds = 0.01};
    auto marks = worker.run(run, [](Instant) {});
    if (auto* failure = std::get_if<WorkerFailure>(&marks)) {
      EXPECT_EQ(worker.alive(), failure->kind != protocol::FailureKind::died);
      return *failure;
    }
  }
  ADD_FAILURE() << script << " did not fail";
  return {};
}

void expect_death(const std::string& script, const std::string& message,
                  WorkerLimits limits = patient) {
  const WorkerFailure failure = failure_of(script, limits);
  EXPECT_EQ(failure.kind, protocol::FailureKind::died) << script;
  EXPECT_TRUE(has_text(failure.message, "worker `" WATTFOR_FAKE_WORKER_PROGRAM "`: ")) << script;
  EXPECT_TRUE(has_text(failure.message, message)) << script;
}

TEST(WorkerProcessTest, HoldsAWholeConversation) {
  WorkerProcess worker(fake, patient);
  EXPECT_EQ(worker.hello().worker, "fake");
  const auto loaded = worker.load({.model = "any.onnx"});
  ASSERT_TRUE(std::holds_alternative<protocol::Loaded>(loaded));
  EXPECT_EQ(std::get<protocol::Loaded>(loaded).inputs.size(), 1u);
  ASSERT_TRUE(std::holds_alternative<RunMarks>(
      worker.run({.batch = 2, .warm_up = true}, [](Instant) { FAIL() << "a mark of a warm-up"; })));

  Instant heard;
  const auto run = worker.run({.batch = 2, .min_batches = 5, .min_seconds = 0.01},
                              [&](Instant started) { heard = started; });
  const auto& marks = std::get<RunMarks>(run);
  EXPECT_EQ(heard, marks.started);
  EXPECT_GE(marks.batches(), 5);
  EXPECT_GE(marks.duration(), Seconds(0.01));
  EXPECT_EQ(marks.memory_bytes, 2e6);
  EXPECT_TRUE(worker.alive());
}

TEST(WorkerProcessTest, ItsOwnRefusalsLeaveItAlive) {
  EXPECT_EQ(failure_of("out-of-memory-at-warm_up").kind, protocol::FailureKind::out_of_memory);
  EXPECT_EQ(failure_of("unsupported-at-load").kind, protocol::FailureKind::unsupported);
  EXPECT_EQ(failure_of("error-at-run").kind, protocol::FailureKind::error);
  EXPECT_EQ(failure_of("out-of-memory-at-batch").message, "as the script says");
}

TEST(WorkerProcessTest, ADeathSaysHowAndWhatWasExpected) {
  expect_death("crash-at-load", "expected `loaded`, but it ended: killed by signal 11");
  expect_death("exit-at-warm_up", "expected `finished`, but it ended: exit status 3");
  expect_death("crash-at-run", "expected `started`, but it ended: killed by signal 11");
  expect_death("exit-at-batch", "expected `batches`, but it ended: exit status 3");
}

// Nothing but the end of the process tells: the pipe stays open.
TEST(WorkerProcessTest, ADeathIsSeenWhileItsChildHoldsItsOutput) {
  expect_death("crash-beside-a-child-at-run",
               "expected `started`, but it ended: killed by signal 11");
}

TEST(WorkerProcessTest, KeepsTheEndOfItsLog) {
  // A sanitizer's runtime may have written to the log before.
  expect_death("log-and-exit-at-run", "the end of its log:\n");
  expect_death("log-and-exit-at-run", "the library said why");
}

TEST(WorkerProcessTest, AHangEndsAtItsLimit) {
  expect_death("hang-at-load", "expected `loaded` within 0.3 s, got nothing", brief);
  expect_death("hang-at-start", "expected `batches` within 0.3 s, got nothing", brief);
  expect_death("close-output-at-run", "expected `started`, but it closed its output and was killed",
               brief);
}

TEST(WorkerProcessTest, NonsenseEndsTheConversation) {
  expect_death("garbage-at-load", "expected `loaded`: ");
  expect_death("garbage-at-batch", "expected `batches`: ");
  expect_death("wrong-reply-at-run", "expected `started`, got `hello`");
  expect_death("endless-line-at-batch",
               "expected `batches` in a line of at most 1048576 bytes, got a longer one");
}

TEST(WorkerProcessTest, AnEndlessLogNeitherBlocksNorFillsMemory) {
  const auto failure = failure_of("endless-log-at-run", brief);
  EXPECT_TRUE(has_text(failure.message, "expected `started` within 0.3 s"));
  EXPECT_LT(failure.message.size(), 5000u);
}

TEST(WorkerProcessTest, MarksThatCannotBeTrueEndTheConversation) {
  expect_death("negative-count-at-batch", "batches");
  expect_death("countless-at-batch", "more than 1000000000000 batches in one run");
  expect_death("backwards-at-batch", "expected batches that end after");
  expect_death("before-start-at-start", "expected batches that end after");
  expect_death("in-the-future-at-batch", "and not in the future");
  expect_death("finish-at-start", "expected a run of at least 3 batches and 0.01 s, got 0");
}

TEST(WorkerProcessTest, ARunThatNeverEndsIsEnded) {
  expect_death("report-nothing-at-start", "expected a batch to end within 0.3 s, got none", brief);
  expect_death("run-on-at-batch", "expected `finished`, but its run goes on", brief);
}

TEST(WorkerProcessTest, HelloThatFailsIsAnErrorThatNamesTheCommand) {
  EXPECT_TRUE(
      has_text(hello_failure({"/no/such/worker"}, ErrorCode::not_found), "/no/such/worker"));
  const auto said = hello_failure(shell("echo no library >&2; exit 4"), ErrorCode::io);
  EXPECT_TRUE(has_text(said, "expected `hello`, but it ended: exit status 4"));
  EXPECT_TRUE(has_text(said, "the end of its log:\nno library"));
  EXPECT_TRUE(
      has_text(hello_failure(shell("echo hi there; cat"), ErrorCode::invalid_input), "hi there"));
  EXPECT_TRUE(has_text(hello_failure(shell("cat >/dev/null"), ErrorCode::timed_out, Seconds(0.2)),
                       "expected `hello` within 0.2 s"));
}

TEST(WorkerProcessTest, AHigherProtocolIsRefusedWithBothNumbers) {
  const auto theirs =
      hello_failure(shell(R"(echo '{"hello":{"protocol":2,"worker":"w","version":"1","devices":[],)"
                          R"("precisions":[]}}'; cat)"),
                    ErrorCode::unsupported);
  EXPECT_TRUE(has_text(theirs, "protocol 2"));
  EXPECT_TRUE(has_text(theirs, "protocol 1"));
  const auto ours = hello_failure(
      shell(R"(echo '{"failed":{"kind":"unsupported","message":"I speak protocol 0"}}'; cat)"),
      ErrorCode::unsupported);
  EXPECT_TRUE(has_text(ours, "protocol 1"));
  EXPECT_TRUE(has_text(ours, "I speak protocol 0"));
}

TEST(WorkerProcessTest, UnprintableBytesOfALogDoNotReachARecord) {
  const auto message =
      hello_failure(shell(R"(printf 'bad \377\376 bytes' >&2; exit 1)"), ErrorCode::io);
  EXPECT_TRUE(has_text(message, "bad \xEF\xBF\xBD\xEF\xBF\xBD bytes"));
}

TEST(WorkerProcessTest, AnInterruptionEndsEveryWait) {
  bool stop = false;
  WorkerProcess worker(fake, patient, [&] { return stop; });
  stop = true;
  const auto answer = worker.load({.model = "hang-at-load.onnx"});
  EXPECT_TRUE(has_text(std::get<WorkerFailure>(answer).message, "interrupted"));
  EXPECT_FALSE(worker.alive());
}

TEST(WorkerProcessTest, ADeadWorkerAnswersThatItIsDead) {
  WorkerProcess worker(fake, patient);
  worker.load({.model = "exit-at-load.onnx"});
  ASSERT_FALSE(worker.alive());
  const auto again = worker.run({.batch = 1}, [](Instant) {});
  EXPECT_EQ(std::get<WorkerFailure>(again).kind, protocol::FailureKind::died);
}

// The request does not fit into the pipe and nobody reads it.
TEST(WorkerProcessTest, AWorkerThatDoesNotReadBlocksNobody) {
  WorkerProcess worker(
      shell(R"(read line; echo '{"hello":{"worker":"w","version":"1","devices":[],)"
            R"("precisions":[]}}'; sleep 60)"),
      {.hello = Seconds(30), .load = Seconds(0.3), .quit = Seconds(0.0)});
  const auto answer = worker.load({.model = std::string(500'000, 'm')});
  EXPECT_TRUE(has_text(std::get<WorkerFailure>(answer).message, "expected `loaded` within 0.3 s"));
}

}  // namespace
}  // namespace wattfor::worker_process_test
