"""A run as its record tells of it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from . import _core
from .energy import Energy, energy_of, window_energy_of
from .extrapolation import Extrapolation, extrapolate
from .sustainability import Sam, sam_of

if TYPE_CHECKING:
    import pandas


@dataclass(frozen=True)
class Epoch:
    """One epoch of a run, from its begin to its end."""

    number: int
    energy: Energy
    steps: int | None  #: how many were marked in it
    ended: bool  #: False: it was open still as the run ended, or broke off


class RecordedRun:
    """What is known of a run. `record` is all of it, as the store's JSON has it."""

    def __init__(self, record: dict[str, Any]) -> None:
        self.record = record

    @property
    def id(self) -> str:
        return str(self.record["id"])

    @property
    def name(self) -> str:
        return str(self.record["name"])

    @property
    def started_at(self) -> str:
        """In UTC, as RFC 3339 writes it."""
        return str(self.record["started_at"])

    @property
    def outcome(self) -> str:
        """ "done", "failed" or "interrupted"; `record["reason"]` says why."""
        return str(self.record["outcome"])

    @property
    def warnings(self) -> tuple[str, ...]:
        """What would mislead whoever reads the figures without it."""
        return tuple(self.record["warnings"])

    @property
    def energy(self) -> Energy:
        """Of the whole run."""
        return energy_of(self.record["energy"], why_missing=self.record["reason"])

    @property
    def epochs(self) -> tuple[Epoch, ...]:
        """In their order, those that never ended among them."""
        scope = self.record["energy"]["total"]["scope"]
        return tuple(
            Epoch(window["epoch"], window_energy_of(window, scope), window["steps"], window["ended"])
            for window in self.record["windows"]
            if window["kind"] == "epoch"
        )

    @property
    def accuracy(self) -> float | None:
        """The accuracy that was told, as a share in [0, 1]."""
        percent = self._facts().get("accuracy_percent")
        return None if percent is None else float(percent) / 100.0

    @property
    def data_fraction(self) -> float:
        """The share of the data that was trained on; 1 where none was told."""
        fraction = self._facts().get("data_fraction")
        return 1.0 if fraction is None else float(fraction)

    def extrapolate(self, *, epochs: int | None = None, fraction: float = 1.0) -> Extrapolation:
        """What `epochs` epochs on that share of the data take, from this run's epochs.

        epochs: the whole training's; without it the `epochs_total` that the run was told.

        Raises ValueError where there is no number of epochs, and where either can't be.
        """
        return extrapolate([self], epochs=epochs, fraction=fraction)

    def sam(self, *, epochs: int | None = None, fraction: float | None = None) -> Sam:
        """The Sustainable-Accuracy Metric of the run; with `epochs` or `fraction` that of the run
        extrapolated to them.

        It is undefined without an accuracy, and at or below 1 kWh: the answer says why.

        Raises ValueError for a number of epochs or a share that can't be.
        """
        if epochs is None and fraction is None:
            return sam_of(self.accuracy, self.energy.joules)
        whole = self.extrapolate(epochs=epochs, fraction=1.0 if fraction is None else fraction)
        return sam_of(self.accuracy, whole.joules, whole.interval, of=whole)

    def to_dataframe(self) -> pandas.DataFrame:
        """A pandas.DataFrame with a row for each epoch and named window; columns carry their units.

        Raises ImportError where pandas is not there.
        """
        try:
            import pandas
        except ImportError as error:
            raise ImportError("to_dataframe() needs pandas, which is not installed") from error
        columns = (
            "kind", "name", "epoch", "start_s", "duration_s", "steps", "ended", "basis", "energy_j",
            "energy_low_j", "energy_high_j", "comparison_low_j", "comparison_high_j", "net_energy_j",
        )  # fmt: skip
        rows = [[window[column] for column in columns] for window in self.record["windows"]]
        return pandas.DataFrame(rows, columns=list(columns))

    def with_facts(self, facts: dict[str, Any]) -> RecordedRun:
        """The same run with what was told of it later."""
        told = {word: value for word, value in facts.items() if value not in (None, "", [])}
        return RecordedRun({**self.record, "training": {**self._facts(), **told}})

    def __repr__(self) -> str:
        return f"<wattfor.{type(self).__name__} {self.name!r}, {self.outcome}: {self.energy}>"

    def _facts(self) -> dict[str, Any]:
        return self.record["training"] or {}


def runs(db: str | os.PathLike[str] | None = None) -> list[RecordedRun]:
    """The runs in the store, in the order they ended; those of `wattfor run` are among them.

    db: the store's file; without it $WATTFOR_DB, else wattfor/wattfor.db in the user's data folder.

    Raises FileNotFoundError where there is no store, and ValueError for a file that is none.
    """
    records = _core.runs(None if db is None else os.fspath(db))
    return [RecordedRun(record) for record in records]
