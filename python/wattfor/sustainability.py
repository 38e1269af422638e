"""SAM, the Sustainable-Accuracy Metric: accuracy for the electricity that it took to train."""

from __future__ import annotations

import math
from dataclasses import dataclass

from . import _core
from .energy import Interval
from .extrapolation import Extrapolation

_JOULES_PER_KWH = 3.6e6
_NO_ACCURACY = "no accuracy was told: run.log(accuracy=…) takes it, as a share in [0, 1]"


@dataclass(frozen=True, repr=False)
class Sam:
    """5 · a⁵ / log₁₀(kWh), with a the accuracy as a share; more is better. It compares runs of equal
    batch size on like hardware only.

    Where it is undefined `value` is None, and `why_undefined` says why.
    """

    value: float | None
    why_undefined: str
    accuracy: float | None  #: a share in [0, 1]
    kwh: float
    interval: tuple[float, float] | None = None  #: at the ends of the electricity's 95 % interval
    is_inflated: bool = False  #: below 10 kWh, where the logarithm hands out the score
    of: Extrapolation | None = None  #: the extrapolated training that it is the score of

    def __bool__(self) -> bool:
        """Whether it is defined."""
        return self.value is not None

    def __float__(self) -> float:
        """NaN where it is undefined."""
        return math.nan if self.value is None else self.value

    def __str__(self) -> str:
        if self.value is None:
            return f"SAM is undefined: {self.why_undefined}"
        text = f"SAM {self.value:.3f}"
        if self.interval is not None:
            text += f" ({self.interval[0]:.3f} to {self.interval[1]:.3f})"
        text += f" at {100.0 * (self.accuracy or 0.0):.2f} % and {self.kwh:.4g} kWh"
        return text + ("; below 10 kWh the score is inflated" if self.is_inflated else "")

    def __repr__(self) -> str:
        return f"<wattfor.Sam {self}>"


def sam_of(
    accuracy: float | None,
    joules: float,
    interval: Interval | None = None,
    *,
    of: Extrapolation | None = None,
) -> Sam:
    """Of an accuracy as a share, and the electricity to train with its interval."""
    kwh = joules / _JOULES_PER_KWH
    if accuracy is None:
        return Sam(None, _NO_ACCURACY, None, kwh, of=of)
    if math.isnan(joules):
        return Sam(None, "the electricity is not known", accuracy, kwh, of=of)
    score = _core.sam(100.0 * accuracy, joules)
    return Sam(
        score["value"],
        score["why"],
        accuracy,
        kwh,
        interval=_range(accuracy, interval) if score["value"] is not None else None,
        is_inflated=score["is_inflated"],
        of=of,
    )


def _range(accuracy: float, interval: Interval | None) -> tuple[float, float] | None:
    """The scores at both ends; infinity where the electricity may be so little that there is none."""
    if interval is None:
        return None
    low = _core.sam(100.0 * accuracy, interval.high)["value"]
    high = _core.sam(100.0 * accuracy, interval.low)["value"]
    return None if low is None else (low, math.inf if high is None else high)
