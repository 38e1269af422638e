#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <string_view>
#include <vector>

#include "report/top_text.h"

namespace wattfor {
namespace {

constexpr std::array<std::string_view, 8> block_signs{"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
constexpr std::array<std::string_view, 5> ascii_signs{"_", ".", "-", "=", "#"};

std::string_view sign_of(double share, bool unicode) {
  const auto pick = [share](const auto& signs) {
    const auto last = static_cast<double>(signs.size() - 1);
    return signs[static_cast<std::size_t>(std::lround(std::clamp(share, 0.0, 1.0) * last))];
  };
  return unicode ? pick(block_signs) : pick(ascii_signs);
}

struct Mean {
  Joules energy;
  Seconds seen{0.0};
};

}  // namespace

std::string sparkline(const std::deque<PowerPoint>& history, Instant end, int width, bool unicode) {
  if (width <= 0) return "";
  // Columns stand on a grid of time, so that the line moves by whole columns and its past does not
  // change.
  const Seconds column = top_history / width;
  const auto column_of = [column](Instant time) {
    return static_cast<std::int64_t>(std::floor(Seconds(time.time_since_epoch()) / column));
  };
  const std::int64_t first = column_of(end - std::chrono::nanoseconds(1)) - width + 1;
  std::vector<Mean> means(static_cast<std::size_t>(width));
  for (const PowerPoint& point : history) {
    if (!point.power) continue;
    const Seconds to = point.end.time_since_epoch();
    const Seconds from = to - point.duration;
    for (int i = 0; i < width; ++i) {
      const Seconds left = static_cast<double>(first + i) * column;
      const Seconds seen = std::min(to, left + column) - std::max(from, left);
      if (seen <= Seconds(0.0)) continue;
      means[static_cast<std::size_t>(i)].energy += *point.power * seen;
      means[static_cast<std::size_t>(i)].seen += seen;
    }
  }
  // A sliver of an interval at a column's edge is no power of that column.
  const auto seen_enough = [column](const Mean& mean) { return mean.seen > 0.01 * column; };
  Watts highest;
  for (const Mean& mean : means) {
    if (seen_enough(mean)) highest = std::max(highest, mean.energy / mean.seen);
  }
  std::string line;
  for (const Mean& mean : means) {
    if (!seen_enough(mean)) {
      line += ' ';
    } else {
      const Watts power = mean.energy / mean.seen;
      line += sign_of(highest > Watts(0.0) ? power / highest : 0.0, unicode);
    }
  }
  return line;
}

}  // namespace wattfor
