#include "response/phase_regression.h"

#include <fmt/format.h>

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

}  // namespace

std::size_t phases_of_a_batch(Seconds batch, const Kernel& kernel) {
  constexpr double most = 8.0;
  const Seconds window = reach_of(kernel) - kernel.delay;
  if (window <= Seconds(0.0)) return static_cast<std::size_t>(most);
  return static_cast<std::size_t>(std::clamp(std::floor(batch / window), 1.0, most));
}

Seconds usual_batch(std::span<const Seconds> edges) {
  if (edges.size() < 2) return Seconds(0.0);
  return (edges.back() - edges.front()) / static_cast<double>(edges.size() - 1);
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

void PhaseRegression::add(const UpdateSeries& series, const Kernel& kernel,
                          std::span<const PhaseStretch> run, Seconds until) {
  if (run.empty()) return;
  const Seconds reach = reach_of(kernel);
  const std::size_t last =
      std::min(series.after(run.back().to + kernel.delay), series.after(until + reach));
  std::size_t begin = 0;  // of the stretches that the update can see
  for (std::size_t k = series.after(run.front().from + reach); k < last; ++k) {
    const Update& update = series.updates()[k];
    while (begin + 1 < run.size() && run[begin].to < update.time - reach) ++begin;
    const std::size_t row = shares_.size();
    shares_.resize(row + phases_, 0.0);
    for (std::size_t i = begin; i < run.size() && run[i].from < update.time - kernel.delay; ++i) {
      shares_[row + run[i].phase] += step_response(kernel, update.time - run[i].from) -
                                     step_response(kernel, update.time - run[i].to);
    }
    powers_.push_back(update.power.value());
  }
}

std::variant<PhasePowers, IllConditioned> PhaseRegression::solve(
    std::span<const PhaseStretch> stretches) const {
  const auto rows = static_cast<Eigen::Index>(powers_.size());
  const auto columns = static_cast<Eigen::Index>(phases_);
  if (rows <= columns) {
    return IllConditioned{
        fmt::format("{} readings lie inside the marked work: {} powers need more", rows, columns)};
  }
  const Eigen::Map<const Rows> shares(shares_.data(), rows, columns);
  const Eigen::Map<const Eigen::VectorXd> powers(powers_.data(), rows);
  const Eigen::JacobiSVD<Eigen::MatrixXd> svd(shares, Eigen::ComputeThinU | Eigen::ComputeThinV);
  const double least = svd.singularValues()(columns - 1);
  const double condition = least > 0.0 ? svd.singularValues()(0) / least : HUGE_VAL;
  if (!(condition <= worst_condition)) {
    return IllConditioned{fmt::format(
        "the readings see the phases in almost the same shares (condition {:.3g}, at most {:.0f}): "
        "the work keeps step with the sensor's updates; run it again at other moments",
        condition, worst_condition)};
  }
  const Eigen::VectorXd found = svd.solve(powers);
  const double freedom = static_cast<double>(rows - columns);
  const double variance = (shares * found - powers).squaredNorm() / freedom;
  // (XᵀX)⁻¹ = V·S⁻²·Vᵀ.
  const Eigen::MatrixXd scaled = svd.matrixV() * svd.singularValues().cwiseInverse().asDiagonal();
  const Eigen::MatrixXd covariance = variance * scaled * scaled.transpose();

  Eigen::VectorXd durations = Eigen::VectorXd::Zero(columns);
  for (const PhaseStretch& stretch : stretches) {
    durations(static_cast<Eigen::Index>(stretch.phase)) += (stretch.to - stretch.from).count();
  }
  PhasePowers result{.energy = Joules(durations.dot(found)),
                     .standard_error = Joules(std::sqrt(durations.dot(covariance * durations))),
                     .condition = condition};
  for (Eigen::Index j = 0; j < columns; ++j) {
    result.powers.emplace_back(found(j));
    result.standard_errors.emplace_back(std::sqrt(covariance(j, j)));
  }
  return result;
}

}  // namespace wattfor
