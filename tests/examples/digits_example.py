"""What the tests of examples/digits share: the example itself, a simulated board, and small settings."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "digits"
sys.path.insert(0, str(EXAMPLE))

# 60 W at rest, 300 W whenever a window is open, counted every 10 ms: the energy follows the time.
BOARD = {
    "device": "board",
    "load": {"waveform": "constant", "idle_w": 60, "high_w": 300},
    "sensors": [{"id": "energy", "kind": "counter", "update_period_s": 0.01}],
}
MODELS = ("digits_mlp_xs", "digits_lenet_xs")
SMALL = ("--models", ",".join(MODELS), "--epochs", "3", "--shares", "10,50,100",
         "--first-epochs", "1,2", "--first-shares", "2,10")  # fmt: skip
PATIENCE_S = 120


class ExampleCase(unittest.TestCase):
    """In a folder of the test's own, on the simulated board."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.board = self.folder / "board.json"
        self.board.write_text(json.dumps(BOARD))

    def example(self, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """What `python examples/digits` does with these words."""
        with self.started(*words, **environment) as begun:
            output, errors = begun.communicate(timeout=PATIENCE_S)
        return subprocess.CompletedProcess(begun.args, begun.returncode, output, errors)

    def started(self, *words: str, **environment: str) -> subprocess.Popen[str]:
        simulated = {"WATTFOR_SIMULATE": str(self.board), "WATTFOR_DB": ""}
        return subprocess.Popen(
            [sys.executable, "-B", str(EXAMPLE), *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=self.folder,
            env={**os.environ, **simulated, **environment},
            # A program in a shell's background has it ignored.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )

    def table(self, name: str) -> list[dict[str, str]]:
        with (self.folder / "out" / f"{name}.csv").open() as file:
            return list(csv.DictReader(file))
