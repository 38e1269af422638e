"""Tracks what Keras fits:

    from wattfor.keras import WattforCallback

    callback = WattforCallback("digits")
    model.fit(x, y, epochs=20, callbacks=[callback])
    print(callback.run.energy)
"""

from __future__ import annotations

from typing import Any

import keras

from .training_callback import TrainingCallback, unbreakable


class WattforCallback(TrainingCallback, keras.callbacks.Callback):
    """Tracks each `Model.fit` as a run; `callback.run` is that of the last.

    An epoch is what Keras calls one, less the validation that follows its last batch: that is a window
    "validation". A step is one of the optimizer.

    Keras does not tell its callbacks of an exception: a `with` statement around the training does, else
    the run ends with the next training or with the program.
    """

    _batches_before = 0  # of the training, before this epoch
    _begun = 0  # batches of this epoch
    _is_in_epoch = False
    _accumulated = 1  # batches in a step

    # Hooks in the order in which Keras calls them.

    @unbreakable
    def on_train_begin(self, logs: Any = None) -> None:
        self._accumulated = getattr(self.model.optimizer, "gradient_accumulation_steps", None) or 1
        self._batches_before = self._begun = 0
        self._training.begin(self.model, {"epochs_total": self.params.get("epochs")})

    @unbreakable
    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        self._batches_before += self._begun
        self._begun = 0
        self._is_in_epoch = True
        self._training.begin_epoch(epoch + 1)

    # Not by their ends: newer releases wait for the device after each batch where a callback hears of
    # those.
    @unbreakable
    def on_train_batch_begin(self, batch: int, logs: Any = None) -> None:
        self._begun = batch + 1
        self._count_batches(batch)

    @unbreakable
    def on_test_begin(self, logs: Any = None) -> None:
        if not self.run.is_open:
            return  # Model.evaluate
        self._end_epoch()
        self._training.begin_validation()

    @unbreakable
    def on_test_end(self, logs: Any = None) -> None:
        self._training.end_validation()

    @unbreakable
    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        self._end_epoch()
        self._training.metrics(logs or {})

    @unbreakable
    def on_train_end(self, logs: Any = None) -> None:
        self._training.end()

    def _count_batches(self, done: int) -> None:
        self._training.steps_done((self._batches_before + done) // self._accumulated)

    def _end_epoch(self) -> None:
        if not self._is_in_epoch:
            return
        self._is_in_epoch = False
        expected = self.params.get("steps")
        whole = True
        if self.model.stop_training:  # within the epoch; a callback that stops after it comes later
            whole = expected is not None and self._begun >= expected
        elif expected:
            # Several batches are one call where the model is compiled with steps_per_execution.
            self._begun = expected
        self._count_batches(self._begun)
        self._training.end_epoch(whole=whole)
