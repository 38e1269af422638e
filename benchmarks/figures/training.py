"""What tracking a training from Python costs it: a digits model in PyTorch on the CPU, in pairs.

Rounds in one process (training_loop.py), each contender's time divided by that of the training alone in the
same round, until the interval of wattfor's median is narrow enough, or the pairs are used up. The time is the
loop's own, epochs marked; importing and starting a meter are left out. CodeCarbon measures each 15 s, and so
seldom within a block of a second: its figure is that of its being there.
"""

import json
import os
import subprocess
from pathlib import Path

from figures.median import median_of
from figures.overhead import FEWEST_PAIRS, percent
from figures.program import PEER_PYTHON
from figures.python_package import PYTHON
from figures.row import Row

ROOT = Path(__file__).resolve().parents[2]
LOOP = ROOT / "benchmarks/training_loop.py"
TORCH_PYTHON = "/usr/bin/python3"  # Debian's, which has PyTorch (tools/install torch)

MOST_SLOWDOWN = 0.003
HALF_WIDTH = 0.002
NAMES = {"again": "alone, again", "wattfor": "wattfor.track, 10 Hz", "codecarbon": "CodeCarbon"}


def packages_of(python: Path) -> str:
    words = [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    return subprocess.run(words, capture_output=True, text=True, check=True).stdout.strip()


def rounds_of(options, contenders: list[str], env: dict[str, str]) -> list[dict[str, float]]:
    rounds: list[dict[str, float]] = []
    command = [TORCH_PYTHON, LOOP, str(options.training_epochs), "alone", *contenders]
    with subprocess.Popen(
        command, env=env, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as loop:
        while len(rounds) < options.pairs:
            loop.stdin.write("\n")
            loop.stdin.flush()
            rounds.append(json.loads(loop.stdout.readline()))
            is_narrow = slowdown_of(rounds, "wattfor").half_width() <= HALF_WIDTH
            if len(rounds) >= FEWEST_PAIRS and is_narrow:
                break
        loop.stdin.close()
    return rounds


def slowdown_of(rounds: list[dict[str, float]], name: str):
    return median_of([each[name] / each["alone"] - 1 for each in rounds])


def row_of(rounds: list[dict[str, float]], name: str) -> Row:
    slowdown = slowdown_of(rounds, name)
    bounded = name == "wattfor"
    wide = ", wider than wanted" if slowdown.half_width() > HALF_WIDTH else ""
    alone = sorted(each["alone"] for each in rounds)[len(rounds) // 2]
    return Row(
        f"training in PyTorch: {NAMES[name]}",
        percent(slowdown),
        f"≤ {100 * MOST_SLOWDOWN:+.1f} %" if bounded else "",
        f"{len(rounds)} pairs of {alone:.2f} s{wide}",
        not bounded or slowdown.high <= MOST_SLOWDOWN,
    )


def measure(options) -> tuple[list[Row], dict]:
    pythons = [python for python in (PYTHON, PEER_PYTHON) if python.exists()]
    env = os.environ | {"PEER_PACKAGES": ":".join(map(packages_of, pythons))}
    contenders = ["again", "wattfor"] + (["codecarbon"] if PEER_PYTHON.exists() else [])
    rounds = rounds_of(options, contenders, env)
    return [row_of(rounds, name) for name in contenders], {"rounds": rounds}
