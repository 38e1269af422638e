"""What a whole training takes, from its first epochs on a part of the data."""

from __future__ import annotations

import math
import operator
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Protocol

from . import _core
from .energy import Energy, Interval, window_energy_of

_JOULES_PER_KWH = 3.6e6
_MOST_EPOCHS = 10**9


class HasRecord(Protocol):
    """A run: one that goes on, or one of the store."""

    @property
    def record(self) -> dict[str, Any]: ...


@dataclass(frozen=True, repr=False)
class Extrapolation:
    """The energy that a training of so many epochs on that share of the data takes; float() gives its
    joules.

    From one share of the data another can't be told: what an epoch takes to start and what its data
    take look alike. The answer is then a bracket, from `startup_alone` to `data_alone`: `interval`
    holds both, and `joules` is that of the data alone, in proportion to them.
    """

    model: str
    epochs: int
    fraction: float
    joules: float  #: NaN where nothing can be extrapolated: `why_missing` says why
    interval: Interval | None  #: 95 %, of one more training, with all that can be wrong; None: not known
    comparison_interval: Interval | None  #: 95 %, for comparing on the same sensors; None of a bracket
    basis: str  #: the weakest of the epochs'
    scope: str
    startup_alone: Energy | None = None
    data_alone: Energy | None = None
    r_squared: float | None = None  #: of the line in the share of the data; None with one share
    warm_up_epochs: int = 0  #: they count once, at the beginning
    relative_spread: float = math.nan  #: of epochs after the warm-up
    beyond_epochs: float = math.nan  #: how many times the epochs that were measured
    beyond_data_fraction: float = math.nan  #: how many times the greatest share that was measured
    notes: tuple[str, ...] = ()  #: what is to be known beside the figure
    why_missing: str = ""
    details: dict[str, Any] = field(default_factory=dict, compare=False)  #: as `wattfor extrapolate --json`

    @property
    def is_bracket(self) -> bool:
        return self.data_alone is not None

    @property
    def kwh(self) -> float:
        """In kilowatt-hours."""
        return self.joules / _JOULES_PER_KWH

    def __float__(self) -> float:
        return self.joules

    def __str__(self) -> str:
        what = f"{self.model}: {self.epochs:,} epochs on {_share(self.fraction)}"
        if math.isnan(self.joules):
            return f"{what}: {self.why_missing}"
        sure = "how wrong the sensors are is not known"
        if self.interval is not None:
            low, high = (_core.si_number(end, "J") for end in (self.interval.low, self.interval.high))
            sure = f"95 %: {low} … {high}"
        if self.startup_alone is not None and self.data_alone is not None:
            figure = (
                f"between {_core.si_number(self.startup_alone.joules, 'J')} (all to start an epoch) and "
                f"{_core.si_number(self.data_alone.joules, 'J')} (all for the data), {sure}; "
                "a run at another share of the data tells"
            )
        else:
            kwh = _core.si_number(1e3 * self.kwh, "Wh")
            figure = f"{_core.si_number(self.joules, 'J')} ({kwh}), {sure}"
        return "; ".join((f"{what} take {figure}", self.basis, *self.notes))

    def __repr__(self) -> str:
        return f"<wattfor.Extrapolation {self}>"


def extrapolate(
    runs: Iterable[HasRecord], *, epochs: int | None = None, fraction: float = 1.0
) -> Extrapolation:
    """What a training of `epochs` epochs on that share of the data takes, from runs of it at one share of
    the data, or better two.

    epochs: the whole training's; without it the `epochs_total` that the runs were told.

    Raises ValueError where no run is given, where there is no one number of epochs, and where either
    can't be.
    """
    import json  # what only few programs ask for is not imported with the package

    records = [run.record for run in runs]
    if not records:
        raise ValueError("runs: expected at least one")
    wanted = _told_epochs(records) if epochs is None else operator.index(epochs)
    if not 1 <= wanted <= _MOST_EPOCHS:
        raise ValueError(f"epochs: expected 1 to {_MOST_EPOCHS} epochs, found {wanted}")
    share = float(fraction)
    _core.require_target(wanted, share)
    measured = [record for record in records if any(map(_is_measured_epoch, record["windows"]))]
    if not measured:
        return Extrapolation(
            records[0]["name"], wanted, share, math.nan, None, None, "missing", "",
            why_missing="no epoch has both ended and an energy",
        )  # fmt: skip
    return _answer(_core.extrapolate([json.dumps(each) for each in measured], wanted, share))


def _told_epochs(records: list[dict[str, Any]]) -> int:
    told = {record["training"]["epochs_total"] for record in records if record["training"]}
    numbers = sorted(int(each) for each in told if each is not None)
    if len(numbers) != 1:
        said = f"the runs were told {numbers}" if numbers else "the runs were not told epochs_total"
        raise ValueError(f"epochs: expected how many the whole training has: {said}")
    return numbers[0]


def _is_measured_epoch(window: dict[str, Any]) -> bool:
    return window["kind"] == "epoch" and window["ended"] and window["energy_j"] is not None


def _answer(answer: dict[str, Any]) -> Extrapolation:
    startup_alone = data_alone = None
    if answer["bracket"] is None:
        whole = _energy(answer, answer)
        joules, interval, comparison = whole.joules, whole.interval, whole.comparison_interval
    else:
        startup_alone = _energy(answer["bracket"]["startup_alone"], answer)
        data_alone = _energy(answer["bracket"]["data_alone"], answer)
        joules, comparison = data_alone.joules, None
        ends = [end for end in (startup_alone.interval, data_alone.interval) if end is not None]
        interval = None
        if len(ends) == 2:
            interval = Interval(min(end.low for end in ends), max(end.high for end in ends))
    return Extrapolation(
        model=answer["model"],
        epochs=answer["epochs"],
        fraction=answer["data_fraction"],
        joules=joules,
        interval=interval,
        comparison_interval=comparison,
        basis=answer["basis"],
        scope=answer["scope"],
        startup_alone=startup_alone,
        data_alone=data_alone,
        r_squared=answer["r_squared"],
        warm_up_epochs=answer["warm_up_epochs"],
        relative_spread=answer["relative_spread"],
        beyond_epochs=answer["beyond_epochs"],
        beyond_data_fraction=answer["beyond_data_fraction"],
        notes=tuple(answer["notes"]),
        details=answer,
    )


def _energy(figure: dict[str, Any], answer: dict[str, Any]) -> Energy:
    nobodys = {"basis": answer["basis"], "duration_s": math.nan, "net_energy_j": None}
    return window_energy_of({**figure, **nobodys}, answer["scope"])


def _share(fraction: float) -> str:
    return "all the data" if fraction == 1.0 else f"{100.0 * fraction:.4g} % of the data"
