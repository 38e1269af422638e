"""Energies as they are answered: joules that say how sure they are and where they came from."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

from ._core import duration_text, relative_interval, si_number

_JOULES_PER_KWH = 3.6e6


@dataclass(frozen=True)
class Interval:
    """A 95 % interval in joules."""

    low: float
    high: float


@dataclass(frozen=True)
class ComponentEnergy:
    """What one component (a GPU, a CPU package, its memory) used."""

    name: str  #: "gpu 0", "cpu package 0", "dram 0"
    kind: str  #: "cpu", "dram", "gpu" or "other"
    basis: str  #: "measured", "modelled", "simulated" or "missing"
    joules: float  #: NaN where the basis is "missing"
    interval: Interval | None  #: absolute: all that can be wrong
    comparison_interval: Interval | None  #: without what is common to all figures of the same sensor
    average_power_w: float | None
    peak_power_w: float | None
    gaps: tuple[str, ...]  #: stretches that no sensor saw
    faults: tuple[str, ...]  #: impossible readings that were refused
    assumption: str  #: what a modelled figure rests on
    in_total: bool  #: False for a part of another component


@dataclass(frozen=True, repr=False)
class Energy:
    """What a window, an epoch or a run used.

    float(energy) is its joules. They are NaN, never zero, where nothing was measured: `basis` is then
    "missing" and `why_missing` says why.
    """

    joules: float
    interval: Interval | None  #: absolute, 95 %: all that can be wrong, the sensor's gain included
    comparison_interval: Interval | None  #: 95 %, between figures of the same sensor
    basis: str  #: "measured", "modelled", "simulated" or "missing": the weakest of the components'
    scope: str  #: what is in it: "gpu only", "cpu + dram"
    duration_s: float
    components: tuple[ComponentEnergy, ...] = ()
    net_joules: float | None = None  #: less the idle power, where that was measured
    is_final: bool = True  #: False while the window is open: what was used so far
    why_missing: str = ""
    record: dict[str, Any] = field(default_factory=dict, compare=False)  #: as in the store's JSON

    @property
    def kwh(self) -> float:
        """In kilowatt-hours."""
        return self.joules / _JOULES_PER_KWH

    @property
    def average_power_w(self) -> float:
        """In watts; NaN of a window without duration."""
        return self.joules / self.duration_s if self.duration_s > 0.0 else math.nan

    def __float__(self) -> float:
        return self.joules

    def __str__(self) -> str:
        if self.basis == "missing":
            return f"no energy: {self.why_missing or 'nothing could be read'}"
        text = si_number(self.joules, "J")
        if self.interval is not None:
            text += f" {relative_interval(self.joules, self.interval.low, self.interval.high)}"
        so_far = "" if self.is_final else " so far"
        return f"{text} {self.basis} ({self.scope}){so_far} over {duration_text(self.duration_s)}"

    def __repr__(self) -> str:
        return f"<wattfor.Energy {self}>"


def energy_of(report: dict[str, Any], *, is_final: bool = True, why_missing: str = "") -> Energy:
    """An energy report of the library, in its JSON form."""
    total = report["total"]
    return Energy(
        joules=_joules(total),
        interval=_interval(total, ""),
        comparison_interval=_interval(total, "comparison_"),
        basis=total["basis"],
        scope=total["scope"],
        duration_s=report["duration_s"],
        components=tuple(_component(each) for each in report["components"]),
        net_joules=total["net_energy_j"],
        is_final=is_final,
        why_missing=why_missing if total["basis"] == "missing" else "",
        record=report,
    )


def window_energy_of(window: dict[str, Any], scope: str, *, is_final: bool = True) -> Energy:
    """The energy of a window that a run's record lists."""
    return Energy(
        joules=_joules(window),
        interval=_interval(window, ""),
        comparison_interval=_interval(window, "comparison_"),
        basis=window["basis"],
        scope=scope,
        duration_s=window["duration_s"],
        net_joules=window["net_energy_j"],
        is_final=is_final,
        record=window,
    )


def missing_energy(why: str, duration_s: float = math.nan) -> Energy:
    """What is answered where nothing was measured."""
    return Energy(math.nan, None, None, "missing", "", duration_s, why_missing=why)


def _component(component: dict[str, Any]) -> ComponentEnergy:
    return ComponentEnergy(
        name=component["name"],
        kind=component["kind"],
        basis=component["basis"],
        joules=_joules(component),
        interval=_interval(component, ""),
        comparison_interval=_interval(component, "comparison_"),
        average_power_w=component["average_power_w"],
        peak_power_w=component["peak_power_w"],
        gaps=tuple(_gap(each) for each in component["gaps"]),
        faults=tuple(component["faults"]),
        assumption=component["assumption"],
        in_total=component["in_total"],
    )


def _joules(figure: dict[str, Any]) -> float:
    joules = figure["energy_j"]
    return math.nan if joules is None else float(joules)


def _interval(figure: dict[str, Any], which: str) -> Interval | None:
    prefix = which or "energy_"
    low, high = figure[f"{prefix}low_j"], figure[f"{prefix}high_j"]
    return None if low is None or high is None else Interval(low, high)


def _gap(gap: dict[str, Any]) -> str:
    return f"{gap['duration_s']:.3f} s from {gap['start_s']:.3f} s on: {gap['reason']}"
