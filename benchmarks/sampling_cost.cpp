// The CPU time that sampling counter files takes, at 100 Hz and at 1 kHz: a meter with a window
// open on the counters of a powercap tree, against a bare loop that reads the same files on the
// same deadlines and one that only wakes on them, which is what the machine takes for itself. The
// three run in turn. The files are rewritten once a millisecond, as a real counter is another one
// at every look; the thread that does so is not counted. Prints one JSON object.
//
//   sampling_cost SYSFS SECONDS     of one run
//
// A share is CPU time (CLOCK_PROCESS_CPUTIME_ID less that of the rewriting thread) over wall-clock
// time. A regular file is read quicker than a real energy_uj, whose read reaches for a register of
// the package.

#include <fcntl.h>
#include <fmt/format.h>
#include <pthread.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "base/unique_fd.h"
#include "meter/meter.h"
#include "sensor/rapl.h"

namespace {

using wattfor::Instant;
using wattfor::Seconds;

constexpr int runs = 5;  // of each
// Until the meter's thread has started and the window's edge has had its samples.
constexpr Seconds settling{0.1};
constexpr std::array rates_hz{100, 1000};

Instant::duration ticks(Seconds duration) {
  return std::chrono::duration_cast<Instant::duration>(duration);
}

wattfor::UniqueFd open_file(const std::string& path, int flags) {
  wattfor::UniqueFd file(::open(path.c_str(), flags | O_CLOEXEC));
  if (file.get() < 0) throw wattfor::Error(wattfor::ErrorCode::io, path + ": can't be opened");
  return file;
}

std::vector<wattfor::UniqueFd> open_all(const std::vector<std::string>& paths, int flags) {
  std::vector<wattfor::UniqueFd> files;
  files.reserve(paths.size());
  for (const std::string& path : paths) files.push_back(open_file(path, flags));
  return files;
}

// The files of all counters that the tree has.
std::vector<std::string> counter_files(const std::string& sysfs) {
  std::vector<std::string> files;
  for (const auto& device : wattfor::find_rapl(sysfs, "no-procfs", nullptr).devices) {
    for (const auto& sensor : device->sensors()) files.push_back(sensor->info().source);
  }
  return files;
}

Seconds cpu_time(clockid_t clock) {
  timespec time{};
  clock_gettime(clock, &time);
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

// Counters that rise by 50 W, rewritten by a thread of its own as long as this lives.
class MovingCounters {
 public:
  explicit MovingCounters(const std::vector<std::string>& paths)
      : files_(open_all(paths, O_WRONLY)), thread_([this] { run(); }) {
    pthread_getcpuclockid(thread_.native_handle(), &cpu_clock_);
  }
  MovingCounters(const MovingCounters&) = delete;
  MovingCounters& operator=(const MovingCounters&) = delete;
  ~MovingCounters() {
    stopping_ = true;
    thread_.join();
  }

  Seconds cpu_time_used() const { return cpu_time(cpu_clock_); }

 private:
  void run() const {
    std::uint64_t microjoules = 10'000'000'000;  // as many digits from the first to the last
    Instant deadline = std::chrono::steady_clock::now();
    while (!stopping_) {
      const std::string text = fmt::format("{}\n", microjoules);
      for (const auto& file : files_) {
        if (::pwrite(file.get(), text.data(), text.size(), 0) < 0) std::abort();
      }
      microjoules += 50'000;
      deadline += std::chrono::milliseconds(1);
      std::this_thread::sleep_until(deadline);
    }
  }

  std::vector<wattfor::UniqueFd> files_;
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
  clockid_t cpu_clock_{};
};

struct Cost {
  double share = 0.0;         // of one core
  double rounds_per_s = 0.0;  // that were really read
};

// What goes on while `body` runs, which answers how many rounds it has seen.
Cost cost_of(const MovingCounters& counters, const std::function<double()>& body) {
  const auto used = [&] { return cpu_time(CLOCK_PROCESS_CPUTIME_ID) - counters.cpu_time_used(); };
  const Instant start = std::chrono::steady_clock::now();
  const Seconds before = used();
  const double rounds = body();
  const Seconds cpu = used() - before;
  const Seconds duration = std::chrono::steady_clock::now() - start;
  return {.share = cpu / duration, .rounds_per_s = rounds / duration.count()};
}

Cost meter_cost(const MovingCounters& counters, const std::string& sysfs, Seconds interval,
                Seconds duration) {
  const wattfor::SystemClock clock;
  wattfor::Meter meter(wattfor::find_rapl(sysfs, "no-procfs", nullptr).devices, clock,
                       {.interval = interval});
  std::atomic<int> readings = 0;
  meter.observe([&readings](const wattfor::Sample&) { ++readings; });
  std::size_t sensors = 0;
  for (const auto& device : meter.devices()) sensors += device->sensors().size();
  meter.start();
  meter.begin();
  std::this_thread::sleep_for(settling);
  const Cost cost = cost_of(counters, [&] {
    const int before = readings;
    std::this_thread::sleep_for(duration);
    return (readings - before) / static_cast<double>(sensors);
  });
  meter.stop();
  return cost;
}

// A loop that reads `paths` at each deadline and does nothing else.
Cost loop_cost(const MovingCounters& counters, const std::vector<std::string>& paths,
               Seconds interval, Seconds duration) {
  const auto files = open_all(paths, O_RDONLY);
  return cost_of(counters, [&] {
    std::array<char, 64> text{};
    double rounds = 0.0;
    Instant deadline = std::chrono::steady_clock::now();
    const Instant end = deadline + ticks(duration);
    while (deadline < end) {
      for (const auto& file : files) {
        if (::pread(file.get(), text.data(), text.size(), 0) < 0) std::abort();
      }
      ++rounds;
      deadline += ticks(interval);
      std::this_thread::sleep_until(deadline);
    }
    return rounds;
  });
}

Cost median(std::vector<Cost> costs) {
  std::ranges::sort(costs, {}, &Cost::share);
  return costs[costs.size() / 2];
}

std::string to_json(const Cost& cost) {
  return fmt::format("{{\"share\": {}, \"rounds_per_s\": {}}}", cost.share, cost.rounds_per_s);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    fmt::print(stderr, "usage: sampling_cost SYSFS SECONDS\n");
    return 2;
  }
  const std::string sysfs = argv[1];
  const Seconds duration(std::strtod(argv[2], nullptr));
  const std::vector<std::string> paths = counter_files(sysfs);
  const MovingCounters counters(paths);

  std::vector<std::string> rates;
  for (const int hz : rates_hz) {
    const Seconds interval(1.0 / hz);
    std::vector<Cost> meter;
    std::vector<Cost> reading;
    std::vector<Cost> waking;
    for (int run = 0; run < runs; ++run) {
      meter.push_back(meter_cost(counters, sysfs, interval, duration));
      reading.push_back(loop_cost(counters, paths, interval, duration));
      waking.push_back(loop_cost(counters, {}, interval, duration));
    }
    rates.push_back(fmt::format("{{\"hz\": {}, \"meter\": {}, \"reading\": {}, \"waking\": {}}}",
                                hz, to_json(median(meter)), to_json(median(reading)),
                                to_json(median(waking))));
  }
  fmt::print("{{\"counters\": {}, \"runs\": {}, \"rates\": [{}]}}\n", paths.size(), runs,
             fmt::join(rates, ", "));
  return 0;
}
