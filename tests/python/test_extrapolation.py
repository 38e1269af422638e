import math
import types
import unittest

import wattfor
from wattfor.extrapolation import extrapolation_of
from wattfor.sustainability import sam_of


def run(fraction: float, epochs: list[float], before: float | None = 0.0, total: int | None = None):
    """A run of that share of the data, with its epochs in joules."""
    return types.SimpleNamespace(
        observed=lambda: (fraction, before, epochs), epochs_total=lambda: total
    )


class ExtrapolationTest(unittest.TestCase):
    def test_epochs_on_the_same_data_add_up(self):
        answer = extrapolation_of([run(1.0, [100.0, 101.0, 99.0, 100.0])], epochs=10, fraction=1.0)
        self.assertAlmostEqual(answer.joules, 1000.0, delta=5.0)
        self.assertLess(answer.interval.low, 1000.0)
        self.assertGreater(answer.interval.high, 1000.0)
        self.assertFalse(answer.is_bracket)
        self.assertEqual(answer.beyond_epochs, 2.5)

    def test_two_shares_tell_the_whole(self):
        # 20 J to start an epoch, 1,000 J for all the data: 30 J at 1 %, 120 J at 10 %.
        runs = [run(0.01, [30.1, 29.9, 30.0, 30.0]), run(0.1, [120.3, 119.7, 120.0, 120.0])]
        answer = extrapolation_of(runs, epochs=90, fraction=1.0)
        self.assertLess(answer.interval.low, 90 * 1020.0)
        self.assertGreater(answer.interval.high, 90 * 1020.0)
        self.assertGreater(answer.r_squared, 0.999)

    def test_one_share_is_answered_by_a_bracket(self):
        answer = extrapolation_of([run(0.01, [10.0, 10.1, 9.9, 10.0])], epochs=90, fraction=1.0)
        self.assertTrue(answer.is_bracket)
        self.assertAlmostEqual(answer.joules, 90 * 1000.0, delta=900.0)
        self.assertLess(answer.startup_alone.low, 900.0)
        self.assertGreater(answer.data_alone.high, 90000.0)
        self.assertEqual(answer.interval.low, answer.startup_alone.low)
        self.assertIn("a bracket: one share of the data", str(answer))

    def test_reads_as_a_sentence(self):
        answer = extrapolation_of([run(1.0, [3.6e6] * 6)], epochs=90, fraction=1.0)
        self.assertRegex(str(answer), r"^90 epochs on 100 % of the data take 324 MJ ±.* \(90 kWh\)")
        self.assertIn("reaches 15 times the epochs and 1 times the data", str(answer))
        self.assertEqual(answer.kwh, answer.joules / 3.6e6)
        self.assertEqual(float(answer), answer.joules)

    def test_the_planned_epochs_are_those_of_the_run(self):
        answer = extrapolation_of([run(1.0, [10.0, 10.0], total=7)], epochs=None, fraction=1.0)
        self.assertEqual(answer.epochs, 7)

    def test_without_a_number_of_epochs_it_is_refused(self):
        with self.assertRaisesRegex(ValueError, "epochs: expected how many"):
            extrapolation_of([run(1.0, [10.0])], epochs=None, fraction=1.0)

    def test_absurd_targets_are_refused(self):
        for epochs, fraction in ((0, 1.0), (-3, 1.0), (10**10, 1.0), (10**9 + 1, 1.0), (9, 0.0), (9, 1.5), (9, math.nan)):
            for epochs_measured in ([], [10.0]):
                with self.subTest((epochs, fraction, epochs_measured)):
                    with self.assertRaises(ValueError):
                        extrapolation_of(
                            [run(1.0, epochs_measured)], epochs=epochs, fraction=fraction
                        )
        with self.assertRaises(TypeError):
            extrapolation_of([run(1.0, [10.0])], epochs=1.5, fraction=1.0)

    def test_without_an_epoch_it_says_so(self):
        answer = extrapolation_of([run(1.0, [])], epochs=90, fraction=1.0)
        self.assertTrue(math.isnan(answer.joules))
        self.assertIsNone(answer.interval)
        self.assertEqual(
            str(answer),
            "90 epochs on 100 % of the data: no epoch of the run has both an end and a figure",
        )

    def test_a_single_epoch_is_answered_under_a_stated_assumption(self):
        answer = extrapolation_of([run(1.0, [100.0])], epochs=10, fraction=1.0)
        self.assertIn("epochs are assumed to vary by 10 %", str(answer))

    def test_a_first_epoch_that_holds_the_start_is_told_of(self):
        answer = extrapolation_of([run(1.0, [100.0, 100.0], None)], epochs=10, fraction=1.0)
        self.assertIn("without what comes before the first epoch", str(answer))


class SamTest(unittest.TestCase):
    def test_is_that_of_the_study(self):
        # 5 · 0.8⁵ / log₁₀(100), equation 1 of the training study.
        score = sam_of(0.8, 100 * 3.6e6)
        self.assertAlmostEqual(float(score), 5 * 0.8**5 / 2)
        self.assertTrue(score)
        self.assertEqual(str(score), "SAM 0.819 at 80.00 % and 100 kWh")

    def test_has_the_range_of_the_electricity(self):
        score = sam_of(0.8, 100 * 3.6e6, wattfor.Interval(10 * 3.6e6, 1000 * 3.6e6))
        self.assertAlmostEqual(score.interval[0], 5 * 0.8**5 / 3)
        self.assertAlmostEqual(score.interval[1], 5 * 0.8**5 / 1)

    def test_has_no_upper_end_where_the_electricity_may_be_too_little(self):
        score = sam_of(0.8, 100 * 3.6e6, wattfor.Interval(0.0, 1000 * 3.6e6))
        self.assertEqual(score.interval[1], math.inf)

    def test_is_undefined_at_a_kilowatt_hour_and_says_why(self):
        score = sam_of(0.8, 3.6e6)
        self.assertIsNone(score.value)
        self.assertFalse(score)
        self.assertTrue(math.isnan(float(score)))
        self.assertIn("SAM is undefined", str(score))
        self.assertIn("1 kWh", score.why_undefined)

    def test_is_undefined_without_an_accuracy_and_says_how_to_tell_it(self):
        self.assertIn("run.log(accuracy=", str(sam_of(None, 1e9)))

    def test_is_undefined_where_nothing_was_measured(self):
        self.assertIn("the electricity is not known", str(sam_of(0.8, math.nan)))

    def test_warns_below_ten_kilowatt_hours(self):
        score = sam_of(0.8, 2 * 3.6e6)
        self.assertTrue(score.is_inflated)
        self.assertIn("inflated", str(score))


if __name__ == "__main__":
    unittest.main()
