#include "calibration/cpu_load.h"

#include <fmt/format.h>
#include <pthread.h>
#include <sched.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <string>
#include <system_error>
#include <thread>

#include "base/error.h"

namespace wattfor {
namespace {

constexpr std::size_t lanes = 64;
constexpr int rounds = 256;  // some microseconds: a switch is noticed after that

using Lanes = std::array<float, lanes>;

// Chains of dependent multiply-adds, enough of them to fill the vector units. The numbers neither
// grow nor become denormal.
[[gnu::always_inline]] inline void multiply_add(Lanes& values) {
  for (int round = 0; round < rounds; ++round) {
    for (float& value : values) value = value * 0.999F + 0.001F;
  }
}

using Work = void (*)(Lanes&);

void baseline_kernel(Lanes& values) { multiply_add(values); }

#if defined(__x86_64__)
[[gnu::target("avx2,fma")]] void avx2_kernel(Lanes& values) { multiply_add(values); }
[[gnu::target("avx512f")]] void avx512_kernel(Lanes& values) { multiply_add(values); }

Work widest_kernel() {
  if (__builtin_cpu_supports("avx512f")) return avx512_kernel;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return avx2_kernel;
  return baseline_kernel;
}
#else
Work widest_kernel() { return baseline_kernel; }
#endif

void stay_on(int processor) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(processor, &set);
  // Where it fails the thread works all the same, on some processor.
  ::pthread_setaffinity_np(::pthread_self(), sizeof set, &set);
}

enum class Command { rest, work, leave };

class CpuLoad final : public CalibrationLoad {
 public:
  explicit CpuLoad(const std::vector<int>& processors) {
    try {
      for (const int processor : processors) {
        threads_.emplace_back([this, processor] { run(processor); });
      }
    } catch (const std::system_error& error) {
      end();
      throw Error(ErrorCode::unsupported, fmt::format("a thread for each of {} processors: {}",
                                                      processors.size(), error.what()));
    }
  }
  CpuLoad(const CpuLoad&) = delete;
  CpuLoad& operator=(const CpuLoad&) = delete;
  ~CpuLoad() override { end(); }

  std::string description() const override {
    return fmt::format("{} processor{} computing", threads_.size(),
                       threads_.size() == 1 ? "" : "s");
  }
  void switch_on() override { tell(Command::work); }
  void switch_off() override { tell(Command::rest); }

 private:
  void end() {
    tell(Command::leave);
    for (std::thread& thread : threads_) thread.join();
  }

  void tell(Command command) {
    command_ = command;
    command_.notify_all();
  }

  void run(int processor) {
    stay_on(processor);
    const Work kernel = widest_kernel();
    Lanes values{};
    while (true) {
      command_.wait(Command::rest);
      const Command command = command_;
      if (command == Command::leave) break;
      if (command == Command::work) kernel(values);
    }
    result_ = values[0];  // so that the work is not optimised away
  }

  std::atomic<Command> command_ = Command::rest;
  std::atomic<float> result_ = 0.0F;
  std::vector<std::thread> threads_;
};

}  // namespace

std::vector<int> allowed_processors() {
  cpu_set_t set;
  CPU_ZERO(&set);
  std::vector<int> processors;
  if (::sched_getaffinity(0, sizeof set, &set) != 0) return processors;
  for (int i = 0; i < CPU_SETSIZE; ++i) {
    if (CPU_ISSET(i, &set)) processors.push_back(i);
  }
  return processors;
}

std::unique_ptr<CalibrationLoad> cpu_load(const std::vector<int>& processors) {
  if (processors.empty()) throw Error(ErrorCode::usage, "a load on no processor");
  const std::vector<int> allowed = allowed_processors();
  for (const int processor : processors) {
    if (std::ranges::find(allowed, processor) == allowed.end()) {
      throw Error(ErrorCode::usage, fmt::format("processor {}: this process may run on {}",
                                                processor, fmt::join(allowed, ", ")));
    }
  }
  return std::make_unique<CpuLoad>(processors);
}

}  // namespace wattfor
