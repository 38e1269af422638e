#include "bench/batch_search.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <limits>
#include <utility>

namespace wattfor {

BatchSearch::BatchSearch(std::vector<int> grid, double target)
    : grid_(std::move(grid)), target_(target) {
  std::ranges::sort(grid_);
  grid_.erase(std::unique(grid_.begin(), grid_.end()), grid_.end());
}

std::optional<int> BatchSearch::best() const {
  const auto least = std::ranges::min_element(
      measured_, {}, [](const auto& size_and_energy) { return size_and_energy.second; });
  if (least == measured_.end()) return std::nullopt;
  return least->first;
}

std::optional<int> BatchSearch::next() const {
  if (const auto coarse = next_coarse()) return coarse;
  return next_between();
}

std::optional<int> BatchSearch::next_coarse() const {
  const auto winner = best();
  int high_in_a_row = 0;  // above the best size
  for (std::size_t i = 0; i < grid_.size(); ++i) {
    if (i % 2 == 1 && i + 1 != grid_.size()) continue;
    if (open(grid_[i])) return grid_[i];
    const auto energy = measured_.find(grid_[i]);
    if (energy == measured_.end() || !winner || grid_[i] <= *winner) continue;
    const bool high = energy->second > (1.0 + clear_rise) * measured_.at(*winner);
    high_in_a_row = high ? high_in_a_row + 1 : 0;
    if (high_in_a_row == 2) return std::nullopt;
  }
  return std::nullopt;
}

std::optional<int> BatchSearch::next_between() const {
  if (measured_.empty()) {
    const auto first = std::ranges::find_if(grid_, [&](int size) { return open(size); });
    return first == grid_.end() ? std::nullopt : std::optional(*first);
  }
  const double to_beat = measured_.at(*best()) * (1.0 - target_);
  std::optional<int> choice;
  double lowest = std::numeric_limits<double>::infinity();
  for (const int size : grid_) {
    if (!open(size)) continue;
    const double neighbour = lower_neighbour(size);
    if (neighbour * (1.0 - deepest_dip) < to_beat && neighbour < lowest) {
      lowest = neighbour;
      choice = size;
    }
  }
  return choice;
}

bool BatchSearch::open(int batch) const {
  return !answered_.contains(batch) && (!too_large_ || batch < *too_large_);
}

double BatchSearch::lower_neighbour(int batch) const {
  double lower = std::numeric_limits<double>::infinity();
  const auto above = measured_.upper_bound(batch);
  if (above != measured_.end()) lower = above->second;
  if (above != measured_.begin()) lower = std::min(lower, std::prev(above)->second);
  return lower;
}

void BatchSearch::answer(int batch, const BatchAnswer& answer) {
  answered_.insert(batch);
  if (const auto* energy = std::get_if<Joules>(&answer)) {
    measured_[batch] = energy->value();
  } else if (std::holds_alternative<OutOfMemory>(answer)) {
    too_large_ = std::min(batch, too_large_.value_or(batch));
  }
}

int BatchSearch::most_remaining() const {
  if (!next()) return 0;
  return static_cast<int>(std::ranges::count_if(grid_, [&](int size) { return open(size); }));
}

std::vector<SkippedBatch> BatchSearch::skipped() const {
  std::vector<SkippedBatch> sizes;
  for (const int size : grid_) {
    if (answered_.contains(size)) continue;
    if (too_large_ && size > *too_large_) {
      sizes.push_back({size, fmt::format("batch {} ran out of memory", *too_large_)});
    } else if (const auto winner = best()) {
      sizes.push_back(
          {size,
           fmt::format("cannot beat batch {} by more than {:.3g} %: {:.3g} J an image there, "
                       "{:.3g} J at its lower measured neighbour",
                       *winner, 100.0 * target_, measured_.at(*winner), lower_neighbour(size))});
    }
  }
  return sizes;
}

}  // namespace wattfor
