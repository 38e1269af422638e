#include "measurement/replicates.h"

#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <numeric>

namespace wattfor {

std::optional<ReplicateMean> replicate_mean(std::span<const double> values) {
  if (values.size() < 2) return std::nullopt;
  const auto n = static_cast<double>(values.size());
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / n;
  double squares = 0.0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  const double standard_deviation = std::sqrt(squares / (n - 1));
  const double t = boost::math::quantile(boost::math::students_t(n - 1), 0.975);
  return ReplicateMean{.mean = mean,
                       .standard_deviation = standard_deviation,
                       .half_width = t * standard_deviation / std::sqrt(n)};
}

}  // namespace wattfor
