"""A million models in the store: loading, and once loaded filter, ranking and Pareto front."""

import subprocess
import sys
import tempfile
from pathlib import Path

from figures.program import PEER_PYTHON, answer_of
from figures.row import Row

SCRIPT = Path(__file__).resolve().parent.parent / "million_models.py"
MODELS = 1_000_000


def measure(options) -> tuple[list[Row], dict]:
    if not PEER_PYTHON.exists():
        print("million is left out: no DuckDB (tools/install bench)", file=sys.stderr)
        return [], {}
    program = options.folder / "million_models"
    with tempfile.TemporaryDirectory() as folder:
        store, table = Path(folder) / "models.db", Path(folder) / "models.csv"
        subprocess.run([program, "write", str(MODELS), store, table], check=True)
        ours = answer_of(program, "measure", store)
        theirs = answer_of(PEER_PYTHON, SCRIPT, table)
    if (ours["passed"], ours["first"], ours["front"]) != (
        theirs["filter_rows"], theirs["first"], theirs["front_rows"]
    ):  # fmt: skip
        raise RuntimeError(f"the two do not agree: {ours}, {theirs}")

    def row(figure: str, key: str, bound: float, peer: str) -> Row:
        return Row(f"{figure}, a million models", f"{ours[key]:.0f} ms", f"≤ {bound:,.0f} ms", peer,
                   ours[key] <= bound)  # fmt: skip

    duckdb = f"DuckDB {theirs['version']}"
    return [
        row("loading a store", "load_ms", 1500, f"{duckdb} from CSV {theirs['load_ms']:.0f} ms"),
        Row("memory with it loaded", f"{ours['loaded_mb']:.0f} MB", "≤ 400 MB", "",
            ours["loaded_mb"] <= 400),
        row("filter by four limits", "filter_ms", 10, f"{duckdb} {theirs['filter_ms']:.0f} ms"),
        row("first 20 by Manhattan score", "rank_ms", 20, f"{duckdb} {theirs['rank_ms']:.0f} ms"),
        row("first 20 by log-Manhattan", "rank_log_ms", 20, ""),
        row("Pareto front", "front_ms", 100, f"{duckdb} {theirs['front_ms']:.0f} ms"),
    ], {"ours": ours, "duckdb": theirs}  # fmt: skip
