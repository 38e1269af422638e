"""What tracking a training from Python costs it: a digits model in PyTorch on the CPU, in pairs.

As overhead.py has them: rounds of one run each, in an order that rotates, each run's time divided by that
of the run alone in the same round. The time is the loop's own, epochs marked; importing and starting a
meter are left out.
"""

import os
import subprocess
from dataclasses import asdict
from pathlib import Path

from figures.overhead import Contender, compare, percent, run_once
from figures.program import PEER_PYTHON
from figures.python_package import PYTHON
from figures.row import Row

ROOT = Path(__file__).resolve().parents[2]
LOOP = ROOT / "benchmarks/training_loop.py"
TORCH_PYTHON = "/usr/bin/python3"  # Debian's, which has PyTorch (tools/install torch)

MOST_SLOWDOWN = 0.003
HALF_WIDTH = 0.002


def packages_of(python: Path) -> str:
    words = [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    return subprocess.run(words, capture_output=True, text=True, check=True).stdout.strip()


def row_of(contender: Contender, alone: Contender) -> Row:
    slowdown = contender.slowdown()
    bounded = contender.bound is not None
    wide = ", wider than wanted" if slowdown.half_width() > HALF_WIDTH else ""
    return Row(
        f"training in PyTorch: {contender.name}",
        percent(slowdown),
        f"≤ {100 * contender.bound:+.1f} %" if bounded else "",
        f"{len(contender.ratios)} pairs of {alone.median('elapsed_s'):.2f} s{wide}",
        not bounded or slowdown.high <= contender.bound,
    )


def measure(options) -> tuple[list[Row], dict]:
    pythons = [python for python in (PYTHON, PEER_PYTHON) if python.exists()]
    env = os.environ | {"PEER_PACKAGES": ":".join(map(packages_of, pythons))}
    epochs = str(options.training_epochs)

    def run(name: str, most_pairs: int, bound: float | None = None) -> Contender:
        key = {"wattfor.track, 10 Hz": "wattfor", "CodeCarbon": "codecarbon"}.get(name, "alone")
        return Contender(name, lambda _: [TORCH_PYTHON, LOOP, key, epochs], most_pairs, bound, HALF_WIDTH)

    alone = run("alone", options.pairs)
    contenders = [run("alone, again", options.pairs), run("wattfor.track, 10 Hz", options.pairs, MOST_SLOWDOWN)]
    if PEER_PYTHON.exists():
        contenders.append(run("CodeCarbon", options.pairs))
    compare(alone, contenders, lambda contender: run_once(contender.around([]), env))
    detail = [
        {"name": each.name, "ratios": each.ratios, "runs": [asdict(one) for one in each.runs]}
        for each in contenders
    ]
    return [row_of(each, alone) for each in contenders], {"contenders": detail}
