"""Which trainings the example needs, and which of them the store has already."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import wattfor
from models import share_of
from training import Training, train

Runs = dict[Training, wattfor.RecordedRun]

SIX_MODELS = (
    "digits_mixer_s",
    "digits_lenet_s",
    "digits_dwcnn_s",
    "digits_resnet_s",
    "digits_vit_xs",
    "digits_hybrid_xs",
)


@dataclass(frozen=True)
class Plan:
    """The whole training of each model is `epochs` on all the data. It is predicted from trainings of
    `first_epochs` on `first_shares`."""

    models: Sequence[str] = SIX_MODELS
    epochs: int = 20
    shares: Sequence[float] = (0.01, 0.1, 0.2, 0.5, 1.0)
    first_epochs: Sequence[int] = (1, 2, 5)
    first_shares: Sequence[float] = (0.01, 0.1)

    def all_shares(self) -> list[float]:
        """All the data are always among them: they are the truth."""
        return sorted({*map(share_of, self.shares), 1.0})

    def seen_shares(self) -> list[float]:
        return sorted(set(map(share_of, self.first_shares)))

    def first(self, model: str) -> list[Training]:
        """The short trainings, each a run of its own: what it predicts knows nothing of later."""
        return [
            Training(model, share, epochs)
            for epochs in sorted(set(self.first_epochs))
            for share in self.seen_shares()
        ]

    def whole(self, model: str) -> list[Training]:
        """The `epochs` on each share; all the data last."""
        return [Training(model, share, self.epochs) for share in self.all_shares()]

    def trainings(self) -> list[Training]:
        """In their order. A short one that is also a whole one is trained once."""
        each = [one for model in self.models for one in (*self.first(model), *self.whole(model))]
        return list(dict.fromkeys(each))


def run_all(plan: Plan, db: Path, say: Callable[[str], None] = print) -> Runs:
    """Trains what the store does not have, with a line for each, and returns all of the plan."""
    trainings = plan.trainings()
    known = _finished(db)
    done = {training: known[training.name] for training in trainings if training.name in known}
    if done:
        say(f"{len(done)} of {len(trainings)} trainings are in {db} already")
    for number, training in enumerate(trainings, start=1):
        if training in done:
            continue
        run = train(training, plan.epochs, db)
        if run.energy.basis == "missing":
            raise SystemExit(f"{run.name}: {run.energy}")
        done[training] = run
        epochs = f"{training.epochs:2} epoch{' ' if training.epochs == 1 else 's'}"
        say(
            f"[{number:{len(str(len(trainings)))}}/{len(trainings)}] {training.model:17} "
            f"{100.0 * training.share:3g} %  {epochs}  "
            f"{100.0 * (run.accuracy or 0.0):5.1f} % right  {run.energy}"
        )
        for warning in run.warnings:
            say(f"    warning: {warning}")
    return done


def _finished(db: Path) -> dict[str, wattfor.RecordedRun]:
    """The newest finished run of each name. A simulated device's are none of this machine's."""
    is_simulated = bool(os.environ.get("WATTFOR_SIMULATE"))
    if not db.exists():
        return {}
    return {
        run.name: run
        for run in wattfor.runs(db)
        if run.outcome == "done"
        and run.energy.basis != "missing"
        and (run.energy.basis == "simulated") == is_simulated
    }
