#include "base/forks.h"

#include <pthread.h>

#include <atomic>

#include "base/error.h"

namespace wattfor {
namespace {

std::atomic<std::uint64_t> generation{0};

void count_fork() { generation.fetch_add(1, std::memory_order_relaxed); }

}  // namespace

std::uint64_t fork_generation() {
  // A fork made by a library in C passes none of Python's hooks, but this one.
  static const int watching = pthread_atfork(nullptr, nullptr, count_fork);
  (void)watching;
  return generation.load(std::memory_order_relaxed);
}

void refuse_forked() {
  throw Error(ErrorCode::unsupported,
              "what was measured when this process was forked is its parent's to measure; the "
              "child's copy has no energy");
}

}  // namespace wattfor
