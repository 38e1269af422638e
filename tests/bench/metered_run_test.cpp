#include "bench/metered_run.h"

#include <gtest/gtest.h>

#include "support/simulated_worker.h"

namespace wattfor::metered_run_test {
namespace {

// Its counter shows every 100 ms what it has counted: the end of a run is known only later.
TEST(MeteredRunTest, AnInterruptionWhileTheSensorsCatchUpIsAFailure) {
  test::SimulatedMachine machine(Watts(10), std::chrono::milliseconds(100));
  test::SimulatedWork work;
  test::SimulatedWorker worker(machine, {}, work);
  Pace pace = machine.pace();
  int pauses = 0;
  pace.pause = [&](Seconds duration) {
    ++pauses;
    machine.stop = true;
    machine.pace().pause(duration);
  };
  const RunMeter run_meter(machine.meter(), pace);
  const auto answer = run_meter.run(worker, {.batch = 1, .min_seconds = 0.05});
  EXPECT_EQ(pauses, 1);
  ASSERT_TRUE(std::holds_alternative<WorkerFailure>(answer));
  EXPECT_EQ(std::get<WorkerFailure>(answer).message, "interrupted");
}

}  // namespace
}  // namespace wattfor::metered_run_test
