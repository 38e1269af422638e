"""How fast the corrected integrator takes in a gauge's updates."""

from figures.program import answer_of
from figures.row import Row

FEWEST_PER_S = 1e7


def measure(options) -> tuple[list[Row], dict]:
    answer = answer_of(options.folder / "integrator_speed")
    return [
        Row(
            "corrected integrator, updates a second on one core",
            f"{answer['corrected_per_s'] / 1e6:.0f} million",
            f"≥ {FEWEST_PER_S / 1e6:.0f} million",
            f"trapezoids over the same numbers {answer['naive_per_s'] / 1e6:.0f} million; "
            f"{answer['runs']} runs of {answer['updates']:,}, {answer['windows']:,} windows each",
            answer["corrected_per_s"] >= FEWEST_PER_S,
        )
    ], answer
