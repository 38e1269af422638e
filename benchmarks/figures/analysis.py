"""How fast the inference study's statistics are, beside a script with pandas and scipy."""

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from figures.program import answer_of
from figures.row import Row

SCRIPT = Path(__file__).resolve().parent.parent / "study_statistics.py"
PYTHON = "/usr/bin/python3"  # Debian's pandas and scipy
ROUNDS = 9


def median_s(*commands: list) -> list[float]:
    """Median seconds of each command as a whole process, all of them in turn."""
    times = [[] for _ in commands]
    for _ in range(ROUNDS):
        for took, command in zip(times, commands):
            start = time.perf_counter()
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
            took.append(time.perf_counter() - start)
    return [statistics.median(each) for each in times]


def measure(options) -> tuple[list[Row], dict]:
    if not options.study.is_dir():
        print(f"analysis is left out: no study in {options.study} (--study)", file=sys.stderr)
        return [], {}
    with tempfile.TemporaryDirectory() as folder:
        imports = []
        for number in range(ROUNDS):
            store = Path(folder) / f"{number}.db"
            start = time.perf_counter()
            command = [options.program, "import", "study", options.study, "--db", store]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
            imports.append((time.perf_counter() - start) * 1e3)
        ours = answer_of(options.folder / "study_statistics", options.study, store)
        theirs = answer_of(PYTHON, SCRIPT, options.study, 15)
        analyze = [options.program, "analyze", "--db", store, "--json"]
        whole, script = median_s(analyze, [PYTHON, SCRIPT, options.study])
    theirs.pop("answer")
    import_ms = statistics.median(imports)
    computing = theirs["compute_ms"] / ours["compute_ms"]
    process = script / whole
    return [
        Row("import of the inference study", f"{import_ms:.0f} ms", "≤ 100 ms",
            f"read into memory by pandas {theirs['load_ms']:.0f} ms", import_ms <= 100),
        Row("the study's statistics, in-process", f"{ours['compute_ms']:.1f} ms",
            "≥ 10 times faster",
            f"pandas and scipy {theirs['compute_ms']:.0f} ms, {computing:.0f} times as long; "
            f"loading {ours['load_ms']:.0f} and {theirs['load_ms']:.0f} ms", computing >= 10),
        Row("wattfor analyze --json", f"{whole * 1e3:.0f} ms", "≥ 15 times faster",
            f"the script as a process {script * 1e3:.0f} ms, {process:.0f} times as long",
            process >= 15),
    ], {"ours": ours, "pandas": theirs, "import_ms": import_ms, "analyze_s": whole,
        "script_s": script}  # fmt: skip
