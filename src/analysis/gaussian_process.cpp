#include "analysis/gaussian_process.h"

#include <utility>

namespace wattfor {

std::optional<GaussianProcess> GaussianProcess::fit(const Eigen::MatrixXd& covariance,
                                                    Eigen::VectorXd observations) {
  const Eigen::LLT<Eigen::MatrixXd> factor(covariance);
  if (factor.info() != Eigen::Success || !observations.allFinite()) return std::nullopt;
  Eigen::MatrixXd precision =
      factor.solve(Eigen::MatrixXd::Identity(covariance.rows(), covariance.cols()));
  if (!precision.allFinite()) return std::nullopt;
  return GaussianProcess(std::move(precision), std::move(observations));
}

GaussianProcess::GaussianProcess(Eigen::MatrixXd precision, Eigen::VectorXd observations)
    : precision_(std::move(precision)),
      observations_(std::move(observations)),
      weights_(precision_ * observations_) {}

Normal GaussianProcess::at(const Eigen::VectorXd& covariance, double variance) const {
  return {.mean = covariance.dot(weights_),
          .variance = variance - covariance.dot(precision_ * covariance)};
}

std::vector<std::vector<Normal>> GaussianProcess::left_out(std::span<const RowGroup> groups,
                                                           const RowGroup& absent) const {
  // With the absent rows' precision L·Lᵀ, the precision of the rest is P − WᵀW, W = L⁻¹·P(absent).
  const Eigen::LLT<Eigen::MatrixXd> factor(precision_(absent, absent));
  const Eigen::MatrixXd taken = factor.matrixL().solve(precision_(absent, Eigen::all));
  const Eigen::VectorXd taken_weights = factor.matrixL().solve(weights_(absent));
  std::vector<std::vector<Normal>> told;
  told.reserve(groups.size());
  for (const RowGroup& group : groups) {
    const Eigen::MatrixXd taken_here = taken(Eigen::all, group);
    const Eigen::MatrixXd precision =
        precision_(group, group) - taken_here.transpose() * taken_here;
    const Eigen::VectorXd weights = weights_(group) - taken_here.transpose() * taken_weights;
    const Eigen::MatrixXd covariance =
        precision.llt().solve(Eigen::MatrixXd::Identity(precision.rows(), precision.cols()));
    const Eigen::VectorXd mean = observations_(group) - covariance * weights;
    std::vector<Normal>& of_group = told.emplace_back();
    for (Eigen::Index row = 0; row < mean.size(); ++row) {
      of_group.push_back({.mean = mean[row], .variance = covariance(row, row)});
    }
  }
  return told;
}

}  // namespace wattfor
