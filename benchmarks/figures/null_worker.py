"""Throughput of the null worker under a sweep's protocol and meter against its bare loop."""

from figures.program import answer_of
from figures.row import Row


def measure(options) -> tuple[list[Row], dict]:
    answer = answer_of(options.folder / "null_worker_overhead", options.null_seconds)
    ratio = answer["median_ratio"]
    row = Row(
        "null worker at 1 ms a batch",
        f"{100 * ratio:.2f} %",
        "≥ 99.5 % of the bare loop",
        f"bare loop {answer['bare_per_s']:.1f} batches/s, {answer['pairs']} pairs",
        ratio >= 0.995,
    )
    return [row], answer
