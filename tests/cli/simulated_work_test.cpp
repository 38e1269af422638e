#include "cli/simulated_work.h"

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <stdexcept>
#include <utility>
#include <variant>

namespace wattfor::cli::simulated_work_test {
namespace {

class RecordedLoad final : public SimulatedLoad {
 public:
  void begin_work(Instant /*time*/, double /*share*/) override { works = true; }
  void end_work(Instant /*time*/) override { works = false; }
  Joules energy(Instant /*from*/, Instant /*to*/) override { return Joules(0.0); }

  bool works = false;
};

// Starts its run and does as it is told then.
class StartingWorker final : public Worker {
 public:
  explicit StartingWorker(std::function<void()> then) : then_(std::move(then)) {}
  const protocol::HelloReply& hello() const override { return hello_; }
  std::variant<protocol::Loaded, WorkerFailure> load(const protocol::Load& /*load*/) override {
    return protocol::Loaded{};
  }
  std::variant<RunMarks, WorkerFailure> run(
      const protocol::Run& /*run*/, const std::function<void(Instant)>& on_started) override {
    on_started(Instant{});
    then_();
    return RunMarks{};
  }

 private:
  protocol::HelloReply hello_;
  std::function<void()> then_;
};

TEST(DrivingWorkerTest, TheLoadIsOnDuringTheRunAndOffAfterIt) {
  const auto load = std::make_shared<RecordedLoad>();
  bool during = false;
  const auto worker =
      driving(std::make_unique<StartingWorker>([&] { during = load->works; }), load);
  worker->run({}, [](Instant) {});
  EXPECT_TRUE(during);
  EXPECT_FALSE(load->works);
}

TEST(DrivingWorkerTest, ARunThatThrowsLeavesNoLoadOn) {
  const auto load = std::make_shared<RecordedLoad>();
  const auto worker = driving(
      std::make_unique<StartingWorker>([] { throw std::runtime_error("out of memory"); }), load);
  EXPECT_THROW(worker->run({}, [](Instant) {}), std::runtime_error);
  EXPECT_FALSE(load->works);
}

}  // namespace
}  // namespace wattfor::cli::simulated_work_test
