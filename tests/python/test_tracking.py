import json
import subprocess
import sys
import sysconfig
import threading
import types
import unittest
from pathlib import Path
from unittest import mock

import wattfor
from support import TrackingCase, work


class TrackTest(TrackingCase):
    def test_a_training_becomes_a_record_of_the_store(self):
        with self.tracked(epochs_total=90, data_fraction=0.01, batch_size=32, dataset="digits") as run:
            for _ in range(3):
                with run.epoch():
                    work(0.03)
            run.log(accuracy=0.761, metric="top-1")
        record = self.recorded().record
        self.assertEqual(record, run.record)
        self.assertEqual((record["id"], record["name"]), (run.id, "digits"))
        self.assertEqual((record["outcome"], record["reason"]), ("done", ""))
        training = record["training"]
        self.assertEqual((training["model"], training["dataset"]), ("digits", "digits"))
        self.assertEqual((training["epochs_total"], training["data_fraction"]), (90, 0.01))
        self.assertEqual((training["batch_size"], training["phase"]), (32, "training"))
        self.assertEqual((training["accuracy_percent"], training["metric"]), (76.1, "top-1"))

    def test_its_energy_is_that_of_its_epochs_and_what_lies_between(self):
        with self.tracked() as run:
            for _ in range(3):
                with run.epoch():
                    work(0.05)
        self.assertEqual([epoch.number for epoch in run.epochs], [1, 2, 3])
        self.assertTrue(all(epoch.ended for epoch in run.epochs))
        of_epochs = sum(epoch.energy.joules for epoch in run.epochs)
        self.assertLessEqual(of_epochs, run.energy.interval.high)
        self.assertGreater(of_epochs, 0.8 * run.energy.interval.low)
        self.assertEqual(run.energy.basis, "simulated")

    def test_epochs_may_be_marked_at_their_ends_alone(self):
        with self.tracked() as run:
            for number in (7, 8):
                work(0.03)
                run.mark_epoch(number)
        self.assertEqual([epoch.number for epoch in run.epochs], [7, 8])

    def test_steps_are_counted_in_all_and_by_epoch(self):
        with self.tracked() as run:
            with run.epoch():
                for _ in range(5):
                    run.mark_step()
            with run.epoch():
                run.mark_step(12)
        self.assertEqual(run.record["steps"], 12)
        self.assertEqual([epoch.steps for epoch in run.epochs], [5, 7])

    def test_windows_nest_and_overlap_epochs(self):
        with self.tracked() as run:
            with run.epoch(), run.measure("forward") as forward:
                work(0.03)
                with run.measure("loss") as loss:
                    work(0.03)
        self.assertGreater(forward.energy.joules, loss.energy.joules)
        listed = {window["name"]: window for window in run.record["windows"]}
        self.assertEqual(listed["loss"]["energy_j"], loss.energy.joules)
        self.assertEqual(listed["forward"]["kind"], "named")

    def test_figures_may_be_asked_for_while_it_goes_on(self):
        with self.tracked(epochs_total=4) as run:
            for _ in range(3):
                with run.epoch() as epoch:
                    work(0.04)
            self.assertFalse(run.energy.is_final)
            self.assertTrue(epoch.energy.is_final)
            self.assertEqual(epoch.energy.scope, "gpu")
            self.assertEqual(len(run.epochs), 3)
            so_far = run.extrapolate(fraction=1.0)
        self.assertEqual(so_far.epochs, 4)
        self.assertGreater(so_far.interval.high, so_far.joules)
        self.assertTrue(run.energy.is_final)

    def test_names_what_it_ran_on_and_with(self):
        torch = types.SimpleNamespace(
            __version__="2.9", cuda=types.SimpleNamespace(is_initialized=lambda: False)
        )
        with mock.patch.dict(sys.modules, {"torch": torch}):
            with self.tracked() as run:
                pass
        self.assertEqual(run.record["settings"]["torch"], "2.9")
        self.assertIn("python", run.record["settings"])
        self.assertEqual(run.record["command"]["arguments"], sys.orig_argv)
        self.assertGreater(run.record["machine"]["logical_cpus"], 0)

    def test_idle_power_measured_before_gives_net_energy(self):
        with self.tracked(idle_seconds=0.1) as run:
            work(0.1)
        # 300 W less the 60 W at rest.
        self.assertAlmostEqual(run.energy.net_joules / run.energy.joules, 240 / 300, delta=0.15)

    def test_two_runs_of_one_name_are_two_records(self):
        for _ in range(2):
            with self.tracked("twin"):
                pass
        first, second = wattfor.runs(self.db)
        self.assertEqual((first.name, second.name), ("twin", "twin"))
        self.assertNotEqual(first.id, second.id)

    def test_runs_may_overlap(self):
        with self.tracked("outer") as outer:
            with self.tracked("inner") as inner:
                work(0.05)
            work(0.02)
        self.assertGreater(outer.energy.joules, inner.energy.joules)
        self.assertEqual([run.name for run in wattfor.runs(self.db)], ["inner", "outer"])

    def test_the_program_reads_what_the_package_wrote(self):
        wattfor.configure()  # an export leaves out what was simulated
        with self.tracked() as run:
            with run.epoch():
                pass
        program = Path(sysconfig.get_path("scripts")) / "wattfor"
        exported = subprocess.run(
            [program, "export", "--db", self.db], capture_output=True, check=True
        )
        (record,) = json.loads(exported.stdout)["measurements"]
        self.assertEqual(record["id"], run.id)

    def test_marks_of_many_threads_lose_nothing(self):
        with self.tracked() as run:

            def mark() -> None:
                for _ in range(100):
                    run.mark_step()
                    with run.measure("step"):
                        pass

            threads = [threading.Thread(target=mark) for _ in range(4)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        self.assertEqual(run.record["steps"], 400)
        self.assertEqual(len(run.record["windows"]), 400)

    def test_a_table_of_its_windows_where_pandas_is_there(self):
        with self.tracked() as run:
            with run.epoch():
                pass
        with mock.patch.dict(sys.modules, {"pandas": None}):
            with self.assertRaisesRegex(ImportError, "needs pandas, which is not installed"):
                run.to_dataframe()
        made = mock.Mock()
        with mock.patch.dict(sys.modules, {"pandas": made}):
            run.to_dataframe()
        rows, columns = made.DataFrame.call_args.args[0], made.DataFrame.call_args.kwargs["columns"]
        self.assertEqual(len(rows), len(run.record["windows"]))
        self.assertEqual(columns[:3], ["kind", "name", "epoch"])
        self.assertEqual(len(rows[0]), len(columns))

    def test_is_described_in_a_line(self):
        with self.tracked() as run:
            work(0.05)
        self.assertRegex(repr(run), r"^<wattfor\.Run 'digits': .* J .* simulated \(gpu\) over ")


class StoreTest(TrackingCase):
    def test_a_store_that_is_not_there_is_named(self):
        with self.assertRaisesRegex(FileNotFoundError, "absent.db"):
            wattfor.runs(self.folder / "absent.db")

    def test_runs_of_the_program_are_among_them(self):
        program = Path(sysconfig.get_path("scripts")) / "wattfor"
        subprocess.run(
            [program, "run", "--db", self.db, "--simulate", self.board, "--", "true"],
            capture_output=True,
            check=True,
        )
        self.assertEqual(self.recorded().record["command"]["arguments"], ["true"])
        self.assertEqual(self.recorded().epochs, ())

    def test_the_default_store_is_that_of_the_environment(self):
        ended = self.run_tracking(
            "import wattfor\nwith wattfor.track('default'): pass\nprint(len(wattfor.runs()))"
        )
        self.assertEqual(ended.stdout, "1\n")

if __name__ == "__main__":
    unittest.main()
