"""Is the energy of a training linear in its epochs, and in its share of the data? (The training
study's figures 8 and 9.)"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from statistics import StatisticsError, correlation, linear_regression, mean, stdev


@dataclass(frozen=True)
class Line:
    """What least squares fit: y ≈ intercept + slope·x."""

    slope: float
    intercept: float
    r_squared: float  # share of y's variance that the line explains

    def at(self, x: float) -> float:
        return self.intercept + self.slope * x


def fitted_line(x: Sequence[float], y: Sequence[float]) -> Line | None:
    """None where there is no line to judge: fewer than three points, or all at one x or one y."""
    if len(x) < 3:
        return None
    try:
        slope, intercept = linear_regression(x, y)
        return Line(slope, intercept, correlation(x, y) ** 2)
    except StatisticsError:  # a constant input
        return None


def running_sum(epochs_j: Sequence[float]) -> list[float]:
    """The energy of the epochs so far, by the end of each, as figure 8 has it.

    Its R² is near 1 for any epochs that are alike, as each sum holds all epochs before: how much they
    differ among themselves, `relative_spread`, says more.
    """
    return list(accumulate(epochs_j))


def relative_spread(epochs_j: Sequence[float]) -> float | None:
    """Their standard deviation as a share of their mean; None of a single epoch."""
    return stdev(epochs_j) / mean(epochs_j) if len(epochs_j) > 1 else None


def error_of_proportion(share: float, part_j: float, all_j: float) -> float:
    """By what share of the truth one is off who takes the energy on a part of the data, divided by
    that part, for the energy on all of them."""
    return part_j / share / all_j - 1.0
