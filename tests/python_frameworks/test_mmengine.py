"""wattfor.mmengine in the Runner of MMEngine."""

import copy
import pickle
import unittest
import warnings

import debian_torch  # noqa: F401  before MMEngine
import mmengine
import torch
from frameworks import CLASSES, FEATURES, THREE_VALIDATED_EPOCHS, TinyTrainingCase, samples
from mmengine.config import Config
from mmengine.dataset import InfiniteSampler
from mmengine.evaluator import BaseMetric, Evaluator
from mmengine.hooks import Hook
from mmengine.model import BaseModel
from mmengine.optim import OptimWrapper
from mmengine.runner import Runner
from support import warnings_of
from torch.utils.data import DataLoader, TensorDataset
from wattfor.mmengine import WattforHook


class Classifier(BaseModel):
    def __init__(self) -> None:
        super().__init__()
        self.layer = torch.nn.Linear(FEATURES, CLASSES)

    def forward(self, x, y, mode="tensor"):
        logits = self.layer(x)
        return {"loss": torch.nn.functional.cross_entropy(logits, y)} if mode == "loss" else [logits]


class Percent(BaseMetric):
    def process(self, data_batch, data_samples):
        self.results.append(1)

    def compute_metrics(self, results):
        return {"percent": 62.5, "share": 0.625}


class Fail(Hook):
    def __init__(self, iteration: int, error: BaseException) -> None:
        self.iteration, self.error = iteration, error

    def after_train_iter(self, runner, batch_idx, data_batch=None, outputs=None):
        if runner.iter + 1 == self.iteration:
            raise self.error


def loader(endless: bool = False) -> DataLoader:
    data = TensorDataset(*samples())
    sampler = InfiniteSampler(data, shuffle=False) if endless else None
    return DataLoader(data, batch_size=8, sampler=sampler)


class MMEngineCase(TinyTrainingCase):
    def setUp(self) -> None:
        super().setUp()
        warnings.filterwarnings("ignore", module="mmengine|torch")
        self.addCleanup(warnings.resetwarnings)

    def hook(self, *words: object, **facts: object) -> WattforHook:
        return WattforHook(*words, db=self.db, **facts)

    def runner(self, *hooks: object, by: dict | None = None, accumulate: int = 1, **settings: object):
        by = by or {"by_epoch": True, "max_epochs": 3}
        model = Classifier()
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        return Runner(
            **{
                "model": model,
                "work_dir": str(self.folder),
                "train_dataloader": loader(endless=not by["by_epoch"]),
                "train_cfg": by,
                "optim_wrapper": OptimWrapper(optimizer, accumulative_counts=accumulate),
                "val_dataloader": loader(),
                "val_cfg": {},
                "val_evaluator": Evaluator(Percent()),
                "custom_hooks": list(hooks),
                "default_hooks": {"checkpoint": None},
                "experiment_name": self.id(),
                "log_level": "ERROR",
                **settings,
            }
        )

    def train(self, *hooks: object, **settings: object):
        runner = self.runner(*hooks, **settings)
        runner.train()
        return runner


def iterations(count: int, **more: object) -> dict:
    return {"by_epoch": False, "max_iters": count, "val_interval": 1000, **more}


