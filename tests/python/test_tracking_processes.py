"""Kills, exits, forks and signals while a run is tracked: its record is whole, and nobody else's."""

import os
import subprocess
import sys
import unittest

import wattfor
from support import PATIENCE_S, TrackingCase


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

    def test_a_run_that_an_exception_left_open_has_failed(self):
        ended = self.run_tracking(
            """
            import wattfor
            run = wattfor.track("open").begin()
            raise RuntimeError("out of luck")
            """
        )
        self.assertEqual(ended.returncode, 1)
        record = self.recorded()
        self.assertEqual(record.outcome, "failed")
        self.assertEqual(record.record["reason"], "the program ended: RuntimeError: out of luck")

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

    def test_a_forked_child_that_outlives_its_parents_run_keeps_its_own(self):
        ended = self.run_tracking(
            """
            import os
            import wattfor
            parent_has_ended, ends = os.pipe()
            with wattfor.track("parent"):
                child = os.fork()
                if child == 0:
                    with wattfor.track("child") as run:
                        with run.epoch():
                            os.close(ends)
                            os.read(parent_has_ended, 1)
                    os._exit(0)
            os.close(ends)
            print(os.waitpid(child, 0)[1])
            """
        )
        self.assertEqual((ended.stdout, ended.stderr), ("0\n", ""))
        self.assertEqual([run.name for run in wattfor.runs(self.db)], ["parent", "child"])
        self.assertEqual(len(wattfor.runs(self.db)[1].epochs), 1)

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


if __name__ == "__main__":
    unittest.main()
