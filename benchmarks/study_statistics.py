#!/usr/bin/env python3
"""The inference study's statistics with pandas and scipy, as its readers would write them.

    study_statistics.py DL-Inference-Energy-Efficiency/data [RUNS]

What benchmarks/study_statistics.cpp computes: it is the peer of that and, as a process, of
`wattfor analyze --json`. Prints one JSON object with the median milliseconds in-process.
"""

import json
import statistics
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import optimize, stats

SETUPS = ("A100_PT", "A100_TRT", "H100_PT", "H100_TRT")
KEY = ["model", "input_size"]
COUNTS = ["params_tinfo", "macs_tinfo", "params_ptflops", "macs_ptflops", "activations"]


def load(folder: Path) -> tuple[dict, pd.DataFrame, pd.DataFrame]:
    names = {"Model Name": "model", "Input Size": "input_size", "model_name": "model",
             "input_size_csv": "input_size"}  # fmt: skip
    figures = {}
    for setup in SETUPS:
        table = pd.read_csv(folder / f"{setup}.csv").rename(columns=names)
        table["energy_j"] = table["Energy"] / 1e3
        figures[setup] = table.dropna(subset=["energy_j"]).set_index(KEY)
    accuracy = pd.read_csv(folder / "model_accuracy.csv").rename(columns=names).set_index(KEY)
    counts = pd.read_csv(folder / "model_stats.csv").rename(columns=names).set_index(KEY)
    counts = counts[~counts.index.duplicated()]
    return figures, accuracy, counts[COUNTS].apply(pd.to_numeric, errors="coerce")


def both(a: np.ndarray, b: np.ndarray) -> list[float]:
    return [stats.pearsonr(a, b)[0], stats.spearmanr(a, b)[0]]


def correlations(energies: pd.DataFrame) -> list:
    found = []
    for joint in (False, True):
        table = energies.dropna() if joint else energies
        for i, a in enumerate(SETUPS):
            for b in SETUPS[i + 1 :]:
                found.append(both(*table[[a, b]].dropna().to_numpy().T))
    return found


def reductions(figures: dict) -> list:
    found = []
    for slow, fast in (("A100_PT", "A100_TRT"), ("H100_PT", "H100_TRT")):
        pair = figures[slow].join(figures[fast], how="inner", lsuffix="_slow", rsuffix="_fast")
        factor = pair["energy_j_slow"] / pair["energy_j_fast"]
        gain = np.log(pair["Throughput_fast"] / pair["Throughput_slow"])
        found.append([stats.gmean(factor), stats.gstd(factor), *np.quantile(factor, [0.025, 0.5, 0.975]),
                      stats.linregress(np.log(pair["energy_j_slow"]), np.log(factor)).slope,
                      stats.linregress(gain, np.log(factor)).slope])  # fmt: skip
    return found


def drivers(energies: pd.DataFrame, counts: pd.DataFrame) -> list:
    table = energies.join(counts)
    found = []
    for setup in SETUPS:
        for column in COUNTS:
            found.append(both(*table[[setup, column]].dropna().to_numpy().T))
        area = table[setup].dropna().reset_index()
        found.append(both(area["input_size"].to_numpy(float) ** 2, area[setup].to_numpy()))
    return found


def naive_estimates(energies: pd.DataFrame, counts: pd.DataFrame) -> list:
    found = []
    for setup, rate, watts in (("A100_PT", 19.5e12, 250.0), ("A100_TRT", 78e12, 250.0),
                               ("H100_PT", 51e12, 350.0), ("H100_TRT", 204.9e12, 350.0)):  # fmt: skip
        for column in ("macs_tinfo", "macs_ptflops"):
            for operations in (1, 2):
                estimate = operations * counts[column] / rate * watts
                ratio = (energies[setup] / estimate).dropna()
                found.append([stats.gmean(ratio), *np.quantile(ratio, [0.025, 0.5, 0.975]), ratio.max()])
    return found


def powers(figures: dict) -> list:
    watts = [(table["energy_j"] * table["Throughput"]).dropna() for table in figures.values()]
    return [[each.median(), *np.quantile(each, [0.025, 0.975])] for each in watts]


def input_sizes(energies: pd.DataFrame) -> list:
    found = []
    for setup in SETUPS:
        table = energies[setup].dropna().reset_index()
        table["log_area"] = 2 * np.log(table["input_size"])
        table["log_energy"] = np.log(table[setup])
        groups = table.groupby("model")
        table = table[groups["model"].transform("size") > 1]
        x = table["log_area"] - table.groupby("model")["log_area"].transform("mean")
        y = table["log_energy"] - table.groupby("model")["log_energy"].transform("mean")
        sums = pd.DataFrame({"xy": x * y, "xx": x * x}).groupby(table["model"]).sum()
        found.append((sums["xy"] / sums["xx"]).median())
    return found


def front_of(table: pd.DataFrame) -> pd.DataFrame:
    ordered = table.sort_values(["energy_j", "accuracy_percent"], ascending=[True, False])
    best_before = ordered["accuracy_percent"].cummax().shift(fill_value=-np.inf)
    return ordered[ordered["accuracy_percent"] > best_before]


def judged(figures: dict, accuracy: pd.DataFrame) -> list:
    found = []
    for setup in SETUPS:
        table = figures[setup][["energy_j"]].join(
            accuracy["imagenet-original"].rename("accuracy_percent")
        ).dropna()  # fmt: skip
        front = front_of(table)
        log_energy = np.log(front["energy_j"].to_numpy())
        a, *_ = optimize.curve_fit(
            lambda x, a, b, c: a * np.log(np.maximum(x - log_energy[0] + b, 1e-9)) + c,
            log_energy, front["accuracy_percent"].to_numpy(), p0=[10.0, 0.5, 70.0], maxfev=10000,
        )[0]  # fmt: skip
        score = 100 - (50 * table["energy_j"] / table["energy_j"].max()
                       + 0.5 * (100 - table["accuracy_percent"]))  # fmt: skip
        first = score.sort_values(ascending=False).index[0]
        found.append([len(front), a, str(first)])
    return found


def statistics_of(figures: dict, accuracy: pd.DataFrame, counts: pd.DataFrame) -> list:
    energies = pd.concat({setup: figures[setup]["energy_j"] for setup in SETUPS}, axis=1)
    return [correlations(energies), reductions(figures), drivers(energies, counts),
            naive_estimates(energies, counts), powers(figures), input_sizes(energies),
            judged(figures, accuracy)]  # fmt: skip


def main() -> None:
    folder = Path(sys.argv[1])
    runs = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    loading, computing = [], []
    for _ in range(runs):
        start = time.perf_counter()
        data = load(folder)
        loaded = time.perf_counter()
        answer = statistics_of(*data)
        computing.append((time.perf_counter() - loaded) * 1e3)
        loading.append((loaded - start) * 1e3)
    print(json.dumps({"runs": runs, "load_ms": statistics.median(loading),
                      "compute_ms": statistics.median(computing), "answer": answer}))  # fmt: skip


if __name__ == "__main__":
    main()
