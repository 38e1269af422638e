#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include "analysis/aicc.h"
#include "analysis/exponential_fit.h"
#include "analysis/line_fit.h"

namespace wattfor::curve_fits_test {
namespace {

using Values = std::vector<double>;

constexpr double nan_value = std::numeric_limits<double>::quiet_NaN();

TEST(CorrectedAkaikeTest, FollowsTheFormula) {
  // 10·ln(5/10) + 6 + 24/6
  EXPECT_DOUBLE_EQ(10.0 * std::log(0.5) + 10.0, *corrected_akaike(5.0, 10, 3));
}

TEST(CorrectedAkaikeTest, IsUndefinedWithoutErrorAndWithTooFewObservations) {
  EXPECT_TRUE(corrected_akaike(5.0, 5, 3));
  EXPECT_FALSE(corrected_akaike(5.0, 4, 3));
  EXPECT_FALSE(corrected_akaike(5.0, 0, 3));
  EXPECT_FALSE(corrected_akaike(0.0, 10, 3));
  EXPECT_FALSE(corrected_akaike(nan_value, 10, 3));
}

TEST(LineFitTest, AgreesWithAnIndependentLeastSquares) {
  const auto fit = fit_line(Values{12.1, 3.4, 5.5, 3.4, 8.25, 19.7, 0.3, 5.5, 5.5, 41.0},
                            Values{1.2, 0.4, 0.9, 0.5, 0.9, 2.2, 0.1, 1.4, 0.4, 1.9});
  EXPECT_NEAR(0.5277911, fit->intercept, 5e-8);
  EXPECT_NEAR(0.04416712, fit->slope, 5e-9);
  EXPECT_NEAR(0.19827629, fit->intercept_error, 5e-9);
  EXPECT_NEAR(0.01280529, fit->slope_error, 5e-9);
  EXPECT_NEAR(1.7084410707406037, fit->residual_sum_of_squares, 1e-14);
  EXPECT_NEAR(0.5979192584747932, *fit->r_squared, 1e-14);
  EXPECT_NEAR(-7.670037928268695, *fit->aicc, 1e-12);
}

TEST(LineFitTest, PredictsWithTheIntervalOfAnIndependentLeastSquares) {
  // numpy with the matrix of the covariances; scipy's quantile of t is good to nine digits.
  const auto fit = fit_line(Values{12.1, 3.4, 5.5, 3.4, 8.25, 19.7, 0.3, 5.5, 5.5, 41.0},
                            Values{1.2, 0.4, 0.9, 0.5, 0.9, 2.2, 0.1, 1.4, 0.4, 1.9});
  EXPECT_NEAR(2.306004135204166, t_of_95_percent(*fit), 1e-12);
  const LinePrediction at_60 = predict_at(*fit, 60.0);
  EXPECT_NEAR(3.1778182342404877, at_60.value, 1e-12);
  EXPECT_NEAR(1.336968312535154, at_60.low, 1e-9);
  EXPECT_NEAR(5.0186681559458215, at_60.high, 1e-9);
}

TEST(LineFitTest, OfPointsOnALineHasNoErrorAndSoNoCriterion) {
  const auto fit = fit_line(Values{1.0, 2.0, 3.0, 4.0, 5.0}, Values{5.0, 7.0, 9.0, 11.0, 13.0});
  EXPECT_DOUBLE_EQ(3.0, fit->intercept);
  EXPECT_DOUBLE_EQ(2.0, fit->slope);
  EXPECT_EQ(0.0, fit->slope_error);
  EXPECT_EQ(1.0, *fit->r_squared);
  EXPECT_FALSE(fit->aicc);
}

TEST(LineFitTest, OfAConstantYIsLevelAndHasNoRSquared) {
  const auto fit = fit_line(Values{1.0, 2.0, 4.0}, Values{0.1, 0.1, 0.1});
  EXPECT_EQ(0.1, fit->intercept);
  EXPECT_EQ(0.0, fit->slope);
  EXPECT_FALSE(fit->r_squared);
}

TEST(LineFitTest, HasNoCriterionBelowFiveRows) {
  EXPECT_FALSE(fit_line(Values{1.0, 2.0, 3.0, 4.0}, Values{1.0, 2.5, 2.5, 4.0})->aicc);
}

TEST(LineFitTest, IsUndefinedOutsideItsDomain) {
  EXPECT_FALSE(fit_line({}, {}));
  EXPECT_FALSE(fit_line(Values{1.0, 2.0}, Values{1.0, 2.0}));
  EXPECT_FALSE(fit_line(Values{1.0, 2.0, 3.0}, Values{1.0, 2.0}));
  EXPECT_FALSE(fit_line(Values{0.1, 0.1, 0.1}, Values{1.0, 2.0, 3.0}));
  EXPECT_FALSE(fit_line(Values{1.0, nan_value, 3.0}, Values{1.0, 2.0, 3.0}));
}

// Figures of eight years that grow about 1.8-fold a year.
constexpr std::array years{2012.0, 2014.0, 2015.0, 2016.0, 2017.0, 2019.0, 2020.0, 2021.0};
constexpr std::array growing{0.3, 0.7, 1.6, 2.1, 4.9, 11.0, 26.0, 41.0};

TEST(ExponentialFitTest, AgreesWithAnIndependentLeastSquaresInTheScaleOfY) {
  const auto fit = fit_exponential(years, growing);
  EXPECT_NEAR(-1142.7519361622924, fit->log_a, 1e-5);
  EXPECT_NEAR(0.5672839559868056, fit->rate, 1e-9);
  EXPECT_NEAR(77.62443038960907, fit->log_a_error, 1e-5);
  EXPECT_NEAR(0.03841680662099974, fit->rate_error, 1e-9);
  EXPECT_NEAR(12.346620484816665, fit->residual_sum_of_squares, 1e-10);
  EXPECT_NEAR(0.9920361852981819, *fit->r_squared, 1e-12);
  EXPECT_NEAR(15.471526711939376, *fit->aicc, 1e-10);
}

TEST(ExponentialFitTest, OfAnExponentialFindsIt) {
  Values x;
  Values y;
  for (int i = 0; i < 10; ++i) {
    x.push_back(i);
    y.push_back(3e-6 * std::exp(-0.7 * i));
  }
  const auto fit = fit_exponential(x, y);
  EXPECT_NEAR(std::log(3e-6), fit->log_a, 1e-12);
  EXPECT_NEAR(-0.7, fit->rate, 1e-12);
  EXPECT_NEAR(1.0, *fit->r_squared, 1e-12);
}

TEST(ExponentialFitTest, OfAConstantYIsLevelAndHasNoRSquared) {
  const auto fit = fit_exponential(Values{1.0, 2.0, 3.0, 4.0}, Values{0.3, 0.3, 0.3, 0.3});
  EXPECT_NEAR(std::log(0.3), fit->log_a, 1e-14);
  EXPECT_NEAR(0.0, fit->rate, 1e-14);
  EXPECT_FALSE(fit->r_squared);
}

TEST(ExponentialFitTest, HoldsWhereItsStartIsFarOff) {
  // Near zero, noise that means nothing in the scale of y pulls the line through ln y away.
  const auto fit = fit_exponential(Values{0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0},
                                   Values{1e-9, 2.7, 7.4, 20.1, 54.6, 148.4, 403.4});
  EXPECT_NEAR(1.0, fit->rate, 1e-3);
  EXPECT_NEAR(0.0, fit->log_a, 5e-3);
}

TEST(CurveFitsTest, PreferTheCurveThatMadeTheFigures) {
  EXPECT_LT(*fit_exponential(years, growing)->aicc, *fit_line(years, growing)->aicc);
  const Values straight{1.1, 3.0, 3.9, 5.2, 6.0, 7.9, 9.1, 10.0};
  EXPECT_GT(*fit_exponential(years, straight)->aicc, *fit_line(years, straight)->aicc);
}

TEST(ExponentialFitTest, IsUndefinedOutsideItsDomain) {
  EXPECT_FALSE(fit_exponential({}, {}));
  EXPECT_FALSE(fit_exponential(Values{1.0, 2.0}, Values{1.0, 2.0}));
  EXPECT_FALSE(fit_exponential(Values{2.0, 2.0, 2.0}, Values{1.0, 2.0, 3.0}));
  EXPECT_FALSE(fit_exponential(Values{1.0, 2.0, 3.0}, Values{1.0, 0.0, 3.0}));
  EXPECT_FALSE(fit_exponential(Values{1.0, 2.0, 3.0}, Values{1.0, -2.0, 3.0}));
  EXPECT_FALSE(fit_exponential(Values{1.0, 2.0, 3.0}, Values{1.0, nan_value, 3.0}));
  EXPECT_FALSE(fit_exponential(Values{1.0, 2.0, 3.0}, Values{1.0, 2.0}));
}

}  // namespace
}  // namespace wattfor::curve_fits_test
