#include "bench/worker.h"

#include <numeric>

#include "units/quantity.h"

namespace wattfor {

std::int64_t RunMarks::batches() const {
  return std::accumulate(count.begin(), count.end(), std::int64_t{0});
}

Seconds RunMarks::duration() const { return end.empty() ? Seconds(0.0) : end.back() - started; }

}  // namespace wattfor