class EpochBasedTest(MMEngineCase):
    def test_a_training_becomes_a_run_with_its_epochs_and_steps(self):
        hook = self.hook("digits", data_fraction=0.5)
        self.train(hook)
        run = self.recorded()
        self.assertEqual(run.id, hook.run.id)
        self.assertEqual((run.name, run.outcome), ("digits", "done"))
        self.assertEqual(self.ended_epochs(), [1, 2, 3])
        self.assertEqual([epoch.steps for epoch in run.epochs], [4, 4, 4])
        self.assert_energies_are_the_boards()
        self.assertEqual(hook.run.extrapolate().epochs, 3)

    def test_validation_follows_an_epoch(self):
        self.train(self.hook())
        self.assertEqual(self.course(), THREE_VALIDATED_EPOCHS)

    def test_a_configuration_names_the_hook(self):
        hook = {"type": "WattforHook", "name": "configured", "db": str(self.db), "data_fraction": 0.5}
        runner = self.train(hook)
        self.assertEqual((self.recorded().name, self.recorded().data_fraction), ("configured", 0.5))
        (made,) = (each for each in runner.hooks if isinstance(each, WattforHook))
        self.assertEqual(made.run.id, self.recorded().id)

    def test_takes_what_is_not_said_from_the_runner(self):
        self.train(self.hook(), accumulate=2)
        facts = self.facts()
        self.assertEqual((self.recorded().name, facts["model"]), ("Classifier", "Classifier"))
        self.assertEqual((facts["epochs_total"], facts["batch_size"]), (3, 16))
        self.assertEqual(self.recorded().record["settings"]["mmengine"], mmengine.__version__)

    def test_goes_by_what_is_said(self):
        self.train(self.hook("mine", epochs_total=90, batch_size=5, model="resnet"))
        facts = self.facts()
        self.assertEqual((facts["epochs_total"], facts["batch_size"], facts["model"]), (90, 5, "resnet"))

    def test_a_step_is_one_of_the_optimizer(self):
        self.train(self.hook(), accumulate=5)
        self.assertEqual(self.recorded().record["steps"], 3)  # of 12 iterations: 5, 5 and the 2 left

    def test_a_metric_is_the_accuracy(self):
        self.train(self.hook(accuracy_percent="percent"))
        self.assertAlmostEqual(self.facts()["accuracy_percent"], 62.5)
        self.assertEqual(self.facts()["metric"], "percent")

    def test_what_can_be_no_accuracy_is_warned_of_once(self):
        hook = self.hook(accuracy="percent")
        (said,) = warnings_of(lambda: self.train(hook))
        self.assertIn("'percent' is no accuracy", said)
        self.assertEqual(self.ended_epochs(), [1, 2, 3])

    def test_an_early_stop_ends_the_run_as_done(self):
        stop = {"type": "EarlyStoppingHook", "monitor": "share", "patience": 1, "rule": "greater"}
        self.train(self.hook(), stop, by={"by_epoch": True, "max_epochs": 9})
        self.assertEqual((self.ended_epochs(), self.recorded().outcome), ([1, 2], "done"))

    def test_a_resumed_training_goes_on_with_the_epochs_number(self):
        saved = {"checkpoint": {"type": "CheckpointHook", "interval": 2}}
        self.train(self.hook("first"), by={"by_epoch": True, "max_epochs": 2}, default_hooks=saved)
        self.train(self.hook("second"), load_from=str(self.folder / "epoch_2.pth"), resume=True)
        second = self.runs()[1]
        self.assertEqual([(e.number, e.ended, e.steps) for e in second.epochs], [(3, True, 4)])

    def test_what_is_no_training_is_no_run(self):
        hook = self.hook(accuracy="share")
        self.runner(hook).val()
        self.assertFalse(self.db.exists())
        self.assertIn("has not begun", hook.run.energy.why_missing)


