"""What metering costs the metered: a program that only computes, alone and under several meters.

In each round every contender runs the program once, in an order that rotates from round to round,
and its time is divided by that of the run alone in the same round. The program times its own work,
so that a meter's start is left out. Rounds go on until the median ratio's 95 % interval is narrow
enough, or a contender has had its share of rounds. `alone, again` is the same as alone: what it
shows is what the machine lets us tell.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path

from figures.median import Median, median_of
from figures.powercap import make_powercap_tree
from figures.program import PEER_PYTHON
from figures.row import Row

ROOT = Path(__file__).resolve().parents[2]
CODECARBON_PERIODS_S = (15, 1)  # its default, and one that sees the program at all

MOST_SLOWDOWN = 0.005
HALF_WIDTH = 0.0025
FEWEST_PAIRS = 20  # an interval from fewer is narrow by luck
SLOW_STARTERS_PAIRS = 40  # CodeCarbon needs seconds to start


@dataclass
class Run:
    """One run of the program under a contender."""

    elapsed_s: float  # of the program's work, by its own clock
    wall_s: float  # of the whole command
    own_cpu_s: float  # user and system time of the command without the program


@dataclass
class Contender:
    name: str
    around: Callable[[list], list]  # from the program's command to the one that is run
    most_pairs: int
    bound: float | None = None
    half_width: float = HALF_WIDTH
    runs: list[Run] = field(default_factory=list)
    ratios: list[float] = field(default_factory=list)

    def slowdown(self) -> Median:
        return median_of([ratio - 1 for ratio in self.ratios])

    def is_open(self) -> bool:
        pairs = len(self.ratios)
        if pairs < min(FEWEST_PAIRS, self.most_pairs):
            return True
        return pairs < self.most_pairs and self.slowdown().half_width() > self.half_width

    def add(self, run: Run, alone: Run) -> None:
        self.runs.append(run)
        self.ratios.append(run.elapsed_s / alone.elapsed_s)

    def median(self, key: str) -> float:
        return statistics.median(getattr(run, key) for run in self.runs)


def run_once(command: list, env: dict) -> Run:
    start = time.perf_counter()
    child = subprocess.Popen(
        command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    # The one line of output fits the pipes, so the order of reading is of no matter.
    output, said = child.stdout.read(), child.stderr.read()
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    wall = time.perf_counter() - start
    child.stdout.close()
    child.stderr.close()
    if child.returncode != 0:
        raise SystemExit(f"{' '.join(map(str, command))}: status {child.returncode}\n{said}")
    answer = json.loads(output)
    cpu = used.ru_utime + used.ru_stime - answer["cpu_s"]
    return Run(answer["elapsed_s"], wall, max(0.0, cpu))


def rotated(items: list, by: int) -> list:
    by %= len(items)
    return items[by:] + items[:by]


def compare(alone: Contender, contenders: list[Contender], run: Callable[[Contender], Run]) -> None:
    """Rounds of one run each, until no contender is open any more."""
    turn = 0
    while taking_part := [c for c in contenders if c.is_open()]:
        runs = {c.name: run(c) for c in rotated([alone, *taking_part], turn)}
        alone.runs.append(runs[alone.name])
        for contender in taking_part:
            contender.add(runs[contender.name], runs[alone.name])
        turn += 1
        if turn % 10 == 0:
            known = ", ".join(f"{c.name} {percent(c.slowdown())}" for c in taking_part)
            print(f"  {turn} rounds: {known}", file=sys.stderr)


def percent(slowdown: Median) -> str:
    low, high = 100 * slowdown.low, 100 * slowdown.high
    return f"{100 * slowdown.value:+.2f} % ({low:+.2f} … {high:+.2f})"


# Four files at 100 Hz, as a script would log them.
POLLING = """
log=$1; shift
files=(); while [[ $1 != -- ]]; do files+=("$1"); shift; done; shift
while :; do cat "${files[@]}" >>"$log"; sleep 0.01; done >/dev/null 2>&1 &
loop=$!
"$@"; status=$?
kill "$loop"; wait "$loop" 2>/dev/null
exit "$status"
"""


def contenders_of(options, folder: Path, counters: list[Path]) -> list[Contender]:
    wattfor = [options.program, "run", "--interval-ms", "10", "--idle-seconds", "0"]
    wattfor += ["--db", folder / "records.db", "--"]
    polling = ["bash", "-c", POLLING, "polling", folder / "log", *counters, "--"]
    contenders = [
        Contender("alone, again", lambda work: work, options.pairs),
        Contender(
            "wattfor run, 10 ms", lambda work: [*wattfor, *work], options.pairs, MOST_SLOWDOWN
        ),
        Contender("shell loop of cat, 10 ms", lambda work: [*polling, *work], options.pairs),
    ]
    if not PEER_PYTHON.exists():
        print("  overhead: no CodeCarbon (tools/install bench)", file=sys.stderr)
        return contenders
    for period in CODECARBON_PERIODS_S:
        codecarbon = [PEER_PYTHON, ROOT / "benchmarks/under_codecarbon.py", str(period)]
        contenders.append(
            Contender(
                f"CodeCarbon, {period} s",
                lambda work, words=codecarbon: [*words, *work],
                min(SLOW_STARTERS_PAIRS, options.pairs),
            )
        )
    return contenders


def steps_for(program: Path, seconds: float, env: dict) -> int:
    """How many steps take about that long here: of the quickest of three short runs."""
    probe = 20_000_000
    took = min(run_once([program, str(probe)], env).elapsed_s for _ in range(3))
    return max(1, round(probe * seconds / took))


def row_of(contender: Contender, alone: Contender) -> Row:
    slowdown = contender.slowdown()
    own = contender.median("own_cpu_s") / contender.median("wall_s")
    bounded = contender.bound is not None
    wide = ", wider than wanted" if slowdown.half_width() > HALF_WIDTH else ""
    return Row(
        f"computing under {contender.name}" if contender.name != "alone, again" else contender.name,
        percent(slowdown),
        f"≤ {100 * contender.bound:+.1f} %" if bounded else "",
        f"{len(contender.ratios)} pairs of {alone.median('elapsed_s'):.2f} s{wide}; whole command "
        f"{contender.median('wall_s'):.2f} s (alone {alone.median('wall_s'):.2f} s); "
        f"own CPU time {1e3 * own:.1f} ms a second",
        not bounded or slowdown.high <= contender.bound,
    )


def measure(options) -> tuple[list[Row], dict]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sysfs = folder / "sys"
        counters = make_powercap_tree(sysfs)
        env = os.environ | {
            "WATTFOR_SYSFS": str(sysfs),
            "WATTFOR_NVML": str(folder / "no-nvml.so"),
        }
        program = options.folder / "fixed_work"
        work = [program, str(steps_for(program, options.work_seconds, env))]
        alone = Contender("alone", lambda work: work, options.pairs)
        contenders = contenders_of(options, folder, counters)
        compare(alone, contenders, lambda contender: run_once(contender.around(work), env))
    rows = [row_of(contender, alone) for contender in contenders]
    detail = {
        "codecarbon": next(
            line
            for line in (ROOT / "tools/requirements-bench.txt").read_text().splitlines()
            if line.startswith("codecarbon")
        ),
        "alone": [asdict(run) for run in alone.runs],
        "contenders": [
            {
                "name": contender.name,
                "slowdown": asdict(contender.slowdown()),
                "ratios": contender.ratios,
                "runs": [asdict(run) for run in contender.runs],
            }
            for contender in contenders
        ],
    }
    return rows, detail
