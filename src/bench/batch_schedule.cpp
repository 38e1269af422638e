#include "bench/batch_schedule.h"

#include <fmt/format.h>

#include <algorithm>

namespace wattfor {
namespace {

std::string beyond_memory(int batch) { return fmt::format("batch {} ran out of memory", batch); }

}  // namespace

std::string fixed_batch_reason(int batch) {
  return fmt::format("the model has a fixed batch of {}", batch);
}

std::vector<int> powers_of_two(int largest) {
  std::vector<int> sizes;
  for (long long size = 1; size <= largest; size *= 2) sizes.push_back(static_cast<int>(size));
  return sizes;
}

ListSchedule::ListSchedule(const std::vector<int>& batch_sizes)
    : waiting_(batch_sizes.begin(), batch_sizes.end()) {}

std::optional<int> ListSchedule::next() const {
  if (waiting_.empty()) return std::nullopt;
  return *waiting_.begin();
}

void ListSchedule::answer(int batch, const BatchAnswer& answer) {
  waiting_.erase(batch);
  if (!std::holds_alternative<OutOfMemory>(answer)) return;
  const auto larger = waiting_.upper_bound(batch);
  for (auto size = larger; size != waiting_.end(); ++size) {
    skipped_.push_back({.batch = *size, .reason = beyond_memory(batch)});
  }
  waiting_.erase(larger, waiting_.end());
}

FixedBatch::FixedBatch(int batch, const std::vector<int>& others) : batch_(batch) {
  for (const int other : others) {
    if (other == batch) continue;
    skipped_.push_back({.batch = other, .reason = fixed_batch_reason(batch)});
  }
}

std::optional<int> FixedBatch::next() const {
  return answered_ ? std::nullopt : std::optional(batch_);
}

std::optional<int> DoublingSchedule::next() const {
  if (!too_large_) {
    const long long doubled = doubled_ == 0 ? 1 : 2LL * doubled_;
    if (doubled > cap_) return std::nullopt;
    return static_cast<int>(doubled);
  }
  const int step = *too_large_ - fits_;
  if (fits_ == 0 || step <= std::max(1, largest_power_ / 8)) {
    return std::nullopt;
  }
  const int between = fits_ + step / 2;
  return failed_.contains(between) ? std::nullopt : std::optional(between);
}

void DoublingSchedule::answer(int batch, const BatchAnswer& answer) {
  const bool refining = too_large_.has_value();
  if (std::holds_alternative<OutOfMemory>(answer)) {
    too_large_ = batch;
  } else if (std::holds_alternative<Joules>(answer)) {
    fits_ = batch;
    if (!refining) largest_power_ = batch;
  } else {
    failed_.insert(batch);
  }
  if (!refining) doubled_ = batch;
}

int DoublingSchedule::most_remaining() const {
  constexpr int halvings = 3;
  if (!too_large_) {
    return static_cast<int>(
        std::ranges::count_if(powers_of_two(cap_), [&](int size) { return size > doubled_; }));
  }
  return next() ? halvings : 0;
}

std::vector<SkippedBatch> DoublingSchedule::skipped() const {
  std::vector<SkippedBatch> sizes;
  if (!too_large_) return sizes;
  for (const int size : powers_of_two(cap_)) {
    if (size > doubled_) sizes.push_back({.batch = size, .reason = beyond_memory(doubled_)});
  }
  return sizes;
}

}  // namespace wattfor
