#pragma once

#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "units/quantity.h"

namespace wattfor {

// What a batch size yielded: joules per image, or why there are none.
struct CellFailed {};   // this size only
struct OutOfMemory {};  // this size, and so every larger one
using BatchAnswer = std::variant<Joules, CellFailed, OutOfMemory>;

struct SkippedBatch {
  int batch = 0;
  std::string reason;
};

// Which batch size of a model is measured next, given what the earlier ones yielded. The same
// answers always lead along the same path, so a sweep that is started again asks for what it has
// already.
class BatchSchedule {
 public:
  virtual ~BatchSchedule() = default;
  // Nothing once the schedule is finished. Asking twice gives the same answer.
  virtual std::optional<int> next() const = 0;
  virtual void answer(int batch, const BatchAnswer& answer) = 0;
  // How many sizes next() may still name, at most.
  virtual int most_remaining() const = 0;
  // Of a finished schedule: the sizes that it never named, each with the reason.
  virtual std::vector<SkippedBatch> skipped() const = 0;
};

// 1, 2, 4, … up to `largest`.
std::vector<int> powers_of_two(int largest);

// An explicit list, measured whole in ascending order.
class ListSchedule final : public BatchSchedule {
 public:
  explicit ListSchedule(const std::vector<int>& batch_sizes);

  std::optional<int> next() const override;
  void answer(int batch, const BatchAnswer& answer) override;
  int most_remaining() const override { return static_cast<int>(waiting_.size()); }
  std::vector<SkippedBatch> skipped() const override { return skipped_; }

 private:
  std::set<int> waiting_;
  std::vector<SkippedBatch> skipped_;
};

// The one size that a model with a fixed first dimension has; `others` it can't be measured at.
class FixedBatch final : public BatchSchedule {
 public:
  FixedBatch(int batch, const std::vector<int>& others);

  std::optional<int> next() const override;
  void answer(int batch, const BatchAnswer&) override { answered_ = answered_ || batch == batch_; }
  int most_remaining() const override { return answered_ ? 0 : 1; }
  std::vector<SkippedBatch> skipped() const override { return skipped_; }

 private:
  int batch_;
  bool answered_ = false;
  std::vector<SkippedBatch> skipped_;
};
std::string fixed_batch_reason(int batch);

// The inference study's: 1, 2, 4, … until the device is out of memory or the cap is reached. Where
// it ran out, the interval between the largest power of two that fits, b, and the smallest size
// that does not is halved down to b/8, and what fits on the way is measured too (the published best
// sizes are mostly such eighths). The cap is a choice and no limit of the device: nothing is
// refined there.
class DoublingSchedule final : public BatchSchedule {
 public:
  explicit DoublingSchedule(int cap) : cap_(cap) {}

  std::optional<int> next() const override;
  void answer(int batch, const BatchAnswer& answer) override;
  int most_remaining() const override;
  std::vector<SkippedBatch> skipped() const override;

 private:
  int cap_;
  int doubled_ = 0;               // the largest power of two that was answered
  int fits_ = 0;                  // the largest size that was measured
  int largest_power_ = 0;         // the largest power of two that was measured
  std::optional<int> too_large_;  // the smallest size that ran out of memory
  std::set<int> failed_;          // for another reason than memory
};

}  // namespace wattfor
