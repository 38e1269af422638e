#include "recording/log_holes.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace wattfor {
namespace {

constexpr Seconds ever{HUGE_VAL};

// Why the log has nothing between two readings.
std::string reason_of(const NvidiaSmiLog& log, Seconds from, Seconds to) {
  const auto gap = std::ranges::lower_bound(log.gaps, from, {}, &LogGap::from);
  if (gap != log.gaps.end() && gap->from < to) return gap->reason;
  return fmt::format("no line for {:.3g} s", (to - from).count());
}

}  // namespace

LogHoles::LogHoles(const NvidiaSmiLog& log, Seconds longest) {
  const auto& polls = log.polls;
  holes_.push_back({-ever, polls.front().time, "before the log begins"});
  for (std::size_t i = 1; i < polls.size(); ++i) {
    const Seconds from = polls[i - 1].time;
    const Seconds to = polls[i].time;
    if (to - from > longest) holes_.push_back({from, to, reason_of(log, from, to)});
  }
  holes_.push_back({polls.back().time, ever, "after the log ends"});
}

std::vector<Gap> LogHoles::in(Seconds from, Seconds to) const {
  std::vector<Gap> gaps;
  for (auto hole = std::ranges::upper_bound(holes_, from, {}, &LogGap::to);
       hole != holes_.end() && hole->from < to; ++hole) {
    const Seconds begin = std::max(from, hole->from);
    const Seconds end = std::min(to, hole->to);
    gaps.push_back({.start = begin - from, .duration = end - begin, .reason = hole->reason});
  }
  return gaps;
}

}  // namespace wattfor
