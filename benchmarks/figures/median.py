"""The median of a sample and how well it is known, without an assumption about the distribution."""

import math
import statistics
from dataclasses import dataclass


def rank_of_interval(count: int, confidence: float) -> int | None:
    """The k for which the k-th smallest and the k-th largest of `count` values enclose the median.

    Each value is below the median with probability 1/2, so the number below it is binomial, and the
    interval fails where fewer than k of them lie on one side (David and Nagaraja, "Order
    Statistics", section 7.1). None where even the extremes don't reach the confidence.
    """
    tail = 0.0  # the probability that fewer than k values lie below the median
    k = 0
    while k < count // 2:
        tail += math.comb(count, k) / 2**count
        if 2 * tail > 1 - confidence:
            break
        k += 1
    return k or None


@dataclass
class Median:
    value: float
    low: float
    high: float

    def half_width(self) -> float:
        return max(self.high - self.value, self.value - self.low)


def median_of(values: list[float], confidence: float = 0.95) -> Median:
    """The median with its interval, which is endless where there are too few values for one."""
    k = rank_of_interval(len(values), confidence)
    ordered = sorted(values)
    if k is None:
        return Median(statistics.median(values), -math.inf, math.inf)
    return Median(statistics.median(values), ordered[k - 1], ordered[-k])
