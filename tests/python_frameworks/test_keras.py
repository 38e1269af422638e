"""wattfor.keras in `Model.fit` of Keras 3 on PyTorch."""

import copy
import os
import pickle
import unittest

os.environ["KERAS_BACKEND"] = "torch"

import debian_torch  # noqa: F401  before Keras
import keras
from frameworks import CLASSES, FEATURES, THREE_VALIDATED_EPOCHS, TinyTrainingCase, samples
from support import warnings_of
from wattfor.keras import WattforCallback


class Percent(keras.metrics.SparseCategoricalAccuracy):
    def result(self):
        return 76.1


class StopAt(keras.callbacks.Callback):
    """At the end of that batch of all batches, counted from 1."""

    def __init__(self, batch: int, error: BaseException | None = None) -> None:
        super().__init__()
        self.left, self.error = batch, error

    def on_train_batch_end(self, batch, logs=None):
        self.left -= 1
        if self.left == 0:
            if self.error is not None:
                raise self.error
            self.model.stop_training = True


class KerasCase(TinyTrainingCase):
    def callback(self, *words: object, **facts: object) -> WattforCallback:
        return WattforCallback(*words, db=self.db, **facts)

    def model(self, optimizer: object = "sgd", metrics: object = ("accuracy",), **settings: object):
        layers = [keras.layers.Input((FEATURES,)), keras.layers.Dense(CLASSES, activation="softmax")]
        model = keras.Sequential(layers)
        model.compile(optimizer, "sparse_categorical_crossentropy", metrics=list(metrics), **settings)
        return model

    def fit(self, *callbacks: object, model: object = None, **settings: object):
        x, y = (tensor.numpy() for tensor in samples())
        words = {"batch_size": 8, "epochs": 3, "verbose": 0, "validation_data": (x, y), **settings}
        return (model or self.model()).fit(x, y, callbacks=list(callbacks), **words)


class KerasTest(KerasCase):
    def test_a_fit_becomes_a_run_with_its_epochs_and_steps(self):
        callback = self.callback("digits", data_fraction=0.5)
        self.fit(callback)
        run = self.recorded()
        self.assertEqual(run.id, callback.run.id)
        self.assertEqual((run.name, run.outcome), ("digits", "done"))
        self.assertEqual(self.ended_epochs(), [1, 2, 3])
        self.assertEqual([epoch.steps for epoch in run.epochs], [4, 4, 4])
        self.assert_energies_are_the_boards()
        self.assertEqual(callback.run.extrapolate().epochs, 3)

    def test_validation_follows_an_epoch(self):
        self.fit(self.callback())
        self.assertEqual(self.course(), THREE_VALIDATED_EPOCHS)

    def test_takes_what_is_not_said_from_keras(self):
        self.fit(self.callback())
        self.assertEqual((self.recorded().name, self.facts()["model"]), ("Sequential", "Sequential"))
        self.assertEqual(self.facts()["epochs_total"], 3)
        self.assertEqual(self.recorded().record["settings"]["keras"], keras.__version__)

    def test_goes_by_what_is_said(self):
        self.fit(self.callback("mine", epochs_total=90, batch_size=5, model="resnet"))
        facts = self.facts()
        self.assertEqual((facts["epochs_total"], facts["batch_size"], facts["model"]), (90, 5, "resnet"))

    def test_a_step_is_one_of_the_optimizer(self):
        model = self.model(keras.optimizers.SGD(gradient_accumulation_steps=2))
        self.fit(self.callback(), model=model)
        self.assertEqual(self.recorded().record["steps"], 6)

    def test_batches_that_are_one_call_are_counted_all(self):
        # As Keras on TensorFlow calls it with steps_per_execution=3; on PyTorch there is no such thing.
        callback = self.callback()
        callback.set_params({"epochs": 1, "steps": 4})
        callback.set_model(self.model())
        callback.on_train_begin()
        callback.on_epoch_begin(0)
        for first_batch in (0, 3):
            callback.on_train_batch_begin(first_batch)
        callback.on_epoch_end(0, {})
        callback.on_train_end()
        self.assertEqual([(e.number, e.ended, e.steps) for e in self.recorded().epochs], [(1, True, 4)])

    def test_a_metric_is_the_accuracy(self):
        history = self.fit(self.callback(accuracy="val_accuracy")).history
        self.assertAlmostEqual(self.recorded().accuracy, history["val_accuracy"][-1])
        self.assertEqual(self.facts()["metric"], "val_accuracy")

    def test_what_can_be_no_accuracy_is_warned_of_once(self):
        callback, model = self.callback(accuracy="val_percent"), self.model(metrics=[Percent("percent")])
        (said,) = warnings_of(lambda: self.fit(callback, model=model))
        self.assertIn("'val_percent' is no accuracy", said)
        self.assertEqual(self.ended_epochs(), [1, 2, 3])

    def test_a_stop_within_an_epoch_leaves_it_not_ended(self):
        self.fit(StopAt(batch=6), self.callback())
        self.assertEqual((self.ended_epochs(), self.recorded().outcome), ([1], "done"))
        self.assertEqual(self.recorded().record["steps"], 6)

    def test_an_early_stop_after_an_epoch_counts_it(self):
        for stop in (StopAt(batch=8), keras.callbacks.EarlyStopping("loss", patience=0, min_delta=9)):
            with self.subTest(type(stop).__name__):
                callback = self.callback()
                self.fit(stop, callback)
                self.assertEqual([epoch.ended for epoch in callback.run.epochs], [True, True])

    def test_a_resumed_training_goes_on_with_the_epochs_number(self):
        self.fit(self.callback(), initial_epoch=1)
        self.assertEqual(self.ended_epochs(), [2, 3])

    def test_two_fits_with_one_callback_are_two_runs(self):
        callback = self.callback("twice")
        self.fit(callback)
        first = callback.run
        self.fit(callback, epochs=1)
        self.assertEqual([run.id for run in self.runs()], [first.id, callback.run.id])
        self.assertEqual([len(run.epochs) for run in self.runs()], [3, 1])

    def test_what_is_no_training_is_no_run(self):
        callback = self.callback()
        x, y = (tensor.numpy() for tensor in samples())
        self.model().evaluate(x, y, verbose=0, callbacks=[callback])
        self.assertFalse(self.db.exists())
        self.assertIn("has not begun", callback.run.energy.why_missing)


