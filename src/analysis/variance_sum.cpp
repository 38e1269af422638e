#include "analysis/variance_sum.h"

#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>

namespace wattfor {

void VarianceSum::add(const EstimatedVariance& part) {
  variance_ += part.variance;
  squares_by_freedom_ += part.variance * part.variance / part.freedom;
}

double VarianceSum::deviation() const { return std::sqrt(variance_); }

double VarianceSum::quantile(double share) const {
  if (variance_ == 0.0) return 0.0;
  // Beyond a million, t is normal to seven digits.
  const double freedom = variance_ / squares_by_freedom_ * variance_;
  const double deviations = freedom < 1e6
                                ? boost::math::quantile(boost::math::students_t(freedom), share)
                                : boost::math::quantile(boost::math::normal(), share);
  return deviations * deviation();
}

}  // namespace wattfor
