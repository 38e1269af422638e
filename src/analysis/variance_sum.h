#pragma once

#include <cstddef>
#include <limits>
#include <vector>

namespace wattfor {

// A variance and the degrees of freedom that it was estimated with.
struct EstimatedVariance {
  double variance = 0.0;
  double freedom = std::numeric_limits<double>::infinity();  // known, or taken to be
};

// A sum of multiples of estimated variances that are independent of each other.
class VarianceSum {
 public:
  void add(const EstimatedVariance& part);

  double deviation() const;

  // The quantile of the error: Student's t with the degrees of freedom of Welch and Satterthwaite
  // (Satterthwaite, "An Approximate Distribution of Estimates of Variance Components", Biometrics
  // 2, 1946), (ΣV)² / Σ(V²/ν).
  double quantile(double share) const;

 private:
  double variance_ = 0.0;
  double squares_by_freedom_ = 0.0;
};

}  // namespace wattfor
