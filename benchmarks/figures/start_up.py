"""What starting the program takes, beside starting nothing at all."""

import os
import statistics
import subprocess
import tempfile
import time

from figures.row import Row


def median_ms(command: list, env: dict, runs: int = 41) -> float:
    """Median wall-clock milliseconds of a whole process, its output read and dropped."""
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        subprocess.run(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        times.append((time.perf_counter() - start) * 1e3)
    return statistics.median(times)


def measure(options) -> tuple[list[Row], dict]:
    with tempfile.TemporaryDirectory() as empty:
        env = os.environ | {"WATTFOR_NVML": f"{empty}/no-nvml.so"}
        nothing = median_ms(["/bin/true"], env)
        rows = []
        for words, bound in ((["--version"], 10.0), (["sensors"], 50.0)):
            took = median_ms([options.program, *words], env)
            rows.append(
                Row(
                    f"wattfor {' '.join(words)}" + (" (no NVML)" if words == ["sensors"] else ""),
                    f"{took:.1f} ms",
                    f"≤ {bound:.0f} ms",
                    f"/bin/true {nothing:.1f} ms",
                    took <= bound,
                )
            )
        return rows, {}
