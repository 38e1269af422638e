"""What a whole training takes, from its first epochs on a part of the data."""

from __future__ import annotations

import math
import operator
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from ._core import extrapolate, relative_interval, si_number
from .energy import Interval

_JOULES_PER_KWH = 3.6e6


class ObservedRun(Protocol):
    """What an extrapolation asks of a run."""

    def observed(self) -> tuple[float, float | None, list[float]]: ...
    def epochs_total(self) -> int | None: ...


@dataclass(frozen=True, repr=False)
class Extrapolation:
    """The energy that a training of so many epochs on that share of the data takes; float() gives its
    joules.

    Where all runs have one share of the data and the target another, what an epoch takes to start and
    what its data take can't be told apart. The answer is then a `bracket`: the interval reaches from
    the least that it takes if start-up is all to the most if the data are, and `joules` is in
    proportion to the data.
    """

    epochs: int
    fraction: float
    joules: float  #: NaN where nothing could be extrapolated: `why_missing` says why
    interval: Interval | None  #: 95 %, of one more training
    is_bracket: bool = False
    startup_alone: Interval | None = None  #: the bracket's lower end, with its own interval
    data_alone: Interval | None = None  #: its upper end
    r_squared: float | None = None  #: of the line in the share; None with one share
    warm_up_epochs: int = 0  #: that count once, at the beginning
    relative_spread: float = math.nan  #: of epochs after the warm-up
    beyond_epochs: float = math.nan  #: how many times the epochs that were measured
    beyond_data_fraction: float = math.nan  #: how many times the greatest share that was measured
    notes: tuple[str, ...] = ()  #: what is to be known beside the figure
    why_missing: str = ""
    details: dict[str, Any] = field(default_factory=dict, compare=False)  #: all that the fit says

    @property
    def kwh(self) -> float:
        """In kilowatt-hours."""
        return self.joules / _JOULES_PER_KWH

    def __float__(self) -> float:
        return self.joules

    def __str__(self) -> str:
        what = f"{self.epochs:,} epochs on {_percent(self.fraction)} of the data"
        if self.why_missing or self.interval is None:
            return f"{what}: {self.why_missing}"
        if self.is_bracket:
            low, high = si_number(self.interval.low, "J"), si_number(self.interval.high, "J")
            text = f"{what} take {low} to {high}"
        else:
            sure = relative_interval(self.joules, self.interval.low, self.interval.high)
            text = f"{what} take {si_number(self.joules, 'J')} {sure} ({self.kwh:.3g} kWh)"
        return "; ".join((text, *self.notes))

    def __repr__(self) -> str:
        return f"<wattfor.Extrapolation {self}>"


def extrapolation_of(
    runs: Sequence[ObservedRun], *, epochs: int | None, fraction: float
) -> Extrapolation:
    """From runs of one training, at one share of the data or several."""
    target = next((run.epochs_total() for run in runs if run.epochs_total()), None)
    if epochs is None and target is None:
        raise ValueError("epochs: expected how many the whole training has: the run was told none")
    wanted = target or 0 if epochs is None else operator.index(epochs)
    share = float(fraction)
    observed = [run.observed() for run in runs]
    measured = [run for run in observed if run[2]]
    if not measured:
        # What can't be is refused all the same.
        extrapolate([(1.0, None, [1.0])], wanted, share)
        why = "no epoch of the run has both an end and a figure"
        return Extrapolation(wanted, share, math.nan, None, why_missing=why)
    return _answer(extrapolate(measured, wanted, share), wanted, share)


def _answer(fit: dict[str, Any], epochs: int, fraction: float) -> Extrapolation:
    predicted, bracket = fit["predicted"], fit["bracket"]
    startup_alone = data_alone = None
    if predicted is not None:
        joules, interval = predicted["energy_j"], _interval(predicted)
    else:
        startup_alone, data_alone = (
            _interval(bracket["startup_alone"]),
            _interval(bracket["data_alone"]),
        )
        joules = bracket["data_alone"]["energy_j"]
        interval = Interval(
            min(startup_alone.low, data_alone.low), max(startup_alone.high, data_alone.high)
        )
    return Extrapolation(
        epochs=epochs,
        fraction=fraction,
        joules=joules,
        interval=interval,
        is_bracket=predicted is None,
        startup_alone=startup_alone,
        data_alone=data_alone,
        r_squared=fit["r_squared"],
        warm_up_epochs=fit["warm_up_epochs"],
        relative_spread=fit["relative_spread"],
        beyond_epochs=fit["beyond_epochs"],
        beyond_data_fraction=fit["beyond_data_fraction"],
        notes=tuple(_notes(fit)),
        details=fit,
    )


def _notes(fit: dict[str, Any]) -> list[str]:
    notes = []
    if fit["bracket"] is not None:
        notes.append(
            "a bracket: one share of the data does not tell what an epoch takes to start from what "
            "its data take; measure a second share"
        )
    if fit["beyond_epochs"] > 1.0 or fit["beyond_data_fraction"] > 1.0:
        notes.append(
            f"reaches {fit['beyond_epochs']:.3g} times the epochs and "
            f"{fit['beyond_data_fraction']:.3g} times the data that were measured"
        )
    if fit["before_first_epoch"] is None:
        notes.append("without what comes before the first epoch, which was not measured")
    if fit["warm_up_epochs"]:
        notes.append(f"the first {fit['warm_up_epochs']} epochs are a warm-up, counted once")
    if fit["warm_up_is_hidden"]:
        notes.append("too few epochs to tell a warm-up from the rest")
    if fit["spread_is_assumed"]:
        spread = _percent(fit["relative_spread"])
        notes.append(f"epochs are assumed to vary by {spread}, as too few were measured to tell")
    if fit["scatters"]:
        notes.append("the runs differ by more than their epochs vary")
    if any(run["trend"] for run in fit["runs"]):
        notes.append("the epochs' energy rises or falls, which the prediction leaves out")
    parts = fit["parts"]
    if parts is not None and parts["contradicts_model"]:
        notes.append("energy is not linear in the data here: the runs may be of several trainings")
    return notes


def _interval(energy: dict[str, float]) -> Interval:
    return Interval(energy["energy_low_j"], energy["energy_high_j"])


def _percent(share: float) -> str:
    return f"{100.0 * share:.3g} %"