class FailureTest(KerasCase):
    def test_an_exception_is_in_the_record_where_a_with_statement_tells_of_it(self):
        with self.assertRaisesRegex(RuntimeError, "out of memory"):
            with self.callback() as callback:
                self.fit(callback, StopAt(6, RuntimeError("out of memory")))
        self.assertEqual(self.recorded().outcome, "failed")
        self.assertEqual(self.recorded().record["reason"], "RuntimeError: out of memory")
        self.assertEqual(self.ended_epochs(), [1])

    def test_ctrl_c_interrupts_the_run(self):
        with self.assertRaises(KeyboardInterrupt):
            with self.callback() as callback:
                self.fit(callback, StopAt(6, KeyboardInterrupt()))
        self.assertEqual(self.recorded().outcome, "interrupted")

    def test_a_training_that_broke_off_ends_with_the_next(self):
        callback = self.callback()
        with self.assertRaises(RuntimeError):
            self.fit(callback, StopAt(6, RuntimeError("out of memory")))
        self.fit(callback)
        self.assertEqual([run.outcome for run in self.runs()], ["interrupted", "done"])

    def test_a_failure_of_the_callback_is_warned_of_and_breaks_nothing(self):
        callback = self.callback()
        callback._training.begin_epoch = None
        (said,) = warnings_of(lambda: self.fit(callback))
        self.assertIn("WattforCallback.on_epoch_begin failed", said)
        self.assertEqual(self.recorded().outcome, "done")

    def test_a_copy_has_a_run_of_its_own(self):
        callback = self.callback("copied", data_fraction=0.5)
        for copied in (copy.deepcopy(callback), pickle.loads(pickle.dumps(callback))):
            self.fit(copied, epochs=1)
        self.assertIn("has not begun", callback.run.energy.why_missing)
        self.assertEqual([run.data_fraction for run in self.runs()], [0.5, 0.5])


class UnaskedTest(KerasCase):
    def test_a_fit_without_the_callback_is_no_run(self):
        self.fit()
        self.assertFalse(self.db.exists())


if __name__ == "__main__":
    unittest.main()
