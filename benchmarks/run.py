#!/usr/bin/env python3
"""Measures wattfor itself and prints a table; --json FILE keeps the numbers.

Each figure is a ratio against a peer in the same run, or a time beside that of starting the shell's
`true`, because machines are shared and noisy: compare columns, not days.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DIGITS = ROOT / "models" / "digits"


@dataclass
class Row:
    """One line of the table."""

    figure: str
    measured: str
    wanted: str
    peer: str
    kept: bool


def median_ms(command: list, env: dict, runs: int = 41) -> float:
    """Median wall-clock milliseconds of a whole process, its output read and dropped."""
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        subprocess.run(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        times.append((time.perf_counter() - start) * 1e3)
    return statistics.median(times)


def start_up(program: Path) -> list[Row]:
    """`--version` and `sensors` beside starting nothing at all."""
    with tempfile.TemporaryDirectory() as empty:
        env = os.environ | {"WATTFOR_NVML": f"{empty}/no-nvml.so"}
        nothing = median_ms(["/bin/true"], env)
        rows = []
        for words, bound in ((["--version"], 10.0), (["sensors"], 50.0)):
            took = median_ms([program, *words], env)
            rows.append(
                Row(
                    f"wattfor {' '.join(words)}" + (" (no NVML)" if words == ["sensors"] else ""),
                    f"{took:.1f} ms",
                    f"≤ {bound:.0f} ms",
                    f"/bin/true {nothing:.1f} ms",
                    took <= bound,
                )
            )
        return rows


def null_worker(bench: Path, seconds: float) -> Row:
    """Throughput of the null worker under a sweep's protocol and meter against its bare loop."""
    answer = json.loads(
        subprocess.run([bench, str(seconds)], check=True, capture_output=True, text=True).stdout
    )
    ratio = answer["median_ratio"]
    return Row(
        "null worker at 1 ms a batch",
        f"{100 * ratio:.2f} %",
        "≥ 99.5 % of the bare loop",
        f"bare loop {answer['bare_per_s']:.1f} batches/s, {answer['pairs']} pairs",
        ratio >= 0.995,
    )


def sweep(program: Path, model: Path, protocol: str, batch_max: int, db: str) -> dict:
    """Sweeps one model; its wall-clock seconds and least energy per image."""
    start = time.perf_counter()
    answer = subprocess.run(
        [program, "sweep", model, "--protocol", protocol, "--batch-max", str(batch_max),
         "--db", db, "--json"],
        check=True, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    seconds = time.perf_counter() - start
    cells = [m for m in json.loads(answer.stdout)["measurements"] if m["outcome"] == "done"]
    best = min(cells, key=lambda cell: cell["result"]["energy_per_image"]["energy_j"])
    return {
        "seconds": seconds,
        "cells": len(cells),
        "best_batch": best["cell"]["batch_size"],
        "best_j": best["result"]["energy_per_image"]["energy_j"],
        "interval": best["result"]["energy_per_image"],
    }


def protocols(program: Path, models: list[str], batch_max: int) -> tuple[list[Row], list[dict]]:
    """`adaptive` against `study`, model by model, the one right after the other."""
    pairs = []
    with tempfile.TemporaryDirectory() as folder:
        for name in models:
            pair = {"model": name, "batch_max": batch_max}
            for protocol in ("adaptive", "study"):
                db = f"{folder}/{protocol}.db"
                pair[protocol] = sweep(program, DIGITS / f"{name}.onnx", protocol, batch_max, db)
            pairs.append(pair)
            print(f"  {name}: {json.dumps(pair)}", file=sys.stderr)
    share = sum(p["adaptive"]["seconds"] for p in pairs) / sum(
        p["study"]["seconds"] for p in pairs
    )
    differences = [p["adaptive"]["best_j"] / p["study"]["best_j"] - 1 for p in pairs]
    worst = max(differences, key=abs)
    all_models = len(list(DIGITS.glob("*.onnx")))
    study_seconds = statistics.mean(p["study"]["seconds"] for p in pairs) * all_models
    adaptive_seconds = statistics.mean(p["adaptive"]["seconds"] for p in pairs) * all_models
    return [
        Row(
            f"time of adaptive, {len(pairs)} models",
            f"{100 * share:.1f} %",
            "≤ 20 % of study",
            f"study {sum(p['study']['seconds'] for p in pairs):.0f} s",
            share <= 0.2,
        ),
        Row(
            f"extrapolated to all {all_models} models",
            f"{adaptive_seconds / 60:.1f} min",
            "",
            f"study {study_seconds / 60:.0f} min",
            True,
        ),
        Row(
            "best energy per image, largest difference",
            f"{100 * worst:+.1f} %",
            "within 2 % of study",
            ", ".join(f"{100 * d:+.1f} %" for d in differences),
            abs(worst) <= 0.02,
        ),
    ], pairs


def conditions(program: Path) -> dict:
    """The machine that these numbers hold for."""
    host = json.loads(
        subprocess.run([program, "sensors", "--json"], check=True, capture_output=True).stdout
    )["host"]
    version = subprocess.run([program, "--version"], capture_output=True, text=True).stdout
    return {"host": host, "kernel": platform.release(), "version": version.strip()}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--program", type=Path, default=ROOT / "build/release/wattfor")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--null-seconds", type=float, default=3.0, help="of one run of a pair")
    parser.add_argument(
        "--models", nargs="*", default=["digits_mlp_s", "digits_resnet_s", "digits_hybrid_s"]
    )
    parser.add_argument("--batch-max", type=int, default=1024)
    options = parser.parse_args()

    rows = start_up(options.program)
    rows.append(null_worker(options.program.parent / "null_worker_overhead", options.null_seconds))
    pairs = []
    if options.models:
        protocol_rows, pairs = protocols(options.program, options.models, options.batch_max)
        rows += protocol_rows

    widths = [max(len(getattr(row, key)) for row in rows) for key in ("figure", "measured")]
    for row in rows:
        mark = "ok  " if row.kept else "MISS"
        print(
            f"{mark} {row.figure:<{widths[0]}}  {row.measured:>{widths[1]}}  "
            f"{row.wanted:<26} {row.peer}"
        )
    if options.json:
        answer = {
            "conditions": conditions(options.program),
            "rows": [asdict(row) for row in rows],
            "protocols": pairs,
        }
        options.json.write_text(json.dumps(answer, indent=2, ensure_ascii=False) + "\n")
        print(f"written to {options.json}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
