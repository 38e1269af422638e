#include "bench/worker_server.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <functional>
#include <new>
#include <numeric>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/file.h"
#include "base/unique_fd.h"
#include "bench/protocol.h"
#include "support/text.h"

namespace wattfor::worker_server_test {
namespace {

using test::has_text;

using protocol::Batches;
using protocol::Failed;
using protocol::FailureKind;
using protocol::Finished;
using protocol::Load;
using protocol::Loaded;
using protocol::Reply;
using protocol::Started;

// Computes nothing; a test says what its steps answer.
struct ScriptedBackend final : Backend {
  std::function<std::variant<Loaded, Failed>()> on_load = [] { return Loaded{}; };
  std::function<std::optional<Failed>(int)> on_prepare = [](int) { return std::nullopt; };
  std::function<std::optional<Failed>()> on_batch = [] { return std::nullopt; };
  int batches = 0;

  protocol::HelloReply hello() const override { return {"scripted", "1", {"cpu"}, {"fp32"}}; }
  std::variant<Loaded, Failed> load(const Load&) override { return on_load(); }
  std::optional<Failed> prepare(int batch) override { return on_prepare(batch); }
  std::optional<Failed> run_batch() override {
    ++batches;
    return on_batch();
  }
  std::optional<double> memory_bytes() const override { return 4096.0; }
};

std::pair<UniqueFd, UniqueFd> make_pipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("pipe2 failed");
  return {UniqueFd(ends[0]), UniqueFd(ends[1])};
}

// serve() in a thread of its own, and wattfor's side of the conversation.
class WorkerServerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto [requests_out, requests_in] = make_pipe();
    auto [replies_out, replies_in] = make_pipe();
    requests_ = std::move(requests_in);
    replies_ = std::move(replies_out);
    server_ = std::thread([this, input = std::move(requests_out), output = std::move(replies_in)] {
      status_ = serve(backend_, input.get(), output.get());
    });
  }

  void TearDown() override {
    if (server_.joinable()) end();
  }

  // Ends the input and answers serve()'s status.
  int end() {
    requests_.reset();
    server_.join();
    return status_;
  }

  void send_line(const std::string& line) { write_all(requests_.get(), line + "\n"); }
  void send(const protocol::Request& request) { send_line(protocol::line_of(request)); }

  Reply receive() {
    std::string line;
    char byte = 0;
    while (::read(replies_.get(), &byte, 1) == 1 && byte != '\n') line += byte;
    return protocol::parse_reply(line);
  }

  template <class Wanted>
  Wanted receive_only() {
    return std::get<Wanted>(receive());
  }

  void load() {
    send(Load{.model = "m"});
    receive_only<Loaded>();
  }

  // The rest of a run after `started`, its messages joined.
  Batches receive_run() {
    Batches all;
    for (;;) {
      const Reply reply = receive();
      if (std::holds_alternative<Finished>(reply)) return all;
      const auto& batches = std::get<Batches>(reply);
      all.count.insert(all.count.end(), batches.count.begin(), batches.count.end());
      all.end_ns.insert(all.end_ns.end(), batches.end_ns.begin(), batches.end_ns.end());
    }
  }

  ScriptedBackend backend_;
  UniqueFd requests_;
  UniqueFd replies_;

 private:
  std::thread server_;
  int status_ = -1;
};

TEST_F(WorkerServerTest, SaysHello) {
  send(protocol::Hello{});
  EXPECT_EQ(receive_only<protocol::HelloReply>().worker, "scripted");
}

TEST_F(WorkerServerTest, RefusesAHigherProtocolAndNamesBothNumbers) {
  send_line(R"({"hello":{"protocol":2}})");
  const auto failed = receive_only<Failed>();
  EXPECT_EQ(failed.kind, FailureKind::unsupported);
  EXPECT_TRUE(has_text(failed.message, "wattfor speaks protocol 2, this worker protocol 1"));
}

TEST_F(WorkerServerTest, KnowsNoModelsByName) {
  send(protocol::List{"timm:resnet50"});
  const auto failed = receive_only<Failed>();
  EXPECT_EQ(failed.kind, FailureKind::unsupported);
  EXPECT_TRUE(has_text(failed.message, "knows no models by name: 'timm:resnet50'"));
}

TEST_F(WorkerServerTest, HandsOnWhatTheBackendLoaded) {
  backend_.on_load = [] {
    return Loaded{{{"x", {std::nullopt, 8}, "float32"}}, -1.0, R"({"a":1})"};
  };
  send(Load{.model = "m"});
  const auto loaded = receive_only<Loaded>();
  EXPECT_EQ(loaded.inputs.at(0).name, "x");
  EXPECT_EQ(loaded.settings_json, R"({"a":1})");
  EXPECT_GE(loaded.seconds, 0.0);  // serve()'s own measurement, not the backend's -1
}

TEST_F(WorkerServerTest, RunsNothingBeforeAModelIsLoaded) {
  send(protocol::Run{});
  EXPECT_TRUE(has_text(receive_only<Failed>().message, "no model is loaded"));
  backend_.on_load = [] { return Failed{FailureKind::unsupported, "strings"}; };
  send(Load{.model = "m"});
  EXPECT_EQ(receive_only<Failed>().kind, FailureKind::unsupported);
  send(protocol::Run{});
  EXPECT_TRUE(has_text(receive_only<Failed>().message, "no model is loaded"));
}

