"""wattfor.transformers in the Trainer of Hugging Face's transformers."""

import copy
import os
import pickle
import types
import unittest
import warnings
from unittest import mock

os.environ["TRANSFORMERS_VERBOSITY"] = "error"

import torch
import transformers
from frameworks import CLASSES, FEATURES, THREE_VALIDATED_EPOCHS, TinyTrainingCase, samples
from support import warnings_of
from torch.utils.data import IterableDataset
from wattfor.transformers import WattforCallback, steps_per_epoch


class Classifier(torch.nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layer = torch.nn.Linear(FEATURES, CLASSES)

    def forward(self, x, labels=None):
        logits = self.layer(x)
        return {"loss": torch.nn.functional.cross_entropy(logits, labels), "logits": logits}


def rows() -> list[dict]:
    return [{"x": x, "labels": label} for x, label in zip(*samples())]


class Stream(IterableDataset):
    """Data that has no length."""

    def __iter__(self):
        yield from rows()


class Stop(transformers.TrainerCallback):
    def __init__(self, step: int, error: BaseException | None = None) -> None:
        self.step, self.error = step, error

    def on_step_end(self, args, state, control, **of):
        if state.global_step == self.step:
            if self.error is not None:
                raise self.error
            control.should_training_stop = True


class TransformersCase(TinyTrainingCase):
    def setUp(self) -> None:
        super().setUp()
        warnings.filterwarnings("ignore", module="transformers|accelerate|torch")
        self.addCleanup(warnings.resetwarnings)

    def callback(self, *words: object, **facts: object) -> WattforCallback:
        return WattforCallback(*words, db=self.db, **facts)

    def trainer(self, *callbacks: object, data: object = None, **settings: object):
        arguments = transformers.TrainingArguments(
            **{
                "output_dir": self.folder / "trainer",
                "num_train_epochs": 3,
                "per_device_train_batch_size": 8,
                "report_to": [],
                "save_strategy": "no",
                "disable_tqdm": True,
                "use_cpu": True,
                **settings,
            }
        )
        trainer = transformers.Trainer(
            Classifier(),
            arguments,
            train_dataset=data or rows(),
            eval_dataset=rows(),
            callbacks=list(callbacks),
            compute_metrics=lambda _: {"accuracy": 0.625},
        )
        trainer.remove_callback(transformers.PrinterCallback)
        return trainer

    def train(self, *callbacks: object, **settings: object) -> None:
        self.trainer(*callbacks, **settings).train()


class TransformersTest(TransformersCase):
    def test_a_training_becomes_a_run_with_its_epochs_and_steps(self):
        callback = self.callback("digits", data_fraction=0.5)
        self.train(callback)
        run = self.recorded()
        self.assertEqual(run.id, callback.run.id)
        self.assertEqual((run.name, run.outcome), ("digits", "done"))
        self.assertEqual(self.ended_epochs(), [1, 2, 3])
        self.assertEqual([epoch.steps for epoch in run.epochs], [4, 4, 4])
        self.assert_energies_are_the_boards()
        self.assertEqual(callback.run.extrapolate().epochs, 3)

    def test_evaluation_follows_an_epoch(self):
        self.train(self.callback(), eval_strategy="epoch")
        self.assertEqual(self.course(), THREE_VALIDATED_EPOCHS)

    def test_evaluation_between_steps_is_in_the_epoch(self):
        self.train(self.callback(), eval_strategy="steps", eval_steps=2)
        self.assertEqual(self.course(), ["epoch 1", "epoch 2", "epoch 3"])

    def test_takes_what_is_not_said_from_the_trainer(self):
        self.train(self.callback(), gradient_accumulation_steps=2)
        facts = self.facts()
        self.assertEqual((self.recorded().name, facts["model"]), ("Classifier", "Classifier"))
        self.assertEqual((facts["epochs_total"], facts["batch_size"]), (3, 16))
        self.assertIsNone(facts["data_fraction"])
        settings = self.recorded().record["settings"]
        self.assertEqual(settings["transformers"], transformers.__version__)

    def test_goes_by_what_is_said(self):
        self.train(self.callback("mine", epochs_total=90, batch_size=5, model="bert"))
        facts = self.facts()
        self.assertEqual((facts["epochs_total"], facts["batch_size"], facts["model"]), (90, 5, "bert"))

    def test_a_step_is_one_of_the_optimizer(self):
        self.train(self.callback(), gradient_accumulation_steps=2)
        self.assertEqual(self.recorded().record["steps"], 6)
        self.assertEqual(self.ended_epochs(), [1, 2, 3])

    def test_batches_that_the_trainer_leaves_over_do_not_cut_an_epoch(self):
        self.train(self.callback(), gradient_accumulation_steps=3)
        self.assertEqual(self.ended_epochs(), [1, 2, 3])
        self.assertEqual((self.recorded().record["steps"], self.facts()["epochs_total"]), (3, 3))

    def test_steps_in_an_epoch_are_counted_as_the_older_and_the_newer_trainers_do(self):
        def steps(planned: dict, told: dict) -> int:
            """Of 10 batches, of which 4 are accumulated."""
            args = {"gradient_accumulation_steps": 4, "num_train_epochs": 3.0, "max_steps": -1, **planned}
            return steps_per_epoch(types.SimpleNamespace(**args), types.SimpleNamespace(**told), 10)

        self.assertEqual(steps({}, {"max_steps": 6}), 2)
        self.assertEqual(steps({}, {"max_steps": 9}), 3)
        self.assertEqual(steps({"num_train_epochs": 1.5}, {"max_steps": 3}), 2)
        self.assertEqual(steps({"num_train_epochs": 1.5}, {"max_steps": 5}), 3)
        self.assertEqual(steps({"max_steps": 12}, {"num_train_epochs": 6}), 2)
        self.assertEqual(steps({"max_steps": 12}, {"num_train_epochs": 4}), 3)

    def test_a_metric_is_the_accuracy(self):
        self.train(self.callback(accuracy="eval_accuracy"), eval_strategy="epoch")
        self.assertAlmostEqual(self.facts()["accuracy_percent"], 62.5)
        self.assertEqual(self.facts()["metric"], "eval_accuracy")

    def test_what_can_be_no_accuracy_is_warned_of_once(self):
        callback = self.callback(accuracy="eval_runtime_percent")
        metrics = {"eval_runtime_percent": 76.1}
        trainer = self.trainer(callback, logging_strategy="epoch")
        log = trainer.log
        trainer.log = lambda logs, *more: log({**logs, **metrics}, *more)
        (said,) = warnings_of(trainer.train)
        self.assertIn("'eval_runtime_percent' is no accuracy", said)
        self.assertEqual(self.ended_epochs(), [1, 2, 3])

    def test_a_fractional_number_of_epochs_leaves_the_last_one_not_ended(self):
        self.train(self.callback(), num_train_epochs=1.5)
        self.assertEqual([epoch.number for epoch in self.recorded().epochs], [1, 2])
        self.assertEqual(self.ended_epochs(), [1])
        self.assertIsNone(self.facts()["epochs_total"])

    def test_max_steps_within_an_epoch_leave_it_not_ended(self):
        self.train(self.callback(), max_steps=6)
        self.assertEqual(self.ended_epochs(), [1])
        self.assertEqual(self.recorded().record["steps"], 6)

    def test_a_stream_has_the_epochs_that_are_asked_for(self):
        self.train(self.callback(epoch_steps=3), data=Stream(), max_steps=7)
        self.assertEqual([(e.number, e.ended, e.steps) for e in self.recorded().epochs],
                         [(1, True, 3), (2, True, 3), (3, False, 1)])  # fmt: skip
        self.assertIsNone(self.facts()["epochs_total"])

    def test_passes_over_a_stream_are_epochs_where_none_are_asked_for(self):
        self.train(self.callback(), data=Stream(), max_steps=6)
        self.assertEqual(self.ended_epochs(), [1])

    def test_an_early_stop_ends_the_run_as_done(self):
        self.train(Stop(step=4), self.callback())
        self.assertEqual((self.ended_epochs(), self.recorded().outcome), ([1], "done"))

    def test_two_trainings_with_one_callback_are_two_runs(self):
        callback = self.callback("twice")
        trainer = self.trainer(callback)
        trainer.train()
        first = callback.run
        trainer.train()
        self.assertEqual([run.id for run in self.runs()], [first.id, callback.run.id])
        self.assertEqual([len(run.epochs) for run in self.runs()], [3, 3])

    def test_what_is_no_training_is_no_run(self):
        callback = self.callback(accuracy="eval_accuracy")
        self.trainer(callback).evaluate()
        self.assertFalse(self.db.exists())
        self.assertIn("has not begun", callback.run.energy.why_missing)

    def test_a_resumed_training_goes_on_with_the_epochs_number(self):
        self.train(self.callback("first"), save_strategy="steps", save_steps=6, max_steps=6)
        trainer = self.trainer(self.callback("second"))
        trainer.train(resume_from_checkpoint=str(self.folder / "trainer" / "checkpoint-6"))
        second = self.runs()[1]
        # It was resumed within the second epoch, of which only a part is in this run.
        self.assertEqual([(e.number, e.ended, e.steps) for e in second.epochs],
                         [(2, False, 2), (3, True, 4)])  # fmt: skip

    def test_the_callback_may_be_given_as_a_class(self):
        with mock.patch.dict(os.environ, {"WATTFOR_DB": str(self.db)}):
            self.train(WattforCallback)
        self.assertEqual(self.recorded().name, "Classifier")


class FailureTest(TransformersCase):
    def test_an_exception_is_in_the_record_where_a_with_statement_tells_of_it(self):
        with self.assertRaisesRegex(RuntimeError, "out of memory"):
            with self.callback() as callback:
                self.train(callback, Stop(step=6, error=RuntimeError("out of memory")))
        self.assertEqual(self.recorded().outcome, "failed")
        self.assertEqual(self.recorded().record["reason"], "RuntimeError: out of memory")
        self.assertEqual(self.ended_epochs(), [1])

    def test_ctrl_c_interrupts_the_run(self):
        with self.assertRaises(KeyboardInterrupt):
            with self.callback() as callback:
                self.train(callback, Stop(step=6, error=KeyboardInterrupt()))
        self.assertEqual(self.recorded().outcome, "interrupted")

    def test_a_training_that_broke_off_ends_with_the_next(self):
        callback, stop = self.callback(), Stop(step=6, error=RuntimeError("out of memory"))
        trainer = self.trainer(callback, stop)
        with self.assertRaises(RuntimeError):
            trainer.train()
        self.assertTrue(callback.run.is_open)
        trainer.remove_callback(stop)
        trainer.train()
        self.assertEqual([run.outcome for run in self.runs()], ["interrupted", "done"])
        self.assertIn("next training began", self.runs()[0].record["reason"])

    def test_a_failure_of_the_callback_is_warned_of_and_breaks_nothing(self):
        callback = self.callback()
        callback._training.begin_epoch = None
        trainer = self.trainer(callback)
        (said,) = warnings_of(trainer.train)
        self.assertIn("WattforCallback.on_epoch_begin failed", said)
        self.assertEqual(trainer.state.global_step, 12)
        self.assertEqual(self.recorded().outcome, "done")

    def test_what_can_not_be_is_refused_before_the_training(self):
        for facts in ({"data_fraction": 1.5}, {"epoch_steps": 0}):
            with self.assertRaisesRegex(ValueError, next(iter(facts))):
                WattforCallback(**facts)

    def test_a_copy_has_a_run_of_its_own(self):
        callback = self.callback("copied", data_fraction=0.5, epoch_steps=2)
        for copied in (copy.deepcopy(callback), pickle.loads(pickle.dumps(callback))):
            self.train(copied, max_steps=4)
        self.assertIn("has not begun", callback.run.energy.why_missing)
        self.assertEqual([run.data_fraction for run in self.runs()], [0.5, 0.5])
        self.assertEqual([len(run.epochs) for run in self.runs()], [2, 2])


class UnaskedTest(TransformersCase):
    def test_no_trainer_has_the_callback_that_was_not_asked_for(self):
        trainer = self.trainer(report_to="all")
        kinds = {type(each).__module__.split(".")[0] for each in trainer.callback_handler.callbacks}
        self.assertNotIn("wattfor", kinds)
        trainer.train()
        self.assertFalse(self.db.exists())


if __name__ == "__main__":
    unittest.main()
