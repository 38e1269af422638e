"""Tracks what the Trainer of Hugging Face's transformers trains:

    from wattfor.transformers import WattforCallback

    callback = WattforCallback("bert")
    Trainer(model, args, train_dataset=data, callbacks=[callback]).train()
    print(callback.run.energy)
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import transformers

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


class WattforCallback(TrainingCallback, transformers.TrainerCallback):
    """Tracks each `Trainer.train` as a run; `callback.run` is that of the last.

    Epochs and steps are the Trainer's: a step is one of the optimizer. Evaluation after an epoch is a
    window "validation"; evaluation between steps is in the epoch. An epoch that `max_steps`, a number
    of epochs that is not whole, or a checkpoint cuts does not count as ended.

    The Trainer does not tell its callbacks of an exception: a `with` statement around the training
    does, else the run ends with the next training or with the program.
    """

    def __init__(
        self,
        name: str | None = None,
        *,
        accuracy: str | None = None,
        accuracy_percent: str | None = None,
        epoch_steps: int | None = None,
        **words: Unpack[TrackWords],
    ) -> None:
        """epoch_steps: so many steps are an epoch, in place of the Trainer's: of a stream, which has no
          epochs, this makes some to extrapolate from.

        The others are those of every callback (docs/python.md). Raises ValueError, or TypeError, for
        what can't be.
        """
        super().__init__(name, accuracy=accuracy, accuracy_percent=accuracy_percent, **words)
        self._epoch_steps = epoch_length("epoch_steps", epoch_steps)

    _steps_per_epoch = 0  # as the Trainer counts them; 0 of a stream, which does not know
    _steps_before = 0  # this epoch
    _epochs = 0  # that have begun

    # Hooks in the order in which the Trainer calls them.

    @unbreakable
    def on_train_begin(self, args: Any, state: Any, control: Any, **of: Any) -> None:
        batches = length_of(of.get("train_dataloader"))
        self._steps_per_epoch = steps_per_epoch(args, state, batches) if batches else 0
        length = self._epoch_steps or self._steps_per_epoch
        known = {
            "epochs_total": whole_epochs(state.max_steps / length) if length else None,
            "batch_size": args.train_batch_size * args.gradient_accumulation_steps * args.world_size,
        }
        if self._epoch_steps is None and args.max_steps <= 0:
            known["epochs_total"] = whole_epochs(args.num_train_epochs)
        self._training.begin(of.get("model"), known, self._epoch_steps)
        self._training.resumed_at(state.global_step)
        self._epochs = state.global_step // self._steps_per_epoch if self._steps_per_epoch else 0

    @unbreakable
    def on_epoch_begin(self, args: Any, state: Any, control: Any, **of: Any) -> None:
        self._epochs += 1
        self._steps_before = state.global_step
        if self._epoch_steps is None:
            self._training.begin_epoch(self._epochs)

    @unbreakable
    def on_step_begin(self, args: Any, state: Any, control: Any, **of: Any) -> None:
        self._training.before(state.global_step)

    @unbreakable
    def on_step_end(self, args: Any, state: Any, control: Any, **of: Any) -> None:
        self._training.steps_done(state.global_step)
        self._training.after(state.global_step)

    @unbreakable
    def on_epoch_end(self, args: Any, state: Any, control: Any, **of: Any) -> None:
        if self._epoch_steps is None:
            self._training.end_epoch(whole=self._is_whole(state, control))
        if control.should_evaluate:
            self._training.begin_validation()

    @unbreakable
    def on_log(self, args: Any, state: Any, control: Any, logs: Any = None, **of: Any) -> None:
        self._training.metrics(logs or {})

    @unbreakable
    def on_evaluate(self, args: Any, state: Any, control: Any, **of: Any) -> None:
        self._training.end_validation()

    @unbreakable
    def on_train_end(self, args: Any, state: Any, control: Any, **of: Any) -> None:
        self._training.end()

    def _is_whole(self, state: Any, control: Any) -> bool:
        """Whether all of the epoch was trained on, as it ends."""
        if self._steps_per_epoch:
            return bool(state.global_step - self._steps_before >= self._steps_per_epoch)
        return not (control.should_epoch_stop or control.should_training_stop)


def steps_per_epoch(args: Any, state: Any, batches: int) -> int:
    """As the Trainer counts them; it does not tell. Batches that are left over when gradients are
    accumulated are one step more in its newer versions, and none in its older ones."""
    accumulated: int = args.gradient_accumulation_steps
    newer = math.ceil(batches / accumulated)
    if args.max_steps > 0:
        is_newer = state.num_train_epochs == math.ceil(args.max_steps / newer)
    else:
        is_newer = state.max_steps == math.ceil(args.num_train_epochs * newer)
    return newer if is_newer else max(batches // accumulated, 1)