TEST_F(WorkerServerTest, CountsEveryBatchOfARunInEntriesAtLeastAMillisecondApart) {
  load();
  send(protocol::Run{.batch = 4, .min_batches = 50, .min_seconds = 0.005});
  std::int64_t previous = receive_only<Started>().t_ns;
  const std::int64_t started = previous;
  const Batches run = receive_run();
  ASSERT_FALSE(run.count.empty());
  for (const std::int64_t end : run.end_ns) {
    EXPECT_GE(end - previous, 1'000'000);
    previous = end;
  }
  EXPECT_EQ(std::accumulate(run.count.begin(), run.count.end(), std::int64_t{0}), backend_.batches);
  EXPECT_GE(backend_.batches, 50);
  EXPECT_GE(previous - started, 5'000'000);
}

TEST_F(WorkerServerTest, TellsTheMemoryAtTheEndOfARun) {
  load();
  send(protocol::Run{.batch = 4});
  receive_only<Started>();
  receive_only<Batches>();
  EXPECT_EQ(receive_only<Finished>().memory_bytes, 4096.0);
}

TEST_F(WorkerServerTest, EndsARunAtItsGreatestLengthHoweverManyBatchesAreMissing) {
  load();
  send(protocol::Run{.min_batches = 1'000'000'000'000, .min_seconds = 0.0, .max_seconds = 0.002});
  receive_only<Started>();
  EXPECT_FALSE(receive_run().count.empty());
}

TEST_F(WorkerServerTest, EndsARunThatIsToldToStop) {
  load();
  send(protocol::Run{.min_batches = 1'000'000'000'000});
  receive_only<Started>();
  send(protocol::Stop{});
  EXPECT_FALSE(receive_run().count.empty());
  // The stop is used up: the next run is whole.
  send(protocol::Run{.min_batches = 1});
  receive_only<Started>();
  receive_run();
}

TEST_F(WorkerServerTest, IgnoresAStopThatComesAfterTheRun) {
  load();
  send(protocol::Stop{});
  send(protocol::Hello{});
  receive_only<protocol::HelloReply>();
}

TEST_F(WorkerServerTest, AnswersOtherRequestsAfterTheRun) {
  load();
  send(protocol::Run{.min_batches = 1, .min_seconds = 0.15});
  send(protocol::Hello{});
  receive_only<Started>();
  receive_run();
  receive_only<protocol::HelloReply>();
}

TEST_F(WorkerServerTest, WarmsUpWithoutMarks) {
  load();
  send(protocol::Run{.batch = 4, .warm_up = true});
  receive_only<Finished>();
  EXPECT_GE(backend_.batches, 1);
}

TEST_F(WorkerServerTest, LivesOnAfterRunningOutOfMemory) {
  backend_.on_prepare = [](int batch) -> std::optional<Failed> {
    if (batch < 64) return std::nullopt;
    throw std::bad_alloc();
  };
  load();
  send(protocol::Run{.batch = 64, .warm_up = true});
  EXPECT_EQ(receive_only<Failed>().kind, FailureKind::out_of_memory);
  send(protocol::Run{.batch = 32, .warm_up = true});
  receive_only<Finished>();
}

TEST_F(WorkerServerTest, ReportsABatchThatFailsInTheMiddleOfARun) {
  backend_.on_batch = [this]() -> std::optional<Failed> {
    if (backend_.batches < 3) return std::nullopt;
    return Failed{FailureKind::error, "the third batch"};
  };
  load();
  send(protocol::Run{.min_batches = 1'000'000'000'000});
  receive_only<Started>();
  EXPECT_EQ(receive_only<Failed>().message, "the third batch");
}

TEST_F(WorkerServerTest, TurnsWhatTheBackendThrowsIntoAFailure) {
  backend_.on_load = []() -> Loaded { throw Error(ErrorCode::unsupported, "no such device"); };
  send(Load{.model = "m"});
  EXPECT_EQ(receive_only<Failed>().kind, FailureKind::unsupported);
  backend_.on_load = []() -> Loaded { throw std::runtime_error("broken"); };
  send(Load{.model = "m"});
  const auto failed = receive_only<Failed>();
  EXPECT_EQ(failed.kind, FailureKind::error);
  EXPECT_EQ(failed.message, "broken");
}

TEST_F(WorkerServerTest, AnswersARequestItDoesNotUnderstandAndGoesOn) {
  send_line("what?");
  EXPECT_TRUE(has_text(receive_only<Failed>().message, "it is not JSON"));
  send(protocol::Hello{});
  receive_only<protocol::HelloReply>();
}

TEST_F(WorkerServerTest, EndsWithItsInput) { EXPECT_EQ(end(), 0); }

TEST_F(WorkerServerTest, EndsWhenToldToQuit) {
  send(protocol::Quit{});
  char byte = 0;
  EXPECT_EQ(::read(replies_.get(), &byte, 1), 0);
  EXPECT_EQ(end(), 0);
}

TEST_F(WorkerServerTest, GivesUpOnALineWithoutEnd) {
  try {
    for (std::size_t sent = 0; sent <= protocol::longest_line; sent += 65536) {
      write_all(requests_.get(), std::string(65536, 'x'));
    }
  } catch (const Error&) {  // it may have gone before the last piece
  }
  EXPECT_TRUE(has_text(receive_only<Failed>().message, "longer than 1048576 bytes"));
  EXPECT_EQ(end(), 1);
}

TEST_F(WorkerServerTest, EndsWhenNobodyReadsItsReplies) {
  load();
  send(protocol::Run{.min_batches = 1'000'000'000'000});
  receive_only<Started>();
  replies_.reset();
  EXPECT_EQ(end(), 1);
}

}  // namespace
}  // namespace wattfor::worker_server_test
