"""What surrounds a measurement: `wattfor run` records it and warns where it misleads."""

import json
import os
import unittest

from program import ProgramTest

QUICK = ("--idle-seconds", "0")


def stat_line(pid: int, name: str, parent: int, ticks: int, waited: int = 0) -> str:
    """A process's line under /proc, with the ticks it took and those of children it waited for."""
    return f"{pid} ({name}) S {parent} 1 1 0 -1 0 0 0 0 0 {ticks} 0 {waited} 0 20 0 1 0 7 0 0\n"


class Context(ProgramTest):
    """On a fake machine of 64 CPUs in whose /proc wattfor is process 10."""

    def setUp(self) -> None:
        super().setUp()
        self.proc = self.home / "proc"
        self.env["WATTFOR_PROCFS"] = str(self.proc)
        self.write("cpuinfo", "".join(f"processor\t: {n}\n" for n in range(64)))
        self.write("self/stat", stat_line(10, "wattfor", 1, 0))
        self.write("10/stat", stat_line(10, "wattfor", 1, 0))
        self.write("stat", "cpu  1000 0 0 0 0 0 0 0 0 0\n")

    def write(self, path, text, root=None) -> None:
        file = (root or self.proc) / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text if isinstance(text, bytes) else text.encode())

    def run_while(self, changes: dict, **options):
        """Runs a command that changes the fake /proc as other programs would meanwhile."""
        (self.home / "later").mkdir()
        for path, text in changes.items():
            self.write(path, text, self.home / "later")
        command = ("cp", "-r", f"{self.home / 'later'}/.", self.proc)
        answer = self.wattfor("run", *QUICK, "--json", self.home / "r.json", "--", *command, **options)
        record = json.loads((self.home / "r.json").read_text())
        self.assertEqual(record, self.records()[-1], "the store has what the file has")
        return record, answer.stderr

    def test_other_programs_time_is_recorded_and_warned_of(self):
        self.write("17/stat", stat_line(17, "chrome", 1, 500))
        record, stderr = self.run_while(
            {
                "17/stat": stat_line(17, "chrome", 1, 780),
                "10/stat": stat_line(10, "wattfor", 1, 10, 390),  # the command's time among it
                "stat": "cpu  1700 0 0 300 0 0 0 0 0 0\n",
            }
        )
        context = record["context"]
        self.assertAlmostEqual(context["others_cpu_percent"], 30.0)
        self.assertEqual(
            context["others"],
            [{"name": "chrome", "pid": 17, "component": "cpu", "cpu_percent": 28.0,
              "memory_bytes": None, "use": "compute"}],
        )  # fmt: skip
        warning = "other programs took 30 % of the CPUs' time (chrome, pid 17, 28 %)"
        self.assertTrue(any(line.startswith(warning) for line in record["warnings"]), record["warnings"])
        self.assertIn(warning, " ".join(stderr.split()))

    def test_the_commands_own_time_is_not_warned_of(self):
        record, stderr = self.run_while(
            {
                "10/stat": stat_line(10, "wattfor", 1, 10, 690),
                "stat": "cpu  1700 0 0 300 0 0 0 0 0 0\n",
            }
        )
        self.assertEqual(record["context"]["others_cpu_percent"], 0.0)
        self.assertNotIn("other programs", stderr)
        self.assertNotIn("context:", stderr)

    def test_a_program_that_computes_on_a_gpu_is_warned_of(self):
        gpu = {"live": True, "processes": [{"pid": 77, "bytes": 1e6}, {"pid": 78, "bytes": 1e6}]}
        self.write("gpus.json", json.dumps({"gpus": [gpu]}), self.home)
        self.env["WATTFOR_NVML"] = os.environ["WATTFOR_FAKE_NVML"]
        self.env["FAKE_NVML_FILE"] = str(self.home / "gpus.json")
        self.write("77/stat", stat_line(77, "python", 1, 0))
        record, stderr = self.run_while({})
        others = {other["pid"]: (other["name"], other["use"]) for other in record["context"]["others"]}
        self.assertEqual(others, {77: ("python", "compute"), 78: ("", "unknown")})
        told = " ".join(stderr.split())
        self.assertIn("another program computes on gpu 0 (python, pid 77)", told)
        self.assertNotIn("pid 78", told)

    def test_a_container_on_a_part_of_the_machine_is_warned_of(self):
        self.write("/".join(["self", "root", ".dockerenv"]), "")
        self.write("self/cgroup", "0::/\n")
        self.write("fs/cgroup/cpu.max", "200000 100000\n", self.sysfs)
        counter = self.add_rapl_package(energy_uj=1_000_000)
        script = f"for i in 1 2 3 4 5 6 7 8 9; do echo ${{i}}500000 > {counter}; sleep 0.02; done"
        answer = self.wattfor("run", *QUICK, "--interval-ms", "5", "--", "sh", "-c", script)
        record = self.records()[0]
        self.assertEqual(record["context"]["container"], "docker")
        self.assertEqual(record["context"]["cpu_quota_cpus"], 2.0)
        told = " ".join(answer.stderr.split())
        self.assertIn("context: in a container: docker, the time of 2 CPUs of 64", told)
        self.assertIn("this container may use 2 of 64 CPUs, the figure is of the whole package", told)

    def test_a_jobs_words_and_its_tasks_on_the_node(self):
        job = {"SLURM_JOB_ID": "4711", "SLURM_STEP_ID": "0", "SLURM_PROCID": "5",
               "SLURM_NODEID": "1", "SLURM_STEP_TASKS_PER_NODE": "4(x2)"}  # fmt: skip
        record, stderr = self.run_while({}, env=job)
        self.assertEqual(record["context"]["job"], job)
        self.assertEqual(record["context"]["tasks_on_node"], 4)
        self.assertNotIn("tasks of this job", stderr)  # they have one record together

    def test_heat_is_warned_of_in_seconds(self):
        cpu = "devices/system/cpu/cpu0/"
        self.write(cpu + "topology/physical_package_id", "0", self.sysfs)
        throttled = self.sysfs / cpu / "thermal_throttle" / "package_throttle_total_time_ms"
        self.write(cpu + "thermal_throttle/package_throttle_total_time_ms", "500", self.sysfs)
        answer = self.wattfor("run", *QUICK, "--", "sh", "-c", f"echo 1700 > {throttled}")
        self.assertIn("slowed down by heat for 1.2 s", " ".join(answer.stderr.split()))
        self.assertAlmostEqual(self.records()[0]["context"]["slowed_by_heat_s"], 1.2)

    def test_a_hostile_name_gives_the_terminal_no_orders(self):
        record, stderr = self.run_while(
            {
                "17/stat": stat_line(17, "\x1b[2J) R 1\n", 1, 300),
                "stat": "cpu  1300 0 0 0 0 0 0 0 0 0\n",
            }
        )
        self.assertEqual(record["context"]["others"][0]["name"], "\x1b[2J) R 1\n")
        self.assertIn("?[2J) R 1?", " ".join(stderr.split()))
        self.assertNotIn("\x1b", stderr)

    def test_a_proc_full_of_garbage_costs_nothing(self):
        noise = os.urandom(200_000)
        for path in ("stat", "self/stat", "self/status", "self/cgroup", "1/environ", "1/stat",
                     "77/stat", "99999999999999999999/stat"):  # fmt: skip
            self.write(path, noise)
        (self.proc / "78").mkdir()
        os.mkfifo(self.proc / "78" / "stat")
        for path in ("devices/system/node/online", "class/power_supply/x/type", "fs/cgroup/cpu.max"):
            self.write(path, noise, self.sysfs)
        answer = self.wattfor("run", *QUICK, "--", "sh", "-c", "exit 3", status=3)
        context = self.records()[0]["context"]
        self.assertIsNone(context["others_cpu_percent"])
        self.assertEqual((context["others"], context["allowed_cpus"]), ([], ""))
        self.assertNotIn("context:", answer.stderr)
        self.assertNotIn("other programs", answer.stderr)

    def test_the_real_machine_has_a_context_too(self):
        del self.env["WATTFOR_PROCFS"]
        self.wattfor("run", *QUICK, "--", "true")
        context = self.records()[0]["context"]
        self.assertEqual(context["allowed_cpu_count"], len(os.sched_getaffinity(0)))
        self.assertNotEqual(context["cgroup"], "")


class Export(ProgramTest):
    def test_the_table_has_the_contexts_numbers(self):
        self.wattfor("run", *QUICK, "--", "true")
        header = self.wattfor("export", "--format", "csv").stdout.splitlines()[0].split(",")
        for column in ("others_cpu_percent", "slowed_by_heat_s", "container"):
            self.assertIn(column, header)


if __name__ == "__main__":
    unittest.main()
