"""The program under test, as a user's shell would start it, in a folder and with a store of its own.

$WATTFOR names the program, $WATTFOR_WORKERS the folder of the fake worker; both are set by CMake.
"""

import json
import os
import sqlite3
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

PROGRAM = os.environ["WATTFOR"]
REPOSITORY = Path(__file__).resolve().parents[2]
DIGITS = REPOSITORY / "models" / "digits"


class ProgramTest(unittest.TestCase):
    """Gives each test a folder `home`, a fake machine without sensors and a store."""

    def setUp(self) -> None:
        temporary = tempfile.TemporaryDirectory(prefix="wattfor-test-")
        self.addCleanup(temporary.cleanup)
        self.home = Path(temporary.name)
        self.db = self.home / "records.db"
        self.sysfs = self.home / "sys"
        self.sysfs.mkdir()
        self.env = {
            "PATH": os.environ.get("WATTFOR_WORKERS", "") + os.pathsep + os.environ["PATH"],
            "HOME": str(self.home),
            "LANG": "C.UTF-8",
            "WATTFOR_DB": str(self.db),
            "WATTFOR_SYSFS": str(self.sysfs),
            "WATTFOR_NVML": str(self.home / "no-nvml.so"),
        }

    def start(self, *arguments, **options) -> subprocess.Popen:
        """Starts the program with pipes for its streams; the caller waits for it."""
        environment = self.env | options.pop("env", {})
        settings = {
            "stdin": subprocess.DEVNULL,
            "stdout": subprocess.PIPE,
            "stderr": subprocess.PIPE,
            "text": True,
            "errors": "surrogateescape",
        } | options
        command = [PROGRAM, *map(str, arguments)]
        return subprocess.Popen(command, env=environment, **settings)

    def wattfor(self, *arguments, status=0, timeout=120, stdin=None, **options):
        """Runs the program to its end and claims its exit status."""
        if stdin is not None:
            options["stdin"] = subprocess.PIPE
        with self.start(*arguments, **options) as process:
            try:
                stdout, stderr = process.communicate(stdin, timeout=timeout)
            except subprocess.TimeoutExpired:
                process.kill()
                self.fail(f"wattfor {arguments} did not end within {timeout} s")
        if status is not None:
            self.assertEqual(process.returncode, status, f"{arguments}\n{stdout}\n{stderr}")
        return subprocess.CompletedProcess(arguments, process.returncode, stdout, stderr)

    def records(self) -> list[dict]:
        """Everything in the store, through export."""
        return json.loads(self.wattfor("export", "--format", "json").stdout)["measurements"]

    def checkpoints(self) -> int:
        """How many running measurements have left one in the store."""
        try:
            with sqlite3.connect(f"file:{self.db}?mode=ro", uri=True) as store:
                return store.execute("SELECT count(*) FROM checkpoint").fetchone()[0]
        except sqlite3.OperationalError:
            return 0

    def await_checkpoint(self) -> None:
        """Until a running measurement is checked in once more."""
        before = self.latest_checkpoint()
        deadline = time.monotonic() + 60
        while self.latest_checkpoint() == before:
            if time.monotonic() > deadline:
                self.fail("no checkpoint came within 60 s")
            time.sleep(0.01)

    def latest_checkpoint(self) -> float | None:
        try:
            with sqlite3.connect(f"file:{self.db}?mode=ro", uri=True) as store:
                return store.execute("SELECT max(saved_s) FROM checkpoint").fetchone()[0]
        except sqlite3.OperationalError:
            return None

    def add_rapl_package(self, energy_uj=1_000_000, limit_uw=200_000_000) -> Path:
        """A fake powercap tree with one package; returns the counter's file."""
        zone = self.sysfs / "class" / "powercap" / "intel-rapl:0"
        zone.mkdir(parents=True)
        (zone / "name").write_text("package-0\n")
        (zone / "energy_uj").write_text(f"{energy_uj}\n")
        (zone / "max_energy_range_uj").write_text("262143328850\n")
        (zone / "constraint_0_max_power_uw").write_text(f"{limit_uw}\n")
        return zone / "energy_uj"
