"""Ranks of a job: `wattfor run` measures a node once, and jobs are summed over their nodes."""

import json
import subprocess
import time
import unittest
from datetime import datetime, timedelta, timezone

from program import ProgramTest

RUN = ("run", "--idle-seconds", "0", "--name", "train", "--")
WAITING = ("sh", "-c", "echo begun; read line")


class Ranks(ProgramTest):
    def begin(self, rank: int) -> subprocess.Popen:
        """A task of a step, as srun starts it."""
        step = {
            "SLURM_JOB_ID": "4711", "SLURM_STEP_ID": str(self.db), "SLURM_PROCID": str(rank),
            "SLURM_NODEID": "0", "SLURM_STEP_TASKS_PER_NODE": "4",
        }  # fmt: skip
        process = self.start(*RUN, *WAITING, env=step, stdin=subprocess.PIPE)
        self.assertEqual(process.stdout.readline(), "begun\n")
        return process

    def end(self, process: subprocess.Popen) -> str:
        return " ".join(process.communicate("\n", timeout=60)[1].split())

    def test_four_tasks_on_a_node_have_one_record(self):
        self.add_rapl_package()
        tasks = [self.begin(rank) for rank in range(4)]
        said = [self.end(task) for task in reversed(tasks)]
        (record,) = self.records()
        for each in said[:3]:
            self.assertIn(f"this node is measured by rank 0 of this job, in record {record['id']}", each)
        self.assertIn(record["id"], said[3])
        self.assertEqual([task.returncode for task in tasks], [0, 0, 0, 0])
        self.assertEqual(record["context"]["job"]["SLURM_PROCID"], "0")

    def test_when_the_one_that_measures_is_killed_another_does(self):
        first, second = self.begin(0), self.begin(1)
        with first:
            self.await_checkpoint()
            first.kill()
        deadline = time.monotonic() + 60
        while not self.records():  # whoever takes over sees to the dead one's record
            self.assertLess(time.monotonic(), deadline)
        self.end(second)
        dead, rest = self.records()
        self.assertEqual((dead["outcome"], rest["outcome"]), ("interrupted", "done"))
        self.assertIn(f"record {dead['id']} has what was before", " ".join(rest["warnings"]))
        job = json.loads(self.wattfor("runs", "job:4711", "--json").stdout)[0]
        self.assertEqual((job["settings"]["nodes"], job["settings"]["records"]), ("1", "2"))
        self.assertEqual(job["outcome"], "done")


class Jobs(ProgramTest):
    def setUp(self):
        super().setUp()
        self.add_rapl_package()
        self.wattfor(*RUN, "true", env={"WATTFOR_JOB": "night"})
        exported = json.loads(self.wattfor("export", "--format", "json").stdout)
        (self.record,) = exported["measurements"]
        self.record["energy"]["total"]["energy_j"] = 1000.0
        for key in ("energy_low_j", "comparison_low_j"):
            self.record["energy"]["total"][key] = 900.0
        for key in ("energy_high_j", "comparison_high_j"):
            self.record["energy"]["total"][key] = 1100.0
        begun = datetime(2026, 1, 31, 12, tzinfo=timezone.utc)
        self.record["energy"]["duration_s"] = 60.0
        others = []
        for number, (node, minute) in enumerate((("n1", 0), ("n2", 0), ("n2", 0))):
            other = json.loads(json.dumps(self.record))
            other["id"] = f"{number}" * 8
            other["machine"]["hostname"] = node
            other["context"]["job"] = {"SLURM_JOB_ID": "4711"}
            other["started_at"] = (begun + timedelta(minutes=minute)).strftime("%FT%T.000Z")
            others.append(other)
        exported["measurements"] = others
        (self.home / "nodes.json").write_text(json.dumps(exported))
        self.wattfor("import", str(self.home / "nodes.json"))

    def test_the_jobs_are_listed_with_what_they_took(self):
        listed = self.wattfor("runs", "--jobs").stdout
        self.assertIn("job:night", listed)
        self.assertRegex(listed, r"job:4711 .* 2\.00 kJ")

    def test_a_job_stands_where_a_run_may(self):
        (job,) = json.loads(self.wattfor("runs", "job:4711", "--json").stdout)
        self.assertEqual(job["energy"]["total"]["energy_j"], 2000.0)
        self.assertEqual(job["energy"]["total"]["energy_high_j"], 2200.0)
        self.assertIn("of record 22222222 nothing counts", " ".join(job["warnings"]))
        footprint = json.loads(self.wattfor("footprint", "job:4711", "--json").stdout)
        self.assertIn("2000.0", json.dumps(footprint))

    def test_a_job_that_is_not_there_is_named_with_its_neighbour(self):
        answer = self.wattfor("runs", "job:471", status=1)
        self.assertIn("there is no job '471'; did you mean '4711'?", " ".join(answer.stderr.split()))

    def test_no_name_is_no_job(self):  # job:$SLURM_JOB_ID where it is not set
        self.assertIn("there is no job ''", self.wattfor("runs", "job:", status=1).stderr)

    def test_a_job_and_one_of_its_runs_are_not_added(self):
        answer = self.wattfor("footprint", "job:4711", "00000000", status=2)
        self.assertIn("'00000000' is a part of 'job:4711'", " ".join(answer.stderr.split()))

    def test_jobs_and_names_exclude_each_other(self):
        self.wattfor("runs", "--jobs", "train", status=2)


class NoJobs(ProgramTest):
    def test_a_store_without_jobs_says_how_to_name_one(self):
        self.wattfor(*RUN, "true")
        self.assertIn("$WATTFOR_JOB", self.wattfor("runs", "--jobs").stdout)
        self.assertIn("there is no job '1'", self.wattfor("runs", "job:1", status=1).stderr)


if __name__ == "__main__":
    unittest.main()