class IterationBasedTest(MMEngineCase):
    def test_a_pass_over_the_data_is_an_epoch(self):
        self.train(self.hook(), by=iterations(12))
        self.assertEqual(self.ended_epochs(), [1, 2, 3])
        self.assertEqual([epoch.steps for epoch in self.recorded().epochs], [4, 4, 4])
        self.assertEqual(self.facts()["epochs_total"], 3)

    def test_a_pass_is_that_of_all_ranks_together(self):
        hook, runner = self.hook(), None
        runner = self.runner(hook, by=iterations(6))
        runner.train_loop.dataloader.sampler.world_size = 2
        runner.train()
        self.assertEqual([epoch.steps for epoch in self.recorded().epochs], [2, 2, 2])

    def test_iterations_are_cut_into_the_epochs_that_are_asked_for(self):
        self.train(self.hook(epoch_iterations=3), by=iterations(8))
        self.assertEqual([(e.number, e.ended, e.steps) for e in self.recorded().epochs],
                         [(1, True, 3), (2, True, 3), (3, False, 2)])  # fmt: skip
        self.assertIsNone(self.facts()["epochs_total"])  # 2.67 are none that can be said

    def test_validation_where_an_epoch_ends_follows_it(self):
        self.train(self.hook(), by=iterations(12, val_interval=4))
        self.assertEqual(self.course(), THREE_VALIDATED_EPOCHS)

    def test_validation_between_iterations_is_in_the_epoch(self):
        self.train(self.hook(), by=iterations(4, val_interval=2))
        self.assertEqual(self.course(), ["epoch 1", "in: validation", "validation"])

    def test_a_training_that_is_resumed_within_an_epoch_begins_with_the_next(self):
        saved = {"checkpoint": {"type": "CheckpointHook", "by_epoch": False, "interval": 6}}
        self.train(self.hook("first"), by=iterations(6), default_hooks=saved)
        resumed = {"load_from": str(self.folder / "iter_6.pth"), "resume": True}
        self.train(self.hook("second"), by=iterations(12), **resumed)
        second = self.runs()[1]
        self.assertEqual([(e.number, e.ended, e.steps) for e in second.epochs], [(3, True, 4)])
        self.assertEqual(second.record["steps"], 6)


class FailureTest(MMEngineCase):
    def test_an_exception_is_in_the_record_where_a_with_statement_tells_of_it(self):
        with self.assertRaisesRegex(RuntimeError, "out of memory"):
            with self.hook() as hook:
                self.train(hook, Fail(6, RuntimeError("out of memory")))
        self.assertEqual(self.recorded().outcome, "failed")
        self.assertEqual(self.recorded().record["reason"], "RuntimeError: out of memory")
        self.assertEqual(self.ended_epochs(), [1])

    def test_ctrl_c_interrupts_the_run(self):
        with self.assertRaises(KeyboardInterrupt):
            with self.hook() as hook:
                self.train(hook, Fail(6, KeyboardInterrupt()))
        self.assertEqual(self.recorded().outcome, "interrupted")

    def test_a_failure_of_the_hook_is_warned_of_and_breaks_nothing(self):
        hook = self.hook()
        hook._training.begin_epoch = None
        runner = None

        def train() -> None:
            nonlocal runner
            runner = self.train(hook)

        (said,) = warnings_of(train)
        self.assertIn("WattforHook.before_train_epoch failed", said)
        self.assertEqual(runner.iter, 12)
        self.assertEqual(self.recorded().outcome, "done")

    def test_what_can_not_be_is_refused_before_the_training(self):
        for facts in ({"data_fraction": 1.5}, {"epoch_iterations": 0}):
            with self.assertRaisesRegex(ValueError, next(iter(facts))):
                WattforHook(**facts)

    def test_a_copy_has_a_run_of_its_own(self):
        hook = self.hook("copied", data_fraction=0.5)
        configured = Config({"custom_hooks": [hook]}).copy().custom_hooks[0]
        for copied in (copy.deepcopy(hook), pickle.loads(pickle.dumps(hook)), copy.deepcopy(configured)):
            self.train(copied, by={"by_epoch": True, "max_epochs": 1})
        self.assertIn("has not begun", hook.run.energy.why_missing)
        self.assertEqual([run.data_fraction for run in self.runs()], [0.5, 0.5, 0.5])


class UnaskedTest(MMEngineCase):
    def test_no_runner_has_the_hook_that_was_not_asked_for(self):
        runner = self.train()
        self.assertNotIn("WattforHook", [type(each).__name__ for each in runner.hooks])
        self.assertFalse(self.db.exists())


if __name__ == "__main__":
    unittest.main()
