"""How much memory there is, from the files of a made-up machine."""

import tempfile
import unittest
from pathlib import Path

import worker_source  # noqa: F401
from torch_worker import memory


class Available(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)

    def write(self, path: str, text: str) -> None:
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_text(text)

    def test_it_is_the_machines_without_a_control_group(self):
        self.write("proc/meminfo", "MemTotal: 8000 kB\nMemAvailable:    4000 kB\n")
        self.assertEqual(memory.available(self.root), 4_096_000)

    def test_it_is_what_the_tightest_control_group_leaves(self):
        self.write("proc/meminfo", "MemAvailable:    4000 kB\n")
        self.write("proc/self/cgroup", "0::/job/step\n")
        self.write("sys/fs/cgroup/job/memory.max", "1000000\n")
        self.write("sys/fs/cgroup/job/memory.current", "400000\n")
        self.write("sys/fs/cgroup/job/step/memory.max", "max\n")
        self.write("sys/fs/cgroup/job/step/memory.current", "300000\n")
        self.assertEqual(memory.available(self.root), 600_000)
        self.write("sys/fs/cgroup/job/memory.stat", "anon 100000\ninactive_file 150000\n")
        self.assertEqual(memory.available(self.root), 750_000)

    def test_it_knows_version_one_of_control_groups(self):
        self.write("proc/meminfo", "MemAvailable:    4000 kB\n")
        self.write("proc/self/cgroup", "4:memory:/job\n3:cpu,cpuacct:/job\n")
        self.write("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n")
        self.write("sys/fs/cgroup/memory/memory.usage_in_bytes", "4000000\n")
        self.write("sys/fs/cgroup/memory/job/memory.limit_in_bytes", "900000\n")
        self.write("sys/fs/cgroup/memory/job/memory.usage_in_bytes", "100000\n")
        self.assertEqual(memory.available(self.root), 800_000)

    def test_it_is_unknown_where_nothing_can_be_read(self):
        self.assertIsNone(memory.available(self.root))
        self.assertIsNone(memory.peak(self.root))

    def test_the_peak_is_in_bytes(self):
        self.write("proc/self/status", "Name:\tx\nVmPeak:\t  9 kB\nVmHWM:\t    2048 kB\n")
        self.assertEqual(memory.peak(self.root), 2_097_152)


if __name__ == "__main__":
    unittest.main()
