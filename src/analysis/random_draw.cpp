#include "analysis/random_draw.h"

#include <cstdint>
#include <limits>

namespace wattfor {

std::size_t draw_below(std::size_t count, std::mt19937_64& random) {
  const std::uint64_t rest = (std::numeric_limits<std::uint64_t>::max() % count + 1) % count;
  std::uint64_t drawn = random();
  while (drawn > std::numeric_limits<std::uint64_t>::max() - rest) drawn = random();
  return drawn % count;
}

}  // namespace wattfor
