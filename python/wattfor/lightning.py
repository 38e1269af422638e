"""Tracks what Lightning trains:

    from wattfor.lightning import WattforCallback

    callback = WattforCallback("resnet50", data_fraction=0.01)
    Trainer(callbacks=[callback]).fit(model)
    print(callback.run.energy)

For the package `lightning` and for `pytorch_lightning`.
"""

from __future__ import annotations

import importlib
import math
import sys
from typing import Any

from .training_callback import TrainingCallback, length_of, unbreakable

_PACKAGES = ("lightning.pytorch", "pytorch_lightning")


def _callback() -> Any:
    """A class that is a `Callback` of each of the two packages that the program has imported; where it
    has imported neither, of the first that is installed."""
    imported = [name for name in _PACKAGES if name in sys.modules]
    for names in [imported] if imported else [[name] for name in _PACKAGES]:
        try:
            packages = [importlib.import_module(f"{name}.callbacks") for name in names]
        except ModuleNotFoundError:
            continue
        return type("Callback", tuple(package.Callback for package in packages), {})
    raise ImportError("wattfor.lightning needs lightning or pytorch_lightning, and neither is installed")


_Callback: Any = _callback()


class WattforCallback(TrainingCallback, _Callback):
    """Tracks each `Trainer.fit` as a run; `callback.run` is that of the last.

    An epoch is what Lightning calls one, less the validation that follows its last batch: that is a
    window "validation". Validation between batches is in the epoch. The sanity check belongs to the
    start-up. A step is one of `trainer.global_step`.
    """

    _batches = 0  # of this epoch that this training has seen
    _place = 0  # of the last of them in the epoch, from 1
    _is_to_begin = False  # this epoch, with its first batch

    # Hooks in the order in which Lightning calls them.

    @unbreakable
    def setup(self, trainer: Any, pl_module: Any, stage: str) -> None:
        if stage != "fit":
            return
        known: dict[str, Any] = {}
        if trainer.max_steps == -1:
            known["epochs_total"] = trainer.max_epochs  # −1: no end is planned
        self._training.begin(pl_module, known)

    @unbreakable
    def on_train_start(self, trainer: Any, pl_module: Any) -> None:
        # Only now is the checkpoint loaded from which the training is resumed, and the data.
        self._training.resumed_at(trainer.global_step)
        self._training.log(_facts_of_data(trainer))

    @unbreakable
    def on_train_epoch_start(self, trainer: Any, pl_module: Any) -> None:
        self._batches = self._place = 0
        # Resumed from a checkpoint that was saved as it was validated, an epoch has nothing left to train.
        self._is_to_begin = getattr(trainer.fit_loop, "restarting", False)
        if not self._is_to_begin:
            self._training.begin_epoch(trainer.current_epoch + 1)

    @unbreakable
    def on_train_batch_start(self, trainer: Any, pl_module: Any, batch: Any, batch_idx: int) -> None:
        if self._is_to_begin:
            self._is_to_begin = False
            self._training.begin_epoch(trainer.current_epoch + 1)

    @unbreakable
    def on_train_batch_end(
        self, trainer: Any, pl_module: Any, outputs: Any, batch: Any, batch_idx: int
    ) -> None:
        self._batches += 1
        self._place = batch_idx + 1
        self._training.steps_done(trainer.global_step)

    @unbreakable
    def on_validation_start(self, trainer: Any, pl_module: Any) -> None:
        if trainer.state.fn != "fit" or trainer.sanity_checking:
            return
        if trainer.is_last_batch:
            self._end_epoch(trainer)
        self._training.begin_validation()

    @unbreakable
    def on_validation_end(self, trainer: Any, pl_module: Any) -> None:
        if trainer.state.fn != "fit" or trainer.sanity_checking:
            return
        self._training.end_validation()
        self._log_metrics(trainer)

    @unbreakable
    def on_train_epoch_end(self, trainer: Any, pl_module: Any) -> None:
        self._end_epoch(trainer)
        self._log_metrics(trainer)

    @unbreakable
    def on_train_end(self, trainer: Any, pl_module: Any) -> None:
        self._log_metrics(trainer)

    @unbreakable
    def teardown(self, trainer: Any, pl_module: Any, stage: str) -> None:
        if stage == "fit":
            self._training.end(expects_metric=trainer.local_rank == 0)

    @unbreakable
    def on_exception(self, trainer: Any, pl_module: Any, exception: BaseException) -> None:
        self._training.end_by(exception)

    def _log_metrics(self, trainer: Any) -> None:
        # To ask for them is to have them computed. Each rank has its own, of its part of the data: that
        # of the first on the node is told.
        if self._training.metric is not None and trainer.local_rank == 0:
            self._training.metrics(trainer.callback_metrics)

    def _end_epoch(self, trainer: Any) -> None:
        expected = trainer.num_training_batches
        if math.isinf(expected):  # a stream: from its first batch to its last
            whole = trainer.is_last_batch and self._batches == self._place
        else:
            whole = self._batches == expected
        self._training.end_epoch(whole=whole)


def _facts_of_data(trainer: Any) -> dict[str, Any]:
    """What Lightning knows of the data once they are loaded."""
    facts: dict[str, Any] = {}
    loader = trainer.train_dataloader
    batch_size = getattr(loader, "batch_size", None)
    if batch_size is not None:
        facts["batch_size"] = batch_size * trainer.accumulate_grad_batches * trainer.world_size
    length = length_of(loader)
    if hasattr(loader, "dataset") and length and trainer.num_training_batches < length:
        facts["data_fraction"] = trainer.num_training_batches / length  # limit_train_batches
    return facts
