"""Tracks what a Runner of MMEngine trains, by a line of its configuration:

    custom_imports = dict(imports=["wattfor.mmengine"])
    custom_hooks = [dict(type="WattforHook", name="segformer")]

or with a hook of one's own making, `Runner(…, custom_hooks=[WattforHook("segformer")])`.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from mmengine.dataset import InfiniteSampler
from mmengine.hooks import Hook
from mmengine.registry import HOOKS
from mmengine.runner import EpochBasedTrainLoop

from .training_callback import (
    TrackWords,
    TrainingCallback,
    epoch_length,
    length_of,
    unbreakable,
    whole_epochs,
)

if TYPE_CHECKING:
    from typing_extensions import Unpack


@HOOKS.register_module(force=True)  # a notebook may load the module anew
class WattforHook(TrainingCallback, Hook):
    """Tracks `Runner.train` as a run; `hook.run` is that of the last training.

    Under EpochBasedTrainLoop an epoch is the Runner's. IterBasedTrainLoop has none: there it is one
    pass over the data, or `epoch_iterations`. Validation is a window "validation"; between iterations
    of an epoch it is in that, too. A step is one of the optimizer.

    The Runner does not tell its hooks of an exception: a `with` statement around the training does,
    else the run ends with the next training or with the program.
    """

    def __init__(
        self,
        name: str | None = None,
        *,
        accuracy: str | None = None,
        accuracy_percent: str | None = None,
        epoch_iterations: int | None = None,
        **words: Unpack[TrackWords],
    ) -> None:
        """epoch_iterations: so many iterations are an epoch, in place of one pass over the data; under
          a loop that has epochs those are meant.

        The others are those of every callback (docs/python.md). Raises ValueError, or TypeError, for
        what can't be.
        """
        super().__init__(name, accuracy=accuracy, accuracy_percent=accuracy_percent, **words)
        self._epoch_iterations = epoch_length("epoch_iterations", epoch_iterations)

    _has_epochs = True
    _accumulated = 1  # iterations in a step

    # Hooks in the order in which the Runner calls them.

    @unbreakable
    def before_train(self, runner: Any) -> None:
        loop = runner.train_loop
        self._has_epochs = isinstance(loop, EpochBasedTrainLoop)
        self._accumulated = getattr(runner.optim_wrapper, "_accumulative_counts", 1)
        known: dict[str, Any] = {}
        batch_size = getattr(loop.dataloader, "batch_size", None)
        if batch_size is not None:
            known["batch_size"] = batch_size * self._accumulated * runner.world_size
        length = None
        if self._has_epochs:
            known["epochs_total"] = runner.max_epochs
        else:
            length = self._epoch_iterations or _one_pass(loop.dataloader)
            known["epochs_total"] = whole_epochs(runner.max_iters / length) if length else None
        self._training.begin(runner.model, known, length)
        self._training.resumed_at(self._steps(runner, runner.iter))

    @unbreakable
    def before_train_epoch(self, runner: Any) -> None:
        if self._has_epochs:
            self._training.begin_epoch(runner.epoch + 1)

    @unbreakable
    def before_train_iter(self, runner: Any, batch_idx: int, data_batch: Any = None) -> None:
        self._training.before(runner.iter)

    @unbreakable
    def after_train_iter(
        self, runner: Any, batch_idx: int, data_batch: Any = None, outputs: Any = None
    ) -> None:
        done = runner.iter + 1
        self._training.steps_done(self._steps(runner, done))
        self._training.after(done)

    @unbreakable
    def after_train_epoch(self, runner: Any) -> None:
        if self._has_epochs:
            self._training.end_epoch()

    @unbreakable
    def before_val(self, runner: Any) -> None:
        self._training.begin_validation()

    @unbreakable
    def after_val_epoch(self, runner: Any, metrics: Any = None) -> None:
        self._training.metrics(metrics or {})

    @unbreakable
    def after_val(self, runner: Any) -> None:
        self._training.end_validation()

    @unbreakable
    def after_train(self, runner: Any) -> None:
        self._training.end()

    def _steps(self, runner: Any, iterations: int) -> int:
        """The optimizer also takes a step at the last iteration, of whatever was accumulated by then."""
        if iterations == runner.max_iters:
            return math.ceil(iterations / self._accumulated)
        return iterations // self._accumulated


def _one_pass(dataloader: Any) -> int | None:
    """Iterations in which all ranks together see the data once, where that is known."""
    batches = length_of(dataloader)
    if not batches:
        return None
    sampler = getattr(dataloader, "sampler", None)
    # An InfiniteSampler gives the length of all the data, and a rank its part of them.
    ranks = sampler.world_size if isinstance(sampler, InfiniteSampler) else 1
    return math.ceil(batches / ranks)
