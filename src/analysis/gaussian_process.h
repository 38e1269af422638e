#pragma once

#include <Eigen/Dense>
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace wattfor {

// A normal distribution.
struct Normal {
  double mean = 0.0;
  double variance = 0.0;
};

// Rows of a table by their numbers.
using RowGroup = std::vector<Eigen::Index>;

// Observations that are jointly normal about zero with a covariance that is known: what they say
// of a further one, and of one another (Rasmussen and Williams, "Gaussian Processes for Machine
// Learning", 2006, chapter 2). Cubic in the observations.
class GaussianProcess {
 public:
  // The covariance of the observations, their own noise on its diagonal. Undefined where it is not
  // positive definite, as with a number that is not finite.
  static std::optional<GaussianProcess> fit(const Eigen::MatrixXd& covariance,
                                            Eigen::VectorXd observations);

  // Of a further observation that has this variance, its noise included, and this covariance with
  // each of the others.
  Normal at(const Eigen::VectorXd& covariance, double variance) const;

  // Of each group's rows, in their order, as if the group and the rows that are `absent` had never
  // been observed; the groups hold none of these. No refit is needed: to observe less is to
  // subtract a Schur complement from the inverse.
  std::vector<std::vector<Normal>> left_out(std::span<const RowGroup> groups,
                                            const RowGroup& absent = {}) const;

 private:
  GaussianProcess(Eigen::MatrixXd precision, Eigen::VectorXd observations);

  Eigen::MatrixXd precision_;  // the inverse of the covariance
  Eigen::VectorXd observations_;
  Eigen::VectorXd weights_;  // precision · observations
};

}  // namespace wattfor
