#include "response/fit_errors.h"

#include <Eigen/Dense>
#include <algorithm>

namespace wattfor {
namespace {

constexpr std::size_t most_blocks = 60;
constexpr std::size_t fewest_blocks = 8;
constexpr std::size_t updates_a_block = 10;
constexpr double worst_scaled_condition = 1e10;  // of the normal equations, scaled
constexpr double least_independence = 0.02;      // of an update that decides almost alone

std::optional<Eigen::MatrixXd> inverse(const Eigen::MatrixXd& normal) {
  const Eigen::VectorXd scale = normal.diagonal().cwiseSqrt();
  if (!(scale.minCoeff() > 0.0)) return std::nullopt;
  const Eigen::VectorXd unscale = scale.cwiseInverse();
  const Eigen::MatrixXd scaled = unscale.asDiagonal() * normal * unscale.asDiagonal();
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> values(scaled);
  if (!(values.eigenvalues()(0) * worst_scaled_condition > values.eigenvalues().tail<1>()(0))) {
    return std::nullopt;
  }
  const Eigen::MatrixXd inverted = values.eigenvectors() *
                                   values.eigenvalues().cwiseInverse().asDiagonal() *
                                   values.eigenvectors().transpose();
  return unscale.asDiagonal() * inverted * unscale.asDiagonal();
}

}  // namespace

std::optional<std::vector<double>> standard_errors(const std::vector<Column>& columns,
                                                   const Column& weights, const Column& rest) {
  const auto size = static_cast<Eigen::Index>(columns.size());
  const std::size_t rows = rest.size();
  Eigen::MatrixXd normal = Eigen::MatrixXd::Zero(size, size);
  double squares = 0.0;
  for (std::size_t k = 0; k < rows; ++k) {
    squares += weights[k] * rest[k] * rest[k];
    for (Eigen::Index i = 0; i < size; ++i) {
      const double weighted = weights[k] * columns[static_cast<std::size_t>(i)][k];
      for (Eigen::Index j = 0; j <= i; ++j) {
        normal(i, j) += weighted * columns[static_cast<std::size_t>(j)][k];
      }
    }
  }
  normal.triangularView<Eigen::StrictlyUpper>() = normal.transpose();
  const auto inverted = inverse(normal);
  if (!inverted) return std::nullopt;

  const double freedom = static_cast<double>(rows) - static_cast<double>(size);
  const Eigen::VectorXd independent =
      (squares / freedom * inverted->diagonal()).cwiseMax(0.0).cwiseSqrt();

  const std::size_t blocks = std::clamp(rows / updates_a_block, fewest_blocks, most_blocks);
  Eigen::MatrixXd scatter = Eigen::MatrixXd::Zero(size, size);
  Eigen::VectorXd score = Eigen::VectorXd::Zero(size);
  Eigen::VectorXd row(size);
  std::size_t block = 0;
  for (std::size_t k = 0; k < rows; ++k) {
    if (k * blocks / rows != block) {
      scatter += score * score.transpose();
      score.setZero();
      block = k * blocks / rows;
    }
    for (Eigen::Index i = 0; i < size; ++i) row(i) = columns[static_cast<std::size_t>(i)][k];
    const double leverage = weights[k] * row.dot(*inverted * row);
    score += weights[k] * rest[k] / std::max(least_independence, 1.0 - leverage) * row;
  }
  scatter += score * score.transpose();
  const double left_out = static_cast<double>(blocks) / (static_cast<double>(blocks) - 1.0);
  const Eigen::VectorXd jackknife =
      (left_out * (*inverted * scatter * *inverted).diagonal()).cwiseMax(0.0).cwiseSqrt();
  const Eigen::VectorXd errors = independent.cwiseMax(jackknife);
  return std::vector<double>(errors.begin(), errors.end());
}

double evidence_of(const Column& column, const Column& weights) {
  double squares = 0.0;
  double fourths = 0.0;
  for (std::size_t k = 0; k < column.size(); ++k) {
    const double told = weights[k] * column[k] * column[k];
    squares += told;
    fourths += told * told;
  }
  return fourths > 0.0 ? squares * squares / fourths : 0.0;
}

}  // namespace wattfor
