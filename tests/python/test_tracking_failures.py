import json
import math
import os
import unittest
from unittest import mock

import wattfor
from support import TrackingCase, warnings_of, work


class WrongArgumentsTest(TrackingCase):
    def refused(self, words: str, **settings: object) -> None:
        with self.assertRaisesRegex(ValueError, words):
            self.tracked(**settings)

    def test_absurd_numbers_of_epochs_are_refused(self):
        for epochs in (0, -1, 10**9 + 1):
            with self.subTest(epochs):
                self.refused("epochs_total: expected 1 to 1000000000 epochs", epochs_total=epochs)

    def test_absurd_shares_of_the_data_are_refused(self):
        for share in (0.0, -0.1, 1.01, math.nan, math.inf):
            with self.subTest(share):
                self.refused("data_fraction: expected the share of the data", data_fraction=share)

    def test_an_unknown_phase_is_refused(self):
        self.refused("phase: expected one of training, pre-training", phase="cooking")

    def test_a_batch_of_nothing_is_refused(self):
        self.refused("batch_size: expected at least 1 sample", batch_size=0)

    def test_an_absurd_idle_time_is_refused(self):
        for seconds in (-1.0, math.nan, 1e9):
            with self.subTest(seconds):
                self.refused("idle_seconds=", idle_seconds=seconds)

    def test_what_is_of_another_kind_is_refused(self):
        for word, value in (
            ("epochs_total", 1.5),
            ("epochs_total", "90"),
            ("data_fraction", "all"),
            ("model", 3),
            ("builds_on", [3]),
        ):
            with self.subTest(word), self.assertRaises(TypeError):
                self.tracked(**{word: value})
        with self.assertRaisesRegex(TypeError, "a run's name is a str, not int"):
            wattfor.track(3)

    def test_an_accuracy_in_percent_is_refused_and_its_word_named(self):
        with self.tracked() as run:
            for accuracy in (76.1, 1.0001, -0.1, math.nan):
                with self.subTest(accuracy):
                    with self.assertRaisesRegex(ValueError, "share from 0 to 1.*accuracy_percent"):
                        run.log(accuracy=accuracy)
            with self.assertRaisesRegex(ValueError, "percentage from 0 to 100"):
                run.log(accuracy_percent=101)
            run.log(accuracy_percent=76.1)
        self.assertAlmostEqual(self.recorded().accuracy, 0.761)

    def test_an_unknown_fact_is_refused_and_the_known_ones_named(self):
        with self.tracked() as run:
            with self.assertRaisesRegex(ValueError, "no fact is called 'acuracy'.*accuracy"):
                run.log(acuracy=0.5)

    def test_steps_that_count_down_are_refused(self):
        with self.tracked() as run:
            run.mark_step(10)
            with self.assertRaisesRegex(ValueError, "10 steps were done already, and now 9"):
                run.mark_step(9)

    def test_absurd_epochs_are_refused(self):
        with self.tracked() as run:
            for number in (-1, 10**9 + 1):
                with self.subTest(number), self.assertRaisesRegex(ValueError, "an epoch's number"):
                    run.epoch(number)
            with self.assertRaises(TypeError):
                run.mark_epoch(1.5)

    def test_a_run_is_used_once(self):
        with self.tracked() as run:
            with self.assertRaisesRegex(RuntimeError, "begun before"):
                run.begin()


