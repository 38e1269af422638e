// A program that computes and does nothing else, for what a meter around it costs: a fixed number
// of steps on one thread. Prints one JSON object: the time that the steps took, process start left
// out, and the CPU time of the whole process.
//
//   fixed_work STEPS

#include <fmt/format.h>
#include <sys/resource.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

namespace {

// 256 KiB: work whose place in a core's own caches can be lost to another program.
std::array<std::uint64_t, 1U << 15U> table{};

// Each step hangs on the one before (xorshift64: Marsaglia, "Xorshift RNGs", 2003), so that nothing
// overlaps and nothing can be left out.
std::uint64_t work(std::uint64_t steps) {
  std::uint64_t state = 88172645463325252U;
  for (std::uint64_t i = 0; i < steps; ++i) {
    state ^= state << 13U;
    state ^= state >> 7U;
    state ^= state << 17U;
    std::uint64_t& place = table[static_cast<std::size_t>(state % table.size())];
    place += state;
    state += place;
    if (state == 0) state = 1;  // where xorshift would stay
  }
  return state;
}

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
}

}  // namespace

int main(int argc, char** argv) {
  const std::uint64_t steps = std::strtoull(argc > 1 ? argv[1] : "100000000", nullptr, 10);
  const auto start = std::chrono::steady_clock::now();
  const std::uint64_t checksum = work(steps);
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  fmt::print("{{\"elapsed_s\": {}, \"cpu_s\": {}, \"checksum\": \"{:x}\"}}\n", elapsed.count(),
             seconds(used.ru_utime) + seconds(used.ru_stime), checksum);
  return 0;
}
