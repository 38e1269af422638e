#!/usr/bin/env python3
"""Measures wattfor itself and prints a table; --json FILE keeps the numbers.

Each figure stands beside a peer that was measured in the same run, because machines are shared and
noisy: compare columns, not days.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

from figures import analysis, integrator, million, null_worker, nvml, overhead, protocols, python_package, sampling, server, start_up, training
from figures.row import table

ROOT = Path(__file__).resolve().parent.parent

FIGURES = {
    "start-up": start_up,
    "null-worker": null_worker,
    "sampling": sampling,
    "nvml": nvml,
    "integrator": integrator,
    "analysis": analysis,
    "million": million,
    "overhead": overhead,
    "protocols": protocols,
    "server": server,
    "python": python_package,
    "training": training,
}


def chosen(text: str) -> list[str]:
    names = text.split(",")
    for name in names:
        if name not in FIGURES:
            raise argparse.ArgumentTypeError(f"no figure '{name}' ({', '.join(FIGURES)})")
    return names


def conditions(program: Path) -> dict:
    """The machine that these numbers hold for."""
    host = json.loads(
        subprocess.run([program, "sensors", "--json"], check=True, capture_output=True).stdout
    )["host"]
    version = subprocess.run([program, "--version"], capture_output=True, text=True).stdout
    return {
        "host": host,
        "kernel": platform.release(),
        "version": version.strip(),
        "load": os.getloadavg()[0],  # before the first figure
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--program", type=Path, default=ROOT / "build/release/wattfor")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--only", type=chosen, default=list(FIGURES), metavar="FIGURE,…",
                        help=f"of {', '.join(FIGURES)}")  # fmt: skip
    parser.add_argument("--null-seconds", type=float, default=3.0, help="of one run of a pair")
    parser.add_argument("--sampling-seconds", type=float, default=2.0, help="of one run")
    parser.add_argument("--work-seconds", type=float, default=1.2,
                        help="of the program that overhead runs")  # fmt: skip
    parser.add_argument("--training-epochs", type=int, default=48, help="of one block of training")
    parser.add_argument("--pairs", type=int, default=200, help="at most, of overhead and training")
    parser.add_argument(
        "--models", nargs="+", default=["digits_mlp_s", "digits_resnet_s", "digits_hybrid_s"],
        help="that protocols compares",
    )  # fmt: skip
    parser.add_argument("--study", type=Path, metavar="DIR",
                        default=ROOT.parent / "shared/data/inference-energy",
                        help="the published inference study's data, for analysis")  # fmt: skip
    parser.add_argument("--batch-max", type=int, default=1024)
    options = parser.parse_args()
    if options.pairs < 6:
        parser.error("--pairs: fewer than 6 have no 95 % interval of their median")
    options.folder = options.program.parent

    answer = {"conditions": conditions(options.program), "rows": [], "details": {}}
    rows = []
    for name in options.only:
        print(f"== {name}", file=sys.stderr)
        of_figure, answer["details"][name] = FIGURES[name].measure(options)
        rows += of_figure
    print(table(rows), end="")
    if options.json:
        answer["rows"] = [asdict(row) for row in rows]
        options.json.write_text(json.dumps(answer, indent=2, ensure_ascii=False) + "\n")
        print(f"written to {options.json}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
