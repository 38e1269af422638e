"""Several processes of a job on one node: the node is measured once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import unittest

import wattfor
from support import PATIENCE_S, TrackingCase, run_python

# A rank that does what each line of its standard input says, and answers with a line of JSON.
RANK = """
import json, sys, time, wattfor
run = wattfor.track("train", epochs_total=4).begin()
window = None
for order in sys.stdin:
    answer = None
    match order.split():
        case ["begin"]:
            window = wattfor.measure().begin()
        case ["epoch"]:
            with run.epoch() as epoch:
                pass
            answer = epoch.energy.why_missing
        case ["log", value]:
            run.log(accuracy=float(value))
        case ["truth"]:
            window.end()
            interval = window.energy.interval
            answer = [interval.low, window._window.true_joules, interval.high]
        case ["checkpoint"]:
            run._run.checkpoint()
        case ["await", other]:
            while run.id in ("", other):
                time.sleep(0.01)
        case ["end"]:
            run.end()
        case ["energy"]:
            answer = [run.id, run.energy.joules, run.energy.why_missing, len(run.epochs)]
    print(json.dumps(answer), flush=True)
"""


class Rank:
    def __init__(self, case: RanksTest, rank: int) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", RANK],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={
                **os.environ,
                "WATTFOR_SIMULATE": str(case.board),
                "WATTFOR_DB": str(case.db),
                "RANK": str(rank),
                "LOCAL_RANK": str(rank),
                "WORLD_SIZE": "4",
                "LOCAL_WORLD_SIZE": "4",
                "MASTER_ADDR": "localhost",
                "MASTER_PORT": str(case.db),  # no port: no other test's ranks are these
                "TORCHELASTIC_RUN_ID": "night",
            },
        )
        case.addCleanup(self.end)
        self.errors: str | None = None

    def __call__(self, order: str):
        self.process.stdin.write(order + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def end(self) -> str:
        """Waits for its end; what it said on the way."""
        if self.errors is None:
            with self.process:
                self.process.stdin.close()
                self.errors = self.process.stderr.read()
                self.process.wait(timeout=PATIENCE_S)
        return self.errors


class RanksTest(TrackingCase):
    def ranks(self, count: int) -> list[Rank]:
        """Begun one after another, so that the first one measures."""
        ranks = []
        for number in range(count):
            ranks.append(Rank(self, number))
            ranks[-1]("energy")
        return ranks

    def test_four_ranks_are_one_record_with_the_energy_of_one_node(self):
        ranks = self.ranks(4)
        ranks[0]("begin")
        for _ in range(2):
            for rank in ranks:
                rank("epoch")
        low, truth, high = ranks[0]("truth")
        for rank in reversed(ranks):  # the one that measures last
            rank("end")
        self.assertEqual([rank.end() for rank in ranks], ["", "", "", ""])
        run = self.recorded()
        self.assertTrue(low <= truth <= high, (low, truth, high))
        # Whoever works on it, and however many: the board draws 300 W from the run's begin to its end.
        truth = 300.0 * run.energy.duration_s
        interval = run.energy.interval
        self.assertTrue(interval.low <= truth <= interval.high, (run.energy, truth))
        self.assertLess(interval.high, 2.0 * truth)
        self.assertEqual([epoch.number for epoch in run.epochs], [1, 2])
        self.assertEqual(run.record["context"]["job"]["RANK"], "0")
        self.assertFalse([each for each in run.warnings if "whole node" in each], run.warnings)

    def test_every_rank_tells_the_figures_of_the_one_that_measures(self):
        first, second = self.ranks(2)
        why = second("epoch")
        self.assertIn("this node is measured by rank 0 of this job, in record", why)
        first("epoch")
        first("checkpoint")
        record, joules, _, epochs = second("energy")
        self.assertGreater(joules, 0.0)
        self.assertEqual(epochs, 1)
        second("end")
        first("end")
        self.assertEqual(second("energy"), first("energy"), "also after the end of both")
        self.assertEqual(second("energy")[0], self.recorded().id)
        self.assertEqual(record, self.recorded().id)

    def test_what_any_rank_logs_is_in_the_record(self):
        first, second = self.ranks(2)
        second("log 0.75")
        for rank in (second, first):
            rank("end")
            self.assertEqual(rank.end(), "")
        self.assertEqual(self.recorded().accuracy, 0.75)

    def test_what_is_logged_once_the_measuring_rank_has_left_is_warned_of(self):
        first, second = self.ranks(2)
        first("end")
        second("log 0.75")
        said = second.end()
        self.assertIn("accuracy=0.75 is not in that: it has ended the run", said)

    def test_the_death_of_the_one_that_measures_hands_over(self):
        first, second = self.ranks(2)
        for rank in (first, second):
            rank("epoch")
        first("checkpoint")
        dead = first("energy")[0]
        first.process.kill()
        first.process.wait(timeout=PATIENCE_S)
        second(f"await {dead}")
        second("epoch")
        second("end")
        self.assertEqual(second.end(), "")
        before, after = wattfor.runs(self.db)
        self.assertEqual((before.id, before.outcome), (dead, "interrupted"))
        self.assertEqual(after.outcome, "done")
        self.assertEqual([[each.number for each in run.epochs] for run in (before, after)], [[1], [2]])
        self.assertIn(f"record {dead} has what was before", " ".join(after.warnings))
        self.assertEqual(after.record["training"]["epochs_total"], 4)

    def test_a_rank_that_measures_nothing_starts_no_meter(self):
        first, second = self.ranks(2)
        threads = [
            len(os.listdir(f"/proc/{rank.process.pid}/task")) for rank in (first, second)
        ]
        self.assertLess(threads[1], threads[0])

    def test_a_process_alone_in_its_job_measures_with_nobody(self):
        ended = run_python(
            "import wattfor\nwith wattfor.track('alone') as run: pass\nprint(run.energy.joules > 0)",
            WATTFOR_SIMULATE=str(self.board), WATTFOR_DB=str(self.db), WORLD_SIZE="1",
            RANK="0", LOCAL_WORLD_SIZE="1", MASTER_ADDR="localhost", MASTER_PORT="1",
        )  # fmt: skip
        self.assertEqual((ended.stdout, ended.stderr), ("True\n", ""))


if __name__ == "__main__":
    unittest.main()
