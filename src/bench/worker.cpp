#include "bench/worker.h"

#include <fmt/format.h>

#include <numeric>

#include "units/quantity.h"

namespace wattfor {

std::variant<protocol::Listed, WorkerFailure> Worker::list(const protocol::List& list) {
  return WorkerFailure{protocol::FailureKind::unsupported,
                       fmt::format("the worker {} knows no models by name: '{}'; give model files",
                                   hello().worker, list.models)};
}

std::int64_t RunMarks::batches() const {
  return std::accumulate(count.begin(), count.end(), std::int64_t{0});
}

Seconds RunMarks::duration() const { return end.empty() ? Seconds(0.0) : end.back() - started; }

}  // namespace wattfor
