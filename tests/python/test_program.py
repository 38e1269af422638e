import signal
import subprocess
import sys
import sysconfig
import tempfile
import unittest
from pathlib import Path

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

    def test_is_ended_by_the_signal_that_ended_its_command(self):
        words = ["run", "--db", "", "--idle-seconds", "0", "--", "sh", "-c", "kill -TERM $$"]
        with tempfile.TemporaryDirectory() as folder:
            words[2] = f"{folder}/wattfor.db"
            ended = subprocess.run([sys.executable, "-m", "wattfor", *words], capture_output=True)
        self.assertEqual(ended.returncode, -signal.SIGTERM)


if __name__ == "__main__":
    unittest.main()
