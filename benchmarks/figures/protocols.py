"""`adaptive` against `study`, model by model, the one right after the other."""

import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from figures.row import Row

DIGITS = Path(__file__).resolve().parents[2] / "models" / "digits"


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


def measure(options) -> tuple[list[Row], list[dict]]:
    pairs = []
    with tempfile.TemporaryDirectory() as folder:
        for name in options.models:
            pair = {"model": name, "batch_max": options.batch_max}
            for protocol in ("adaptive", "study"):
                db = f"{folder}/{protocol}.db"
                model = DIGITS / f"{name}.onnx"
                pair[protocol] = sweep(options.program, model, protocol, options.batch_max, db)
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
        ),
        Row(
            "best energy per image, largest difference",
            f"{100 * worst:+.1f} %",
            "within 2 % of study",
            ", ".join(f"{100 * d:+.1f} %" for d in differences),
            abs(worst) <= 0.02,
        ),
    ], pairs
