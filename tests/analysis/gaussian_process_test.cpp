#include "analysis/gaussian_process.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

namespace wattfor::gaussian_process_test {
namespace {

TEST(GaussianProcessTest, OfTwoIsTheTextbooksConditionalDistribution) {
  // Variance 2, covariance 1, observed 3: mean 1/2·3, variance 2 − 1²/2.
  const auto process =
      GaussianProcess::fit(Eigen::MatrixXd::Constant(1, 1, 2.0), Eigen::VectorXd::Constant(1, 3.0));
  const Normal told = process->at(Eigen::VectorXd::Constant(1, 1.0), 2.0);
  EXPECT_NEAR(1.5, told.mean, 1e-12);
  EXPECT_NEAR(1.5, told.variance, 1e-12);
}

// Six observations along a line, alike where they are near.
struct Line {
  static double covariance(double a, double b) { return std::exp(-(a - b) * (a - b) / 2.0); }

  static Eigen::MatrixXd among(const std::vector<double>& places) {
    const auto size = static_cast<Eigen::Index>(places.size());
    Eigen::MatrixXd all(size, size);
    for (Eigen::Index row = 0; row < size; ++row) {
      for (Eigen::Index column = 0; column < size; ++column) {
        all(row, column) = covariance(places[row], places[column]) + (row == column ? 0.1 : 0.0);
      }
    }
    return all;
  }
};

TEST(GaussianProcessTest, TellsOfWhatIsLeftOutWhatAFitWithoutItWould) {
  const std::vector<double> places{0.0, 0.4, 1.1, 1.5, 2.3, 3.0};
  Eigen::VectorXd observed(6);
  observed << 1.0, 1.2, 0.3, -0.2, -1.0, 0.4;
  const auto whole = GaussianProcess::fit(Line::among(places), observed);

  // Rows 1 and 4 are left out, and 2 is absent: 0, 3 and 5 remain.
  const std::vector<double> rest{0.0, 1.5, 3.0};
  const auto refitted = GaussianProcess::fit(Line::among(rest), Eigen::Vector3d(1.0, -0.2, 0.4));
  const std::vector<RowGroup> groups{{1, 4}};
  const auto told = whole->left_out(groups, {2}).front();
  for (const std::size_t i : {0U, 1U}) {
    const double place = places[i == 0 ? 1 : 4];
    Eigen::Vector3d covariance;
    for (Eigen::Index at = 0; at < 3; ++at) covariance[at] = Line::covariance(place, rest[at]);
    const Normal expected = refitted->at(covariance, 1.1);
    EXPECT_NEAR(expected.mean, told[i].mean, 1e-10);
    EXPECT_NEAR(expected.variance, told[i].variance, 1e-10);
  }
}

TEST(GaussianProcessTest, NeedsAPositiveDefiniteCovarianceAndFiniteNumbers) {
  const Eigen::MatrixXd equal = Eigen::MatrixXd::Constant(2, 2, 1.0);
  const Eigen::Vector2d observed(1.0, 2.0);
  EXPECT_FALSE(GaussianProcess::fit(-Eigen::MatrixXd::Identity(2, 2), observed));
  Eigen::MatrixXd unknown = equal + Eigen::MatrixXd::Identity(2, 2);
  EXPECT_TRUE(GaussianProcess::fit(unknown, observed));
  unknown(1, 0) = std::numeric_limits<double>::quiet_NaN();
  EXPECT_FALSE(GaussianProcess::fit(unknown, observed));
  EXPECT_FALSE(GaussianProcess::fit(Eigen::MatrixXd::Identity(2, 2),
                                    Eigen::Vector2d(1.0, std::numeric_limits<double>::infinity())));
}

}  // namespace
}  // namespace wattfor::gaussian_process_test
