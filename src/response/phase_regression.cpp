#include "response/phase_regression.h"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>

namespace wattfor {
namespace {

using Rows = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

// Above it, what is wrong with an update comes back twelvefold in a phase. Work that keeps step
// with the updates has 25 and more, as only their jitter tells the phases apart; a square wave of a
// fifth of the period, the hardest that is worth trying, has 9.
constexpr double worst_condition = 12.0;

// The shares of updates' kernels in the stretches of a run.
class Shares {
 public:
  Shares(const Kernel& kernel, std::span<const PhaseStretch> run) : kernel_(kernel), run_(run) {}

  // Of an update that is no earlier than the one before it: `take(phase, share)` for each stretch
  // that it sees.
  template <class Take>
  void each(Seconds update, const Take& take) {
    while (begin_ + 1 < run_.size() && run_[begin_].to < update - reach_of(kernel_)) ++begin_;
    for (std::size_t i = begin_; i < run_.size() && run_[i].from < update - kernel_.delay; ++i) {
      take(run_[i].phase, step_response(kernel_, update - run_[i].from) -
                              step_response(kernel_, update - run_[i].to));
    }
  }

 private:
  const Kernel& kernel_;
  std::span<const PhaseStretch> run_;
  std::size_t begin_ = 0;  // of the stretches that an update can see
};

}  // namespace

std::size_t phases_of_a_batch(Seconds batch, const Kernel& kernel) {
  constexpr double most = 8.0;
  // When an update looked is not known much better.
  constexpr Seconds finest{0.005};
  const Seconds window = std::max(reach_of(kernel) - kernel.delay, finest);
  return static_cast<std::size_t>(std::clamp(std::floor(batch / window), 1.0, most));
}

std::vector<PhaseStretch> batch_phases(std::span<const Seconds> edges, std::size_t phases) {
  std::vector<PhaseStretch> stretches;
  for (std::size_t i = 0; i + 1 < edges.size(); ++i) {
    const Seconds phase = (edges[i + 1] - edges[i]) / static_cast<double>(phases);
    for (std::size_t j = 0; j < phases; ++j) {
      const Seconds from = edges[i] + static_cast<double>(j) * phase;
      stretches.push_back({from, from + phase, j});
    }
  }
  return stretches;
}

PhaseRegression::PhaseRegression(std::size_t phases) : phases_(phases) {}

std::vector<Seconds> phase_durations(std::span<const PhaseStretch> run, std::size_t phases) {
  std::vector<Seconds> durations(phases);
  for (const PhaseStretch& stretch : run) durations[stretch.phase] += stretch.to - stretch.from;
  return durations;
}

std::vector<Seconds> seen_phases(const UpdateSeries& series, const Kernel& kernel,
                                 std::span<const PhaseStretch> run, std::size_t phases) {
  std::vector<Seconds> seen(phases);
  if (run.empty()) return seen;
  const std::size_t last = series.after(run.back().to + reach_of(kernel));
  Shares shares(kernel, run);
  for (std::size_t k = series.after(run.front().from + kernel.delay); k < last; ++k) {
    shares.each(series.updates()[k].time,
                [&](std::size_t phase, double share) { seen[phase] += share * series.period(); });
  }
  return seen;
}

void PhaseRegression::add(const UpdateSeries& series, const Kernel& kernel,
                          std::span<const PhaseStretch> run) {
  if (run.empty()) return;
  const std::size_t last = series.after(run.back().to + kernel.delay);
  Shares shares(kernel, run);
  for (std::size_t k = series.after(run.front().from + reach_of(kernel)); k < last; ++k) {
    const Update& update = series.updates()[k];
    const std::size_t row = shares_.size();
    shares_.resize(row + phases_, 0.0);
    shares.each(update.time,
                [&](std::size_t phase, double share) { shares_[row + phase] += share; });
    readings_.push_back(update.power.value());
  }
}

std::optional<std::vector<Watts>> PhaseRegression::powers() const {
  const auto rows = static_cast<Eigen::Index>(readings_.size());
  const auto columns = static_cast<Eigen::Index>(phases_);
  if (rows <= columns) return std::nullopt;
  const Eigen::Map<const Rows> shares(shares_.data(), rows, columns);
  const Eigen::Map<const Eigen::VectorXd> readings(readings_.data(), rows);
  const Eigen::JacobiSVD<Eigen::MatrixXd> svd(shares, Eigen::ComputeThinU | Eigen::ComputeThinV);
  const double least = svd.singularValues()(columns - 1);
  const double condition = least > 0.0 ? svd.singularValues()(0) / least : HUGE_VAL;
  if (!(condition <= worst_condition)) return std::nullopt;
  const Eigen::VectorXd found = svd.solve(readings);
  std::vector<Watts> powers;
  powers.reserve(phases_);
  for (Eigen::Index j = 0; j < columns; ++j) powers.emplace_back(found(j));
  return powers;
}

}  // namespace wattfor
