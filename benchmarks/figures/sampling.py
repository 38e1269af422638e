"""What sampling four counters costs: CPU time at two rates, memory over ten million readings."""

import tempfile
from pathlib import Path

from figures.powercap import make_powercap_tree
from figures.program import answer_of
from figures.row import Row

MOST_SHARE = {100: 0.003, 1000: 0.03}  # of one core, by samples a second
FEWEST_TAKEN = 0.98  # of the samples: one that is left out costs nothing
MOST_RESIDENT_MB = 20.0
# A few pages come and go as the curves' blocks are allocated and freed.
MOST_GROWTH_MB = 0.5


def cpu_rows(cost: dict, seconds: float) -> list[Row]:
    rows = []
    for rate in cost["rates"]:
        share, reading, waking = (rate[key]["share"] for key in ("meter", "reading", "waking"))
        bound = MOST_SHARE[rate["hz"]]
        taken = rate["meter"]["rounds_per_s"] / rate["hz"]
        rows.append(
            Row(
                f"CPU time of sampling {cost['counters']} counters at {rate['hz']} Hz",
                f"{100 * share:.2f} %",
                f"≤ {100 * bound:.1f} % of one core",
                f"bare loop of reads {100 * reading:.2f} %, waking alone {100 * waking:.2f} %; "
                f"{cost['runs']} runs of {seconds:g} s, {100 * taken:.1f} % of the samples taken",
                share <= bound and taken >= FEWEST_TAKEN,
            )
        )
    return rows


def memory_rows(memory: dict) -> list[Row]:
    megabytes = [at["resident_kib"] * 1024 / 1e6 for at in memory["resident"]]
    growth = megabytes[-1] - megabytes[0]
    return [
        Row(
            "resident memory after 10⁷ readings",
            f"{megabytes[-1]:.2f} MB",
            f"< {MOST_RESIDENT_MB:.0f} MB",
            f"after 10⁵ {megabytes[0]:.2f} MB, after 10⁶ {megabytes[1]:.2f} MB",
            megabytes[-1] < MOST_RESIDENT_MB,
        ),
        Row(
            "its growth since 10⁵ readings",
            f"{growth:+.2f} MB",
            f"≤ {MOST_GROWTH_MB} MB",
            f"{memory['ns_per_reading']:.0f} ns a reading, an open window and its curve included",
            growth <= MOST_GROWTH_MB,
        ),
    ]


def measure(options) -> tuple[list[Row], dict]:
    with tempfile.TemporaryDirectory() as folder:
        make_powercap_tree(Path(folder))
        cost = answer_of(options.folder / "sampling_cost", folder, options.sampling_seconds)
    memory = answer_of(options.folder / "sampling_memory")
    rows = cpu_rows(cost, options.sampling_seconds) + memory_rows(memory)
    return rows, {"cost": cost, "memory": memory}
