"""The example's arithmetic, by numbers worked out by hand."""

import unittest

import digits_example  # noqa: F401  the example's folder is looked in

import linearity


class Lines(unittest.TestCase):
    def test_points_on_a_line_are_on_it(self):
        line = linearity.fitted_line([0.0, 1.0, 2.0], [5.0, 7.0, 9.0])
        self.assertAlmostEqual(line.slope, 2.0)
        self.assertAlmostEqual(line.intercept, 5.0)
        self.assertAlmostEqual(line.r_squared, 1.0)
        self.assertAlmostEqual(line.at(10.0), 25.0)

    def test_least_squares_and_the_share_of_the_variance_they_explain(self):
        # x̄ = 2.5, ȳ = 3.5; Σ(x−x̄)² = 5, Σ(y−ȳ)² = 21, Σ(x−x̄)(y−ȳ) = 10: slope 2, intercept −1.5,
        # R² = 10² / (5·21) = 20/21.
        line = linearity.fitted_line([1.0, 2.0, 3.0, 4.0], [1.0, 2.0, 4.0, 7.0])
        self.assertAlmostEqual(line.slope, 2.0)
        self.assertAlmostEqual(line.intercept, -1.5)
        self.assertAlmostEqual(line.r_squared, 20.0 / 21.0)

    def test_two_points_or_one_value_are_no_line_to_judge(self):
        self.assertIsNone(linearity.fitted_line([1.0, 2.0], [1.0, 2.0]))
        self.assertIsNone(linearity.fitted_line([1.0, 1.0, 1.0], [1.0, 2.0, 3.0]))
        self.assertIsNone(linearity.fitted_line([1.0, 2.0, 3.0], [4.0, 4.0, 4.0]))


class Epochs(unittest.TestCase):
    def test_the_running_sum_is_the_energy_by_the_end_of_each(self):
        self.assertEqual(linearity.running_sum([3.0, 1.0, 2.0]), [3.0, 4.0, 6.0])

    def test_epochs_that_differ_by_half_still_have_a_straight_running_sum(self):
        # 1, 2, 1, 2, … differ by 1/3 of their mean or more; R² of the sums tells nothing of it.
        epochs = [1.0, 2.0] * 10
        line = linearity.fitted_line(range(20), linearity.running_sum(epochs))
        self.assertGreater(line.r_squared, 0.998)
        self.assertGreater(linearity.relative_spread(epochs), 1.0 / 3.0)

    def test_the_spread_is_the_standard_deviation_over_the_mean(self):
        # Mean 4, squares of deviations 4 + 0 + 4 over two degrees of freedom: √4 / 4.
        self.assertAlmostEqual(linearity.relative_spread([2.0, 4.0, 6.0]), 0.5)
        self.assertIsNone(linearity.relative_spread([2.0]))


class Proportion(unittest.TestCase):
    def test_what_is_the_same_for_all_shares_counts_a_hundredfold(self):
        # 20 J to start and 1,000 J for all the data: 30 J at 1 %, taken for 3,000 J of 1,020 J.
        self.assertAlmostEqual(linearity.error_of_proportion(0.01, 30.0, 1020.0), 3000.0 / 1020.0 - 1.0)
        self.assertAlmostEqual(linearity.error_of_proportion(0.1, 10.0, 100.0), 0.0)


if __name__ == "__main__":
    unittest.main()
