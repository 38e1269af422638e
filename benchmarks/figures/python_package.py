"""What the Python package costs the program that uses it: its import, and a window's two edges."""

import json
import statistics
import subprocess
from pathlib import Path

from figures.program import PEER_PYTHON
from figures.row import Row

ROOT = Path(__file__).resolve().parents[2]
PYTHON = ROOT / "build/python-venv/bin/python"  # tools/python venv

MOST_IMPORT_MS = 50.0
MOST_WINDOW_US = 2.0
IMPORTS = 21

IMPORT = """
import time
begin = time.perf_counter()
import {module}
print(1e3 * (time.perf_counter() - begin))
"""

# The meter's threads read the sensors meanwhile, as each window asks them to: that is not waited for.
WINDOWS = """
import json, time, wattfor

class Empty:
    def __enter__(self): return self
    def __exit__(self, *error): pass

def batches(window, count=1000):
    times = []
    for _ in range(101):
        begin = time.perf_counter()
        for _ in range(count):
            with window():
                pass
        times.append(1e6 * (time.perf_counter() - begin) / count)
    return times

with wattfor.measure() as first:
    pass
print(json.dumps({
    "basis": first.energy.basis,
    "measured": batches(wattfor.measure),
    "not synchronised": batches(lambda: wattfor.measure(sync=False)),
    "empty": batches(Empty),
}))
"""


def output(python: Path, code: str) -> str:
    ended = subprocess.run([python, "-c", code], capture_output=True, text=True, check=True)
    return ended.stdout


def import_ms(python: Path, module: str) -> float:
    """Median of as many interpreters, the files in the cache."""
    return statistics.median(float(output(python, IMPORT.format(module=module))) for _ in range(IMPORTS))


def measure(options) -> tuple[list[Row], dict]:
    own, peer = import_ms(PYTHON, "wattfor"), import_ms(PEER_PYTHON, "codecarbon")
    windows = json.loads(output(PYTHON, WINDOWS))
    window = statistics.median(windows["measured"])
    empty = statistics.median(windows["empty"])
    rows = [
        Row(
            "import wattfor",
            f"{own:.1f} ms",
            f"≤ {MOST_IMPORT_MS:.0f} ms",
            f"import codecarbon {peer:.0f} ms",
            own <= MOST_IMPORT_MS,
        ),
        Row(
            f"a window of Python opened and closed ({windows['basis']})",
            f"{window:.2f} µs",
            f"≤ {MOST_WINDOW_US:.0f} µs",
            f"an empty `with` {empty:.2f} µs",
            window <= MOST_WINDOW_US,
        ),
    ]
    return rows, {"import_ms": {"wattfor": own, "codecarbon": peer}, "window_us": windows}
