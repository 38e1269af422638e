import copy
import math
import types
import unittest

import wattfor
from support import SimulatedCase
from wattfor.sustainability import sam_of

FIGURE = ("energy_j", "energy_low_j", "energy_high_j", "comparison_low_j", "comparison_high_j")


def window(kind: str, number: int, joules: float) -> dict[str, object]:
    """As a record lists it, known to 10 %, and to 1 % beside others."""
    figures = zip(FIGURE, (share * joules for share in (1.0, 0.9, 1.1, 0.99, 1.01)))
    nothing = {f"net_{key}": None for key in FIGURE}
    return {
        "kind": kind,
        "name": "",
        "epoch": number,
        "start_s": float(number),
        "duration_s": 1.0,
        "steps": None,
        "ended": True,
        "basis": "measured",
        "components": [],
        **dict(figures),
        **nothing,
    }


class ExtrapolationTest(SimulatedCase):
    def setUp(self) -> None:
        super().setUp()
        with wattfor.track("digits", db=self.folder / "wattfor.db") as run:
            pass
        self.of_nothing = run.record

    def run_of(
        self, fraction: float, epochs: list[float], total: int | None = None, start: float | None = 0.5
    ):
        """A run on that share of the data, with its epochs in joules."""
        record = copy.deepcopy(self.of_nothing)
        whole = window("epoch", 0, 1000.0)
        record["energy"]["total"].update({key: whole[key] for key in FIGURE}, basis="measured")
        record["training"].update(data_fraction=fraction, epochs_total=total)
        record["windows"] = [window("epoch", i, joules) for i, joules in enumerate(epochs, start=1)]
        if start is None:
            record["windows"][0]["start_s"] = 0.0
        else:
            record["windows"].insert(0, window("startup", 0, start))
        return types.SimpleNamespace(record=record)

    def test_a_run_whose_sensors_tell_no_error_has_a_figure_without_interval(self):
        run = self.run_of(1.0, [100.0, 101.0, 99.0])
        run.record["energy"]["total"].update({key: None for key in FIGURE})
        answer = wattfor.extrapolate([run], epochs=10)
        self.assertAlmostEqual(answer.joules, 1000.5, delta=5.0)
        self.assertIsNone(answer.interval)
        self.assertIn("how wrong the sensors are is not known", str(answer))
        bracket = wattfor.extrapolate([run], epochs=10, fraction=0.1)
        self.assertIsNone(bracket.interval)
        self.assertIn("all for the data", str(bracket))

    def test_epochs_on_the_same_data_add_up(self):
        runs = [self.run_of(1.0, [100.0, 101.0, 99.0, 100.0])]
        answer = wattfor.extrapolate(runs, epochs=10)
        self.assertAlmostEqual(answer.joules, 1000.5, delta=5.0)
        self.assertLess(answer.interval.low, answer.comparison_interval.low)
        self.assertLess(answer.comparison_interval.low, 1000.0)
        self.assertGreater(answer.comparison_interval.high, 1000.0)
        self.assertFalse(answer.is_bracket)
        self.assertEqual((answer.beyond_epochs, answer.basis), (2.5, "measured"))

    def test_two_shares_tell_the_whole(self):
        # 20 J to start an epoch, 1,000 J for all the data: 30 J at 1 %, 120 J at 10 %.
        runs = [
            self.run_of(0.01, [30.1, 29.9, 30.0, 30.0]),
            self.run_of(0.1, [120.3, 119.7, 120.0, 120.0]),
        ]
        answer = wattfor.extrapolate(runs, epochs=90)
        self.assertLess(answer.interval.low, 90 * 1020.0)
        self.assertGreater(answer.interval.high, 90 * 1020.0)
        self.assertGreater(answer.r_squared, 0.999)
        self.assertFalse(answer.is_bracket)

    def test_one_share_is_answered_by_a_bracket(self):
        runs = [self.run_of(0.01, [10.0, 10.1, 9.9, 10.0])]
        answer = wattfor.extrapolate(runs, epochs=90)
        self.assertTrue(answer.is_bracket)
        self.assertAlmostEqual(answer.joules, 90 * 1000.0, delta=900.0)
        self.assertEqual(answer.joules, answer.data_alone.joules)
        self.assertEqual(answer.interval.low, answer.startup_alone.interval.low)
        self.assertEqual(answer.interval.high, answer.data_alone.interval.high)
        self.assertIn("a run at another share of the data tells", str(answer))

    def test_reads_as_a_sentence(self):
        answer = wattfor.extrapolate([self.run_of(1.0, [3.6e6] * 6)], epochs=90)
        self.assertRegex(
            str(answer), r"^digits: 90 epochs on all the data take 324 MJ \(90\.0 kWh\), 95 %: .* … "
        )
        self.assertIn("15 times the epochs", str(answer))
        self.assertEqual(answer.kwh, answer.joules / 3.6e6)
        self.assertEqual(float(answer), answer.joules)

    def test_the_planned_epochs_are_those_of_the_run(self):
        self.assertEqual(wattfor.extrapolate([self.run_of(1.0, [10.0, 10.0], 7)]).epochs, 7)

    def test_without_one_number_of_epochs_it_is_refused(self):
        with self.assertRaisesRegex(ValueError, "epochs: .* were not told epochs_total"):
            wattfor.extrapolate([self.run_of(1.0, [10.0])])
        runs = [self.run_of(0.1, [10.0], 7), self.run_of(1.0, [10.0], 8)]
        with self.assertRaisesRegex(ValueError, r"epochs: .* were told \[7, 8\]"):
            wattfor.extrapolate(runs)
        with self.assertRaisesRegex(ValueError, "runs: expected at least one"):
            wattfor.extrapolate([], epochs=9)

    def test_absurd_targets_are_refused(self):
        targets = ((0, 1.0), (-3, 1.0), (10**9 + 1, 1.0), (9, 0.0), (9, 1.5), (9, -1.0), (9, math.nan))
        for epochs, fraction in targets:
            for measured in ([], [10.0]):
                with self.subTest((epochs, fraction, measured)), self.assertRaises(ValueError):
                    runs = [self.run_of(1.0, measured)]
                    wattfor.extrapolate(runs, epochs=epochs, fraction=fraction)
        with self.assertRaises(TypeError):
            wattfor.extrapolate([self.run_of(1.0, [10.0])], epochs=1.5)

    def test_without_an_epoch_it_says_so(self):
        answer = wattfor.extrapolate([self.run_of(1.0, [])], epochs=90)
        self.assertTrue(math.isnan(answer.joules))
        self.assertIsNone(answer.interval)
        self.assertEqual(
            str(answer), "digits: 90 epochs on all the data: no epoch has both ended and an energy"
        )

    def test_a_single_epoch_is_answered_under_a_stated_assumption(self):
        answer = wattfor.extrapolate([self.run_of(1.0, [100.0])], epochs=10)
        self.assertIn("nothing tells how epochs vary: 10 % is assumed", str(answer))

    def test_a_first_epoch_that_holds_the_start_is_told_of(self):
        answer = wattfor.extrapolate([self.run_of(1.0, [100.0, 100.0], start=None)], epochs=10)
        self.assertIn("the first epoch began with the run", str(answer))


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
