"""What the example makes of trainings whose energies are known: 10 J before the first epoch, and for each
20 J to start and 1,000 J for all the data."""

import copy
import unittest

from digits_example import ExampleCase

import results
import wattfor
from plan import Plan
from prediction import predict, predictions
from training import Training

PLAN = Plan(models=["m"], epochs=20, shares=[0.01, 0.5, 1.0], first_epochs=[1, 5])
# Epochs differ by a few thousandths, by no rule.
VARIATION = (1.002, 0.997, 1.001, 1.003, 0.998, 0.999, 1.0, 1.002, 0.998, 1.0) * 2


class KnownTrainings(ExampleCase):
    def setUp(self) -> None:
        super().setUp()
        wattfor.configure(simulate=self.board)
        self.addCleanup(wattfor.configure)
        with wattfor.track("m", db=self.folder / "wattfor.db") as run:
            with run.measure("before"), run.epoch():
                pass
        self.record = run.record
        self.runs = {training: self.known(training) for training in PLAN.trainings()}

    def known(self, training: Training, factor: float = 1.0) -> wattfor.RecordedRun:
        """The run of that training, its energies times a factor."""
        epoch = next(each for each in self.record["windows"] if each["kind"] == "epoch")
        joules = factor * (20.0 + 1000.0 * training.share)
        record = copy.deepcopy(self.record)
        record["windows"] = [_window(epoch, "startup", 0, factor * 10.0)]
        record["windows"] += [
            _window(epoch, "epoch", number, VARIATION[number - 1] * joules)
            for number in range(1, training.epochs + 1)
        ]
        total = sum(window["energy_j"] for window in record["windows"])
        record["energy"]["total"].update(_figure(total))
        record["training"].update(data_fraction=training.share, epochs_total=20, accuracy_percent=90.0)
        record["warnings"] = []
        return wattfor.RecordedRun(record)

    def test_energy_that_is_linear_has_an_r_squared_of_one(self):
        (row,) = results.linearities(PLAN, self.runs).rows
        _, at_one_percent, spread, at_all, _, over_shares, at_no_data, proportion = row
        for r_squared in (at_one_percent, at_all, over_shares):
            self.assertGreater(r_squared, 0.99999)
        self.assertAlmostEqual(spread, 0.002, delta=0.0005)
        # 10 J and 20 · 20 J at no data; (10 + 20 · 30) J · 100 for (10 + 20 · 1,020) J.
        self.assertAlmostEqual(at_no_data, 410.0, delta=1.0)
        self.assertAlmostEqual(proportion, 61_000.0 / 20_410.0 - 1.0, delta=0.001)

    def test_two_shares_tell_the_whole_and_hold_it(self):
        told = predict("m", 5, (0.01, 0.1), PLAN, self.runs)
        self.assertAlmostEqual(told.truth_j, 20_410.0, delta=20.0)
        self.assertAlmostEqual(told.error, 0.0, delta=0.01)
        self.assertEqual((told.holds_truth, told.absolute_holds_truth), (True, True))

    def test_one_share_has_a_bracket_from_start_alone_to_data_alone(self):
        told = predict("m", 5, (0.1,), PLAN, self.runs)
        # 20 epochs of 120 J each, or of 1,200 J, and 10 J before.
        self.assertAlmostEqual(told.answer.startup_alone.joules, 2_410.0, delta=5.0)
        self.assertAlmostEqual(told.answer.data_alone.joules, 24_010.0, delta=50.0)
        self.assertIsNone(told.error)
        self.assertLess(told.comparison_interval.low, 2_410.0)
        self.assertGreater(told.comparison_interval.high, 24_010.0)
        self.assertTrue(told.holds_truth)

    def test_a_whole_training_that_took_twice_as_much_is_told_to_lie_outside(self):
        whole = PLAN.whole("m")[-1]
        self.runs[whole] = self.known(whole, factor=2.0)
        told = predict("m", 5, (0.01, 0.1), PLAN, self.runs)
        self.assertAlmostEqual(told.error, -0.5, delta=0.01)
        self.assertEqual((told.holds_truth, told.absolute_holds_truth), (False, False))
        said = results.verdict(predictions(PLAN, self.runs))
        self.assertIn(", 0 of 2 intervals of several shares", said)

    def test_what_wattfor_warns_of_is_said_and_counted_apart(self):
        self.assertEqual(results.caution(PLAN, self.runs), "")
        self.runs[Training("m", 0.01, 1)].record["warnings"] = ["other programs took 40 %"]
        self.assertIn("warns of 1 of these 7 runs", results.caution(PLAN, self.runs))
        told = predictions(PLAN, self.runs)
        # One epoch of 1 %, of 10 %, of both; five epochs likewise.
        self.assertEqual([each.is_warned_of for each in told], [True, False, True, False, False, False])
        self.assertIn("1 of 1 of these that no warning is beside", results.verdict(told))


def _figure(joules: float) -> dict[str, float]:
    """Known to 10 %, and to 1 % beside others."""
    return {
        "energy_j": joules,
        "energy_low_j": 0.9 * joules,
        "energy_high_j": 1.1 * joules,
        "comparison_low_j": 0.99 * joules,
        "comparison_high_j": 1.01 * joules,
    }


def _window(pattern: dict, kind: str, number: int, joules: float) -> dict:
    return {**pattern, "kind": kind, "epoch": number, "start_s": float(number), **_figure(joules)}


if __name__ == "__main__":
    unittest.main()
