import json
import math
import os
import subprocess
import sys
import sysconfig
import threading
import types
import unittest
from pathlib import Path
from unittest import mock

import wattfor
from support import PATIENCE_S, SimulatedCase, warnings_of, work


class TrackingCase(SimulatedCase):
    def setUp(self) -> None:
        super().setUp()
        self.db = self.folder / "wattfor.db"

    def tracked(self, name: str = "digits", **settings: object) -> wattfor.Run:
        return wattfor.track(name, db=self.db, **settings)

    def recorded(self) -> wattfor.RecordedRun:
        """The one run in the store."""
        (run,) = wattfor.runs(self.db)
        return run

    def run_tracking(self, code: str) -> subprocess.CompletedProcess[str]:
        return self.run_python(code, WATTFOR_DB=str(self.db))


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


class ProcessesTest(TrackingCase):
    def test_a_killed_run_is_marked_interrupted_and_keeps_its_epochs(self):
        child = subprocess.Popen(
            [
                sys.executable,
                "-c",
                "import sys, wattfor\n"
                "with wattfor.track('killed', epochs_total=9) as run:\n"
                "    for _ in range(2):\n"
                "        with run.epoch() as epoch:\n"
                "            pass\n"
                "    run._run.checkpoint()\n"
                "    print('go', flush=True)\n"
                "    sys.stdin.read()\n",
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "WATTFOR_SIMULATE": str(self.board), "WATTFOR_DB": str(self.db)},
        )
        with child:
            self.assertEqual(child.stdout.readline(), b"go\n")
            child.kill()
            child.wait(timeout=PATIENCE_S)
        with self.tracked("later"):  # whoever opens the store next takes it over
            pass
        killed, later = wattfor.runs(self.db)
        self.assertEqual((killed.name, killed.outcome), ("killed", "interrupted"))
        self.assertEqual([epoch.number for epoch in killed.epochs], [1, 2])
        self.assertEqual(killed.record["training"]["epochs_total"], 9)

    def test_a_run_that_is_open_as_the_program_ends_is_stored(self):
        ended = self.run_tracking(
            """
            import wattfor
            run = wattfor.track("open").begin()
            run.mark_epoch()
            """
        )
        self.assertEqual((ended.returncode, ended.stderr), (0, ""))
        record = self.recorded()
        self.assertEqual((record.outcome, len(record.epochs)), ("done", 1))
        self.assertEqual(record.record["reason"], "it was open as the program ended")

    def test_a_run_that_is_dropped_is_stored(self):
        ended = self.run_tracking(
            """
            import wattfor
            run = wattfor.track("dropped").begin()
            del run
            """
        )
        self.assertEqual((ended.returncode, ended.stderr), (0, ""))
        self.assertEqual(self.recorded().outcome, "interrupted")

    def test_sys_exit_within_a_run_keeps_its_status_and_is_in_the_record(self):
        for status, outcome in ((0, "done"), (3, "interrupted")):
            with self.subTest(status):
                ended = self.run_tracking(
                    f"import sys, wattfor\nwith wattfor.track('exits'): sys.exit({status})"
                )
                self.assertEqual((ended.returncode, ended.stderr), (status, ""))
                self.assertEqual(wattfor.runs(self.db)[-1].outcome, outcome)

    def test_a_forked_child_writes_nothing_into_its_parents_record(self):
        ended = self.run_tracking(
            """
            import os, sys, warnings
            import wattfor
            warnings.simplefilter("ignore")
            with wattfor.track("parent") as run:
                with run.epoch():
                    child = os.fork()
                    if child == 0:
                        run.mark_epoch()
                        run.log(accuracy=0.1)
                        print("child", run.energy.basis, flush=True)
                        sys.exit(0)
                    os.waitpid(child, 0)
            print(len(run.epochs), run.sam().accuracy)
            """
        )
        self.assertEqual((ended.stdout, ended.stderr), ("child missing\n1 None\n", ""))
        self.assertEqual((len(wattfor.runs(self.db)), self.recorded().outcome), (1, "done"))

    def test_a_forked_child_may_track_a_run_of_its_own(self):
        ended = self.run_tracking(
            """
            import multiprocessing
            import wattfor

            def train(rank):
                with wattfor.track(f"rank {rank}") as run:
                    with run.epoch():
                        pass

            fork = multiprocessing.get_context("fork")
            with wattfor.track("launcher"):
                ranks = [fork.Process(target=train, args=(rank,)) for rank in range(2)]
                for rank in ranks:
                    rank.start()
                for rank in ranks:
                    rank.join()
            print([rank.exitcode for rank in ranks])
            """
        )
        self.assertEqual((ended.stdout, ended.stderr), ("[0, 0]\n", ""))
        names = sorted(run.name for run in wattfor.runs(self.db))
        self.assertEqual(names, ["launcher", "rank 0", "rank 1"])

    def test_an_interrupt_while_the_record_is_finished_loses_nothing(self):
        ended = self.run_tracking(
            """
            import os, signal
            import wattfor
            try:
                with wattfor.track("interrupted"):
                    os.kill(os.getpid(), signal.SIGINT)
                    while True:
                        pass
            except KeyboardInterrupt:
                print("stopped")
            """
        )
        self.assertEqual((ended.stdout, ended.stderr), ("stopped\n", ""))
        self.assertEqual(self.recorded().outcome, "interrupted")

    def test_signals_reach_the_programs_own_thread(self):
        # Not one of wattfor's: Python hands them to its main thread alone, which may sleep.
        ended = self.run_tracking(
            """
            import os, signal
            import wattfor
            with wattfor.track("signalled"):
                signal.signal(signal.SIGUSR1, lambda *_: print("came"))
                os.kill(os.getpid(), signal.SIGUSR1)
            """
        )
        self.assertEqual(ended.stdout, "came\n")


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
