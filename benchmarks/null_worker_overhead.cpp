// What measuring costs the measured: batches per second of the null worker (1 ms a batch) in a
// child process, under the worker protocol and with a meter sampling, against the same work in a
// bare loop. Interleaved pairs, the order swapped each time; prints one JSON object.
//
//   null_worker_overhead SECONDS     of one run of a pair

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "bench/worker_process.h"
#include "bench/worker_server.h"
#include "meter/machine.h"
#include "meter/meter.h"
#include "workers/null/null_backend.h"

namespace {

constexpr int pairs = 7;

double bare_batches_per_second(wattfor::Seconds duration) {
  const auto backend = wattfor::make_null_backend();
  backend->load({});
  backend->prepare(1);
  const auto start = std::chrono::steady_clock::now();
  const auto end = start + std::chrono::ceil<std::chrono::nanoseconds>(duration);
  std::int64_t batches = 0;
  auto now = start;
  while (now < end) {
    backend->run_batch();
    ++batches;
    now = std::chrono::steady_clock::now();
  }
  return static_cast<double>(batches) / wattfor::Seconds(now - start).count();
}

double worker_batches_per_second(wattfor::Worker& worker, wattfor::Seconds duration) {
  const wattfor::protocol::Run run{.batch = 1, .min_batches = 1, .min_seconds = duration.count()};
  const auto answer = worker.run(run, [](wattfor::Instant) {});
  if (const auto* failure = std::get_if<wattfor::WorkerFailure>(&answer)) {
    throw wattfor::Error(wattfor::ErrorCode::io, failure->message);
  }
  const auto& marks = std::get<wattfor::RunMarks>(answer);
  return static_cast<double>(marks.batches()) / marks.duration().count();
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

}  // namespace

int main(int argc, char** argv) {
  const wattfor::Seconds duration(argc > 1 ? std::atof(argv[1]) : 3.0);
  const std::string program =
      (std::filesystem::read_symlink("/proc/self/exe").parent_path() / "wattfor").string();
  const wattfor::SystemClock clock;
  wattfor::Meter meter(wattfor::devices_to_meter(wattfor::roots_from_environment()).devices, clock,
                       {.interval = wattfor::Seconds(0.05), .scope = wattfor::Scope::everything});
  meter.start();
  wattfor::WorkerProcess worker({program, "worker", "null"});
  worker.load({});

  std::vector<double> bare;
  std::vector<double> ratios;
  for (int pair = 0; pair < pairs; ++pair) {
    const bool bare_first = pair % 2 == 0;
    double in_the_loop = bare_first ? bare_batches_per_second(duration) : 0.0;
    const double in_the_worker = worker_batches_per_second(worker, duration);
    if (!bare_first) in_the_loop = bare_batches_per_second(duration);
    bare.push_back(in_the_loop);
    ratios.push_back(in_the_worker / in_the_loop);
  }
  fmt::print("{{\"bare_per_s\": {}, \"median_ratio\": {}, \"ratios\": [{}], \"pairs\": {}}}\n",
             median(bare), median(ratios), fmt::join(ratios, ", "), pairs);
  return 0;
}
