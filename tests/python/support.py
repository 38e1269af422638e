"""What the tests of the Python package share."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import textwrap
import unittest
import warnings
from pathlib import Path

import wattfor

# A board of 60 W at rest and 300 W whenever a window is open, counted every 20 ms.
BOARD = {
    "device": "board",
    "seed": 3,
    "power_limit_w": 400,
    "load": {"waveform": "constant", "idle_w": 60, "high_w": 300},
    "sensors": [{"id": "energy", "kind": "counter", "update_period_s": 0.02}],
}

# No program here takes as long as a second; one that hangs is ended after this.
PATIENCE_S = 60


class SimulatedCase(unittest.TestCase):
    """Measures the simulated board, in a folder of the test's own."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.board = self.folder / "board.json"
        self.board.write_text(json.dumps(BOARD))
        wattfor.configure(simulate=self.board)
        self.addCleanup(wattfor.configure)

    def run_python(self, code: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Another interpreter that measures the board."""
        return run_python(code, WATTFOR_SIMULATE=str(self.board), **environment)


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


def run_python(code: str, *options: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Another interpreter; one that hangs fails the test."""
    return subprocess.run(
        [sys.executable, *options, "-c", textwrap.dedent(code)],
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        env={**os.environ, **environment},
    )


def work(seconds: float) -> None:
    """Computes for that long, by the clock of a window."""
    with wattfor.measure(sync=False) as window:
        while window.duration_s < seconds:
            sum(range(1000))


def warnings_of(call) -> list[str]:
    """What wattfor warns of while `call` runs."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        call()
    return [str(each.message) for each in caught if each.category is wattfor.WattforWarning]
