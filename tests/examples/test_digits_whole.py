"""The whole of examples/digits, small."""

import signal
import unittest
from itertools import accumulate
from statistics import correlation

from digits_example import MODELS, PATIENCE_S, SMALL, ExampleCase

import wattfor


class WholeExample(ExampleCase):
    def test_trains_fits_predicts_and_goes_on_from_its_store(self):
        ended = self.example(*SMALL, "--out", "out")
        self.assertEqual((ended.returncode, ended.stderr), (0, ""))
        # Three shares and twice two beginnings of two models, each with a line of its own.
        self.assertEqual(len([line for line in ended.stdout.splitlines() if line.startswith("[")]), 14)
        self.assertIn("those of a simulated device", ended.stdout)
        self.assertIn("SAM is undefined", ended.stdout)

        runs = {run.name: run for run in wattfor.runs(self.folder / "out" / "wattfor.db")}
        self.assertEqual(len(runs), 14)
        with self.subTest("the runs carry what they are"):
            short = runs["digits_mlp_xs-10pct-2ep"]
            facts = short.record["training"]
            self.assertEqual((short.data_fraction, len(short.epochs), facts["epochs_total"]), (0.1, 2, 3))
            self.assertEqual((facts["batch_size"], facts["metric"]), (21, "top-1"))

        with self.subTest("the whole trainings are the truth of the predictions"):
            whole = {row["model"]: row for row in self.table("whole")}
            self.assertEqual(tuple(whole), MODELS)
            for model, row in whole.items():
                truth = runs[f"{model}-100pct-3ep"]
                self.assertEqual(float(row["energy_j"]), truth.energy.joules)
                self.assertEqual(float(row["accuracy"]), truth.accuracy)
                self.assertEqual((row["basis"], row["sam"]), ("simulated", ""))

        with self.subTest("R² is that of the energies in the store"):
            for row in self.table("linearity"):
                for column, percent in (("r2_epochs_least_share", 10), ("r2_epochs_all_data", 100)):
                    epochs = runs[f"{row['model']}-{percent}pct-3ep"].epochs
                    sums = list(accumulate(epoch.energy.joules for epoch in epochs))
                    self.assertAlmostEqual(float(row[column]), correlation([1, 2, 3], sums) ** 2)
                used = [runs[f"{row['model']}-{percent}pct-3ep"].energy.joules for percent in (10, 50, 100)]
                self.assertAlmostEqual(float(row["r2_shares"]), correlation([10, 50, 100], used) ** 2)

        with self.subTest("each prediction is that of its short runs, and is held against the truth"):
            rows = self.table("predictions")
            self.assertEqual([row["first_epochs"] for row in rows], ["1", "2"] * 2)
            for row in rows:
                model, epochs = row["model"], row["first_epochs"]
                seen = [runs[f"{model}-{share}pct-{epochs}ep"] for share in (2, 10)]
                answer = wattfor.extrapolate(seen, epochs=3)
                truth = float(whole[model]["energy_j"])
                self.assertAlmostEqual(float(row["predicted_j"]), answer.joules)
                self.assertAlmostEqual(float(row["error"]), answer.joules / truth - 1.0)
                inside = answer.comparison_interval.low <= truth <= answer.comparison_interval.high
                self.assertEqual(row["holds_truth"], str(inside))
            held = sum(row["holds_truth"] == "True" for row in rows)
            self.assertIn(f"{held} of {len(rows)} intervals of several shares", ended.stdout)

        with self.subTest("one share alone has a bracket, whose upper end is in proportion"):
            rows = self.table("one-share")
            self.assertEqual([float(row["data_fraction"]) for row in rows], [0.02, 0.1] * 4)
            for row in rows:
                percent = round(100.0 * float(row["data_fraction"]))
                seen = runs[f"{row['model']}-{percent}pct-{row['first_epochs']}ep"]
                answer = wattfor.extrapolate([seen], epochs=3)
                self.assertAlmostEqual(float(row["data_alone_j"]), answer.joules)
                low = answer.startup_alone.comparison_interval.low
                high = answer.data_alone.comparison_interval.high
                inside = low <= float(whole[row["model"]]["energy_j"]) <= high
                self.assertEqual(row["holds_truth"], str(inside))

        with self.subTest("what is printed is written, and the pictures are pictures"):
            self.assertIn((self.folder / "out" / "results.md").read_text(), ended.stdout)
            for name in ("energy-over-epochs.png", "energy-over-shares.png"):
                self.assertTrue((self.folder / "out" / name).read_bytes().startswith(b"\x89PNG"))

        with self.subTest("a second time nothing is trained; matplotlib may be missing"):
            (self.folder / "matplotlib.py").write_text("raise ImportError('hidden')")
            again = self.example(*SMALL, "--out", "out", PYTHONPATH=str(self.folder))
            self.assertIn("14 of 14 trainings are in out/wattfor.db already", again.stdout)
            self.assertEqual(len(wattfor.runs(self.folder / "out" / "wattfor.db")), 14)
            self.assertIn((self.folder / "out" / "results.md").read_text(), ended.stdout)
            self.assertIn("no pictures, as they need matplotlib", again.stdout)

    def test_what_was_interrupted_goes_on(self):
        words = (*SMALL, "--out", "out")
        with self.started(*words) as begun:
            first = begun.stdout.readline()
            begun.send_signal(signal.SIGINT)
            rest, errors = begun.communicate(timeout=PATIENCE_S)
        self.assertTrue(first.startswith("[ 1/14] digits_mlp_xs"), first)
        self.assertEqual((begun.returncode, errors), (130, ""))
        self.assertIn("the same words go on from there", rest)
        ended = [run for run in wattfor.runs(self.folder / "out" / "wattfor.db") if run.outcome == "done"]
        self.assertGreaterEqual(len(ended), 1)
        again = self.example(*words)
        self.assertEqual(again.returncode, 0)
        self.assertIn(f"{len(ended)} of 14 trainings are in out/wattfor.db already", again.stdout)

    def test_a_wrong_word_is_named_before_anything_is_trained(self):
        for words, told in (
            (["--models", "resnet50"], "no such model: resnet50"),
            (["--shares", "0"], "expected percentages above 0 up to 100"),
            (["--shares", "10,nan"], "expected percentages above 0 up to 100"),
            (["--epochs", "0"], "expected 1 to 10000 epochs"),
            (["--epochs", "4"], "the whole training has 4, found 5"),
            (["--simulate", "none.json"], "no such file: none.json"),
        ):
            with self.subTest(words):
                ended = self.example(*words)
                self.assertEqual(ended.returncode, 2)
                self.assertIn(told, ended.stderr)
                self.assertFalse((self.folder / "digits-energy").exists())

    def test_help_needs_no_pytorch(self):
        (self.folder / "torch.py").write_text("raise ImportError('hidden')")
        ended = self.example("--help", PYTHONPATH=str(self.folder))
        self.assertEqual(ended.returncode, 0)
        for told in ("--first-epochs", "WATTFOR_SIMULATE", "goes on where it was", "exit status"):
            self.assertIn(told, ended.stdout)
        ended = self.example("--out", "out", PYTHONPATH=str(self.folder))
        self.assertEqual(ended.returncode, 1)
        self.assertIn("apt-get install python3-torch", ended.stderr)

    def test_an_energy_that_nobody_measured_is_said_and_not_made_up(self):
        one = ("--models", "digits_mlp_xs", "--epochs", "1", "--shares", "100", "--first-epochs", "1",
               "--first-shares", "2", "--out", "out")  # fmt: skip
        ended = self.example(*one, WATTFOR_SIMULATE=str(self.folder / "none.json"))
        self.assertEqual(ended.returncode, 1)
        self.assertIn("digits_mlp_xs-2pct-1ep: no energy", ended.stderr)
        self.assertFalse((self.folder / "out" / "results.md").exists())


if __name__ == "__main__":
    unittest.main()
