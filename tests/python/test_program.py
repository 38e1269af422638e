import os
import signal
import subprocess
import sys
import sysconfig
import unittest
from pathlib import Path

from support import PATIENCE_S

PROGRAM = Path(sysconfig.get_path("scripts")) / "wattfor"


class ProgramTest(unittest.TestCase):
    def test_lies_beside_the_interpreter(self):
        ended = subprocess.run([PROGRAM, "--version"], capture_output=True, text=True)
        self.assertEqual((ended.returncode, ended.stderr), (0, ""))
        self.assertRegex(ended.stdout, r"^wattfor \d+\.\d+\.\d+")

    def test_is_what_python_m_starts(self):
        words = [sys.executable, "-m", "wattfor", "--version"]
        module = subprocess.run(words, capture_output=True, text=True)
        itself = subprocess.run([PROGRAM, "--version"], capture_output=True, text=True)
        self.assertEqual(module.stdout, itself.stdout)

    def test_arguments_and_status_pass_through(self):
        words = [sys.executable, "-m", "wattfor", "no such verb"]
        ended = subprocess.run(words, capture_output=True, text=True)
        self.assertEqual(ended.returncode, 2)
        self.assertIn("no such verb", ended.stderr)

    def test_signals_pass_through(self):
        words = [sys.executable, "-m", "wattfor", "worker", "null"]
        with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as worker:
            worker.stdin.write(b'{"hello":{"protocol":1}}\n')
            worker.stdin.flush()
            self.assertIn(b"hello", worker.stdout.readline())  # it is the worker that runs now
            os.kill(worker.pid, signal.SIGTERM)
            worker.wait(timeout=PATIENCE_S)
        self.assertEqual(worker.returncode, -signal.SIGTERM)


if __name__ == "__main__":
    unittest.main()