class FailureTest(TrackingCase):
    def test_an_exception_passes_and_the_record_says_so(self):
        with self.assertRaisesRegex(KeyError, "lost"):
            with self.tracked() as run:
                with run.epoch():
                    work(0.02)
                with run.epoch():
                    raise KeyError("lost")
        record = self.recorded()
        self.assertEqual(record.outcome, "failed")
        self.assertEqual(record.record["reason"], "KeyError: 'lost'")
        self.assertEqual([epoch.ended for epoch in record.epochs], [True, False])

    def test_an_interrupt_passes_and_the_record_says_so(self):
        with self.assertRaises(KeyboardInterrupt):
            with self.tracked():
                raise KeyboardInterrupt
        self.assertEqual(self.recorded().outcome, "interrupted")

    def test_an_epoch_that_broke_off_is_not_extrapolated_from(self):
        with self.tracked() as run:
            for _ in range(3):
                with run.epoch():
                    work(0.03)
            try:
                with run.epoch():
                    raise KeyError("no memory")
            except KeyError:
                pass
            with run.epoch():
                work(0.03)
        self.assertEqual([epoch.ended for epoch in run.epochs], [True, True, True, False, True])
        self.assertIn("epoch 4 was never ended", " ".join(self.recorded().warnings))
        self.assertEqual(len(run.extrapolate(epochs=9).details["runs"][0]["residuals_j"]), 4)

    def test_a_store_in_a_folder_that_can_not_be_written_costs_the_store_alone(self):
        runs = []

        def train() -> None:
            with wattfor.track("digits", db="/proc/no/wattfor.db") as run:
                with run.epoch():
                    work(0.05)
            runs.append(run)

        with mock.patch.dict(os.environ, {"TMPDIR": str(self.folder)}):
            said = warnings_of(train)
        (run,) = runs
        self.assertIn("is measured, but its record can't be kept", said[0])
        self.assertIn("is not in the store", said[1])
        self.assertGreater(run.energy.joules, 0.0)
        (kept,) = self.folder.glob("wattfor-*.json")
        (record,) = json.loads(kept.read_text())["measurements"]
        self.assertEqual(record["id"], run.id)
        self.assertIn("/proc/no", " ".join(record["warnings"]))

    def test_a_file_that_is_no_store_costs_the_store_alone(self):
        self.db.write_text("this is no store")
        with mock.patch.dict(os.environ, {"TMPDIR": str(self.folder)}):
            said = warnings_of(lambda: self.tracked().__enter__().end())
        self.assertIn("wattfor.db", said[0])
        self.assertEqual(self.db.read_text(), "this is no store")

    def test_a_disk_that_fills_up_meanwhile_costs_the_record_alone(self):
        # What is beyond the limit of a file's size can't be written, as on a full disk.
        ended = self.run_tracking(
            """
            import resource, warnings
            import wattfor
            warnings.simplefilter("always")
            with wattfor.track("full") as run:
                resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
                with run.epoch():
                    while run.energy.duration_s < 0.1:
                        pass
            print(run.energy.basis, len(run.epochs))
            """
        )
        self.assertEqual((ended.returncode, ended.stdout), (0, "simulated 1\n"))
        self.assertIn("the record of 'full' is not in the store", ended.stderr)
        self.assertIn("it is lost", ended.stderr)

    def test_without_a_meter_the_training_goes_on_and_all_is_missing(self):
        wattfor.configure(simulate=self.folder / "gone.json")
        runs = []

        def train() -> None:
            with self.tracked(epochs_total=9) as run:
                with run.epoch() as epoch, run.measure("step"):
                    run.mark_step()
                run.mark_epoch()
                run.log(accuracy=0.5)
            runs.append((run, epoch))

        self.assertEqual(len(warnings_of(train)), 1)
        ((run, epoch),) = runs
        self.assertEqual((run.energy.basis, epoch.energy.basis), ("missing", "missing"))
        self.assertEqual((run.epochs, run.id), ((), ""))
        self.assertIn("no epoch", str(run.extrapolate()))
        self.assertFalse(run.sam())
        self.assertIn("nothing is measured", str(run.energy))

    def test_what_is_marked_before_and_after_is_warned_of(self):
        run = self.tracked()
        self.assertIn("is not begun", warnings_of(run.mark_epoch)[0])
        with run:
            pass
        self.assertIn("has ended", warnings_of(run.mark_epoch)[0])
        self.assertEqual(run.epochs, ())

    def test_an_accuracy_told_too_late_is_warned_of_and_scored_all_the_same(self):
        with self.tracked() as run:
            with run.epoch():
                work(0.02)
        said = warnings_of(lambda: run.log(accuracy=0.9))
        self.assertIn("its record is without it", said[0])
        self.assertEqual(run.sam().accuracy, 0.9)
        self.assertIsNone(self.recorded().accuracy)


class HostileTextTest(TrackingCase):
    def test_text_that_is_no_utf8_ends_nothing(self):
        with self.tracked("caf\udce9") as run:
            with run.measure("f\udce9"):
                pass
            with run.epoch():
                work(0.02)
        record = self.recorded()
        self.assertEqual((record.name, record.outcome), ("caf?", "done"))
        self.assertEqual(len(record.epochs), 1)

    def test_an_exception_that_can_not_say_what_it_is_passes_and_ends_the_run(self):
        class Mute(Exception):
            def __str__(self) -> str:
                raise TypeError("no words")

        with self.assertRaises(Mute):
            with self.tracked():
                raise Mute
        self.assertEqual(self.recorded().outcome, "failed")
        self.assertEqual(self.recorded().record["reason"], "Mute")

    def test_an_exception_of_no_utf8_is_the_runs_reason(self):
        with self.assertRaises(ValueError):
            with self.tracked():
                raise ValueError("f\udce9.png")
        self.assertEqual(self.recorded().record["reason"], "ValueError: f?.png")

    def test_an_absurd_count_of_steps_is_refused_and_the_run_goes_on(self):
        with self.tracked() as run:
            for steps in (-1, 10**30):
                with self.assertRaises(ValueError):
                    run.mark_step(steps)
            run.mark_step(3)
        self.assertEqual(self.recorded().record["steps"], 3)


if __name__ == "__main__":
    unittest.main()
