"""Tracking a training: its energy, its epochs, and what is known of it, as a record in the store."""

from __future__ import annotations

import os
from collections.abc import Iterable

from .facts import facts_of, text_of
from .run import Run

_MOST_IDLE_S = 3600.0


def track(
    name: str,
    *,
    epochs_total: int | None = None,
    data_fraction: float | None = None,
    model: str | None = None,
    dataset: str | None = None,
    task: str | None = None,
    phase: str | None = None,
    batch_size: int | None = None,
    metric: str | None = None,
    builds_on: str | Iterable[str] = (),
    db: str | os.PathLike[str] | None = None,
    idle_seconds: float = 0.0,
    sync: bool = True,
) -> Run:
    """Tracks a training over the `with` statement that it stands in:

        with wattfor.track("resnet50", epochs_total=90, data_fraction=0.01) as run:
            for epoch in range(5):
                with run.epoch():
                    train_one_epoch()
            run.log(accuracy=0.761)
        print(run.energy)
        print(run.extrapolate(epochs=90, fraction=1.0))

    What there is of it is kept in the store once a second: a program that is killed leaves a record
    that is marked interrupted. A failure of wattfor is warned of once and breaks nothing.

    epochs_total: of the whole training, as planned.
    data_fraction: the share of the data that is trained on, in (0, 1].
    model: without it the run's name is the model's.
    phase: "training", "pre-training", "fine-tuning" or "testing".
    metric: what the accuracy is, e.g. "top-1".
    builds_on: the ids of the runs that this one builds on, with ":N" where a run's energy is shared
      over N uses.
    db: the store's file; without it $WATTFOR_DB, else wattfor/wattfor.db in the user's data folder.
    idle_seconds: how long the power at rest is measured before, which holds the program up so long;
      0 leaves net energy out.
    sync: as in measure(), at the edges of epochs and windows.

    Raises ValueError, or TypeError, for what can't be.
    """
    title = text_of("a run's name", name)
    told = facts_of(
        {
            "model": title if model is None else model,
            "dataset": dataset,
            "task": task,
            "phase": phase,
            "epochs_total": epochs_total,
            "data_fraction": data_fraction,
            "batch_size": batch_size,
            "metric": metric,
            "builds_on": builds_on,
        }
    )
    if not 0.0 <= idle_seconds <= _MOST_IDLE_S:
        raise ValueError(f"idle_seconds={idle_seconds!r}: expected 0 to {_MOST_IDLE_S:.0f} seconds")
    store = None if db is None else os.fspath(db)
    return Run(title, told, store, float(idle_seconds), sync)
