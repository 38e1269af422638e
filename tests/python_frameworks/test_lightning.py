"""wattfor.lightning in the Trainers of lightning and pytorch_lightning."""

import copy
import logging
import pickle
import unittest
import warnings

import debian_torch  # noqa: F401  before Lightning
import lightning.pytorch
import pytorch_lightning
import torch
from frameworks import CLASSES, FEATURES, THREE_VALIDATED_EPOCHS, TinyTrainingCase, samples
from support import warnings_of
from torch.utils.data import DataLoader, IterableDataset, TensorDataset
from wattfor.lightning import WattforCallback

for name in ("lightning.pytorch", "pytorch_lightning"):
    logging.getLogger(name).setLevel(logging.ERROR)


class Classifier:
    """A LightningModule of either package."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = torch.nn.Linear(FEATURES, CLASSES)

    def training_step(self, batch, batch_idx):
        return self._loss(batch)

    def validation_step(self, batch, batch_idx):
        self.log("val_loss", self._loss(batch))
        self.log("val_acc", 0.625)
        self.log("val_percent", 62.5)

    def test_step(self, batch, batch_idx):
        self._loss(batch)

    def configure_optimizers(self):
        return torch.optim.SGD(self.parameters(), lr=0.1)

    def _loss(self, batch):
        x, y = batch
        return torch.nn.functional.cross_entropy(self.layer(x), y)


class OfLightning(Classifier, lightning.pytorch.LightningModule):
    pass


class OfPytorchLightning(Classifier, pytorch_lightning.LightningModule):
    pass


class Stream(IterableDataset):
    """Data that has no length."""

    def __iter__(self):
        yield from zip(*samples())


def batches(num_workers: int = 0) -> DataLoader:
    return DataLoader(TensorDataset(*samples()), batch_size=8, num_workers=num_workers)


class LightningCase(TinyTrainingCase):
    package = lightning.pytorch
    model = OfLightning

    def setUp(self) -> None:
        super().setUp()
        warnings.filterwarnings("ignore", module="lightning|pytorch_lightning|torch")
        self.addCleanup(warnings.resetwarnings)

    def callback(self, *words: object, **facts: object) -> WattforCallback:
        return WattforCallback(*words, db=self.db, **facts)

    def trainer(self, *callbacks: object, **settings: object):
        return self.package.Trainer(
            **{
                "accelerator": "cpu",
                "logger": False,
                "enable_checkpointing": False,
                "enable_progress_bar": False,
                "enable_model_summary": False,
                "default_root_dir": self.folder,
                "callbacks": list(callbacks),
                **settings,
            }
        )

    def fit(self, callback: WattforCallback, model=None, path=None, **settings: object):
        trainer = self.trainer(callback, **{"max_epochs": 3, **settings})
        trainer.fit(model or self.model(), batches(), batches(), ckpt_path=path)
        return trainer


class LightningTest(LightningCase):
    def test_a_fit_becomes_a_run_with_its_epochs_and_steps(self):
        callback = self.callback("digits", data_fraction=0.5)
        self.fit(callback)
        run = self.recorded()
        self.assertEqual(run.id, callback.run.id)
        self.assertEqual((run.name, run.outcome), ("digits", "done"))
        self.assertEqual(self.ended_epochs(), [1, 2, 3])
        self.assertEqual([epoch.steps for epoch in run.epochs], [4, 4, 4])
        self.assertEqual(run.record["steps"], 12)
        self.assert_energies_are_the_boards()
        self.assertEqual(callback.run.extrapolate().epochs, 3)

    def test_validation_follows_an_epoch_and_the_sanity_check_is_start_up(self):
        self.fit(self.callback(), num_sanity_val_steps=2)
        self.assertEqual(self.course(), THREE_VALIDATED_EPOCHS)

    def test_validation_between_batches_is_in_the_epoch(self):
        self.fit(self.callback(), max_epochs=1, val_check_interval=2)
        self.assertEqual(self.course(), ["epoch 1", "in: validation", "validation"])

    def test_takes_what_is_not_said_from_the_trainer(self):
        self.fit(self.callback(), accumulate_grad_batches=2, limit_train_batches=0.5)
        facts = self.facts()
        self.assertEqual((self.recorded().name, facts["model"]), ("OfLightning", "OfLightning"))
        self.assertEqual((facts["epochs_total"], facts["batch_size"]), (3, 16))
        self.assertEqual(facts["data_fraction"], 0.5)
        self.assertEqual(self.recorded().record["settings"]["lightning"], lightning.pytorch.__version__)

    def test_goes_by_what_is_said(self):
        said = {"epochs_total": 90, "batch_size": 5, "data_fraction": 0.01, "model": "resnet"}
        self.fit(self.callback("mine", **said))
        facts = self.facts()
        self.assertEqual((facts["epochs_total"], facts["batch_size"]), (90, 5))
        self.assertEqual((facts["data_fraction"], facts["model"]), (0.01, "resnet"))

    def test_a_step_is_one_of_the_optimizer(self):
        self.fit(self.callback(), accumulate_grad_batches=4)
        self.assertEqual(self.recorded().record["steps"], 3)

    def test_a_metric_is_the_accuracy(self):
        self.fit(self.callback(accuracy="val_acc"))
        self.assertAlmostEqual(self.facts()["accuracy_percent"], 62.5)
        self.assertEqual(self.facts()["metric"], "val_acc")

    def test_a_percentage_is_one_where_that_is_said(self):
        self.fit(self.callback(accuracy_percent="val_percent", metric="top-1"))
        self.assertAlmostEqual(self.facts()["accuracy_percent"], 62.5)
        self.assertEqual(self.facts()["metric"], "top-1")

    def test_what_can_be_no_accuracy_is_warned_of_once(self):
        callback = self.callback(accuracy="val_percent")
        (said,) = warnings_of(lambda: self.fit(callback))
        self.assertIn("'val_percent' is no accuracy", said)
        self.assertIn("accuracy_percent", said)
        self.assertEqual(self.ended_epochs(), [1, 2, 3])

    def test_a_metric_that_nobody_logged_is_warned_of(self):
        callback = self.callback(accuracy="val_top5")
        (said,) = warnings_of(lambda: self.fit(callback))
        self.assertIn("no metric 'val_top5' was logged", said)
        self.assertIn("val_acc", said)

    def test_max_steps_within_an_epoch_leave_it_not_ended(self):
        self.fit(self.callback(), max_epochs=-1, max_steps=6)
        self.assertEqual(self.ended_epochs(), [1])
        self.assertEqual([epoch.number for epoch in self.recorded().epochs], [1, 2])
        self.assertEqual(self.recorded().record["steps"], 6)
        self.assertIsNone(self.facts()["epochs_total"])

    def test_a_stream_has_the_epochs_that_lightning_makes_of_it(self):
        trainer = self.trainer(self.callback(), max_epochs=2)
        trainer.fit(self.model(), DataLoader(Stream(), batch_size=8))
        self.assertEqual(self.ended_epochs(), [1, 2])

    def test_a_stream_that_is_cut_leaves_its_epoch_not_ended(self):
        trainer = self.trainer(self.callback(), max_steps=6)
        trainer.fit(self.model(), DataLoader(Stream(), batch_size=8))
        self.assertEqual(self.ended_epochs(), [1])

    def test_workers_that_load_the_data_report_nothing(self):
        trainer = self.trainer(self.callback(), max_epochs=2)
        trainer.fit(self.model(), batches(num_workers=2))
        self.assertEqual((len(self.runs()), self.ended_epochs()), (1, [1, 2]))

    def test_an_early_stop_ends_the_run_as_done(self):
        early = self.package.callbacks.EarlyStopping("val_acc", patience=1, mode="max")
        trainer = self.trainer(early, self.callback(), max_epochs=9)
        trainer.fit(self.model(), batches(), batches())
        self.assertEqual((self.ended_epochs(), self.recorded().outcome), ([1, 2], "done"))

    def test_two_fits_with_one_callback_are_two_runs(self):
        callback = self.callback("twice")
        self.fit(callback)
        first = callback.run
        self.fit(callback, max_epochs=1)
        self.assertEqual([run.id for run in self.runs()], [first.id, callback.run.id])
        self.assertEqual([len(run.epochs) for run in self.runs()], [3, 1])

    def test_what_is_no_training_is_no_run(self):
        callback = self.callback()
        trainer = self.trainer(callback)
        trainer.test(self.model(), batches(), verbose=False)
        trainer.validate(self.model(), batches(), verbose=False)
        self.assertFalse(self.db.exists())
        self.assertIn("has not begun", callback.run.energy.why_missing)

    def test_a_resumed_training_goes_on_with_the_epochs_number(self):
        first = self.fit(self.callback("first"), max_epochs=2)
        first.save_checkpoint(self.folder / "two.ckpt")
        self.fit(self.callback("second"), path=self.folder / "two.ckpt", max_epochs=4)
        second = self.runs()[1]
        self.assertEqual([(e.number, e.ended, e.steps) for e in second.epochs],
                         [(3, True, 4), (4, True, 4)])  # fmt: skip

    def test_an_epoch_of_which_only_the_validation_is_repeated_is_none(self):
        checkpoint = self.package.callbacks.ModelCheckpoint
        saving = checkpoint(self.folder, "saved", save_on_train_epoch_end=False)
        trainer = self.trainer(self.callback("first"), saving, max_epochs=1, enable_checkpointing=True)
        trainer.fit(self.model(), batches(), batches())
        self.fit(self.callback("second"), path=self.folder / "saved.ckpt", max_epochs=2)
        second = self.runs()[1]
        self.assertEqual([(e.number, e.ended, e.steps) for e in second.epochs], [(2, True, 4)])
        self.assertEqual(second.warnings, ())

    def test_an_epoch_that_is_resumed_within_does_not_count_as_ended(self):
        first = self.fit(self.callback("first"), max_epochs=-1, max_steps=6)
        first.save_checkpoint(self.folder / "six.ckpt")
        self.fit(self.callback("second"), path=self.folder / "six.ckpt")
        second = self.runs()[1]
        self.assertEqual([epoch.number for epoch in second.epochs if epoch.ended], [3])


class FailureTest(LightningCase):
    def failing(self, error: BaseException):
        model = self.model()

        def on_train_epoch_end() -> None:
            if model.current_epoch == 1:
                raise error

        model.on_train_epoch_end = on_train_epoch_end
        return model

    def test_an_exception_is_in_the_record_and_goes_on(self):
        with self.assertRaisesRegex(RuntimeError, "out of memory"):
            self.fit(self.callback(), self.failing(RuntimeError("out of memory")))
        self.assertEqual(self.recorded().outcome, "failed")
        self.assertEqual(self.recorded().record["reason"], "RuntimeError: out of memory")
        self.assertEqual(self.ended_epochs(), [1, 2])

    def test_ctrl_c_interrupts_the_run(self):
        self.fit(self.callback(), self.failing(KeyboardInterrupt()))  # Lightning takes it
        self.assertEqual(self.recorded().outcome, "interrupted")

    def test_a_failure_of_the_callback_is_warned_of_and_breaks_nothing(self):
        callback = self.callback()
        callback._training.begin_epoch = None
        trainer = None

        def fit() -> None:
            nonlocal trainer
            trainer = self.fit(callback)

        (said,) = warnings_of(fit)
        self.assertIn("WattforCallback.on_train_epoch_start failed", said)
        self.assertEqual(trainer.current_epoch, 3)
        self.assertEqual(self.recorded().outcome, "done")

    def test_what_can_not_be_is_refused_before_the_training(self):
        with self.assertRaisesRegex(ValueError, "data_fraction"):
            WattforCallback(data_fraction=1.5)

    def test_a_copy_has_a_run_of_its_own(self):
        callback = self.callback("copied", data_fraction=0.5)
        for copied in (copy.deepcopy(callback), pickle.loads(pickle.dumps(callback))):
            self.fit(copied, max_epochs=1)
        self.assertIn("has not begun", callback.run.energy.why_missing)
        self.assertEqual([run.data_fraction for run in self.runs()], [0.5, 0.5])


class PytorchLightningTest(LightningCase):
    package = pytorch_lightning
    model = OfPytorchLightning

    def test_a_fit_becomes_a_run(self):
        callback = self.callback()
        self.assertIsInstance(callback, pytorch_lightning.Callback)
        self.assertIsInstance(callback, lightning.pytorch.Callback)
        self.fit(callback)
        self.assertEqual(self.recorded().name, "OfPytorchLightning")
        self.assertEqual(self.course(), THREE_VALIDATED_EPOCHS)


class UnaskedTest(LightningCase):
    def test_no_trainer_has_the_callback_that_was_not_asked_for(self):
        for package in (lightning.pytorch, pytorch_lightning):
            self.package = package
            kinds = {type(each).__module__.split(".")[0] for each in self.trainer().callbacks}
            self.assertNotIn("wattfor", kinds)
        self.assertFalse(self.db.exists())


if __name__ == "__main__":
    unittest.main()
