"""What the callbacks for all frameworks share, led by the tests in a framework's place."""

import copy
import inspect
import pickle
import unittest

import wattfor
from support import TrackingCase, run_python, warnings_of
from wattfor.training_callback import (
    TrackedTraining,
    TrackWords,
    TrainingCallback,
    length_of,
    unbreakable,
    whole_epochs,
)


class Network:
    pass


class DistributedDataParallel:
    def __init__(self, module: object) -> None:
        self.module = module


class TrackedTrainingTest(TrackingCase):
    def training(self, name=None, accuracy=None, accuracy_percent=None, **words) -> TrackedTraining:
        return TrackedTraining(name, accuracy, accuracy_percent, {"db": self.db, **words})

    def test_is_a_run_from_its_begin_to_its_end(self):
        training = self.training("digits")
        training.begin(Network(), {"epochs_total": 2})
        for number in (1, 2):
            training.begin_epoch(number)
            training.steps_done(4 * number)
            training.end_epoch()
            training.begin_validation()
            training.end_validation()
        training.end()
        run = self.recorded()
        self.assertEqual((run.name, run.outcome, run.id), ("digits", "done", training.run.id))
        self.assertEqual([(e.number, e.ended, e.steps) for e in run.epochs], [(1, True, 4), (2, True, 4)])
        named = [window["name"] for window in run.record["windows"] if window["kind"] == "named"]
        self.assertEqual(named, ["validation", "validation"])

    def test_is_named_after_the_model_within_its_wrappers(self):
        training = self.training()
        training.begin(DistributedDataParallel(Network()), {})
        training.end()
        self.assertEqual(self.recorded().name, "Network")

    def test_what_is_said_goes_before_what_the_framework_knows(self):
        training = self.training(epochs_total=90, batch_size=None)
        training.begin(Network(), {"epochs_total": 5, "batch_size": 32})
        training.log({"epochs_total": 7, "data_fraction": 0.5})
        training.end()
        facts = self.recorded().record["training"]
        self.assertEqual((facts["epochs_total"], facts["batch_size"]), (90, 32))
        self.assertEqual(facts["data_fraction"], 0.5)

    def test_what_the_framework_has_in_place_of_a_fact_is_left_out(self):
        training = self.training()
        training.begin(Network(), {"epochs_total": -1, "batch_size": "auto", "data_fraction": 0.25})
        training.log({"data_fraction": float("inf")})
        training.end()
        facts = self.recorded().record["training"]
        self.assertEqual((facts["epochs_total"], facts["batch_size"]), (None, None))
        self.assertEqual(facts["data_fraction"], 0.25)

    def test_an_epoch_that_is_not_whole_does_not_count_as_ended(self):
        training = self.training()
        training.begin(Network(), {})
        training.begin_epoch(1)
        training.end_epoch(whole=False)
        training.end()
        self.assertEqual([epoch.ended for epoch in self.recorded().epochs], [False])

    def test_steps_are_those_since_the_run_began(self):
        training = self.training()
        training.begin(Network(), {})
        training.resumed_at(100)
        training.begin_epoch(3)
        for step in (101, 101, 102):
            training.steps_done(step)
        training.end_epoch()
        training.end()
        self.assertEqual((self.recorded().record["steps"], self.recorded().epochs[0].steps), (2, 2))

    def test_steps_are_cut_into_epochs_at_their_multiples(self):
        training = self.training()
        training.begin(Network(), {}, epoch_length=3)
        for done in range(4, 11):  # resumed after the fourth
            training.before(done)
            training.after(done + 1)
        training.end()
        self.assertEqual([(e.number, e.ended) for e in self.recorded().epochs],
                         [(3, True), (4, False)])  # fmt: skip

    def test_the_last_value_of_a_metric_is_the_accuracy(self):
        training = self.training(accuracy="acc")
        training.begin(Network(), {})
        for values in ({"acc": 0.5}, {"loss": 1.0}, {"acc": 0.75}, {}):
            training.metrics(values)
        training.end()
        self.assertEqual(self.recorded().accuracy, 0.75)
        self.assertEqual(self.recorded().record["training"]["metric"], "acc")

    def test_values_that_are_no_accuracy_are_warned_of_once(self):
        training = self.training(accuracy="acc")
        training.begin(Network(), {})

        def log() -> None:
            for value in (76.1, float("nan"), "high", 76.2):
                training.metrics({"acc": value})

        (said,) = warnings_of(log)
        self.assertIn("'acc' is no accuracy", said)
        training.metrics({"acc": 0.5})
        training.end()
        self.assertEqual(self.recorded().accuracy, 0.5)

    def test_one_metric_is_the_accuracy(self):
        with self.assertRaisesRegex(ValueError, "not two"):
            self.training(accuracy="a", accuracy_percent="b")
        with self.assertRaisesRegex(TypeError, "accuracy="):
            self.training(accuracy=0.761)

    def test_the_next_training_ends_one_that_broke_off(self):
        training = self.training()
        training.begin(Network(), {})
        training.begin(Network(), {})
        training.end()
        first, second = wattfor.runs(self.db)
        self.assertEqual((first.outcome, second.outcome), ("interrupted", "done"))
        self.assertIn("next training", first.record["reason"])

    def test_hooks_outside_a_training_mark_nothing(self):
        training = self.training(accuracy="acc")

        def hooks() -> None:
            training.begin_epoch(1)
            training.end_epoch()
            training.begin_validation()
            training.end_validation()
            training.steps_done(3)
            training.metrics({"acc": 0.5})
            training.end()

        self.assertEqual(warnings_of(hooks), [])
        self.assertFalse(self.db.exists())

    def test_runs_that_it_builds_on_may_be_given_once_and_are_told_of_each_training(self):
        training = self.training(builds_on=iter(["abcd", "ef01"]))
        for _ in range(2):
            training.begin(Network(), {})
            training.end()
        for run in wattfor.runs(self.db):
            self.assertEqual(len(run.record["training"]["builds_on"]), 2)


class Framework:
    """What a callback of a framework derives from."""

    def __init__(self) -> None:
        self.params = {}


class Callback(TrainingCallback, Framework):
    @unbreakable
    def on_begin(self) -> None:
        self._training.begin(Network(), self.params)

    @unbreakable
    def on_fault(self) -> None:
        raise KeyError("not what the framework has any more")

    @unbreakable
    def on_end(self) -> None:
        self._training.end()


class TrainingCallbackTest(TrackingCase):
    def callback(self, *words: object, **facts: object) -> Callback:
        return Callback(*words, db=self.db, **facts)

    def test_a_fault_in_a_hook_is_warned_of_and_goes_no_further(self):
        callback = self.callback("digits")
        (said,) = warnings_of(callback.on_fault)
        self.assertIn("Callback.on_fault failed", said)
        self.assertIn("not what the framework has any more", said)

    def test_before_a_training_its_run_says_that_it_has_not_begun(self):
        self.assertIn("has not begun", self.callback().run.energy.why_missing)

    def test_what_can_not_be_is_refused_as_it_is_made(self):
        for words in ({"epochs_total": -1}, {"data_fraction": 2}, {"idle_seconds": -1}):
            with self.assertRaises(ValueError):
                self.callback(**words)
        with self.assertRaisesRegex(TypeError, "epoch_total"):
            self.callback(epoch_total=90)

    def test_takes_the_words_of_track(self):
        words = set(inspect.signature(wattfor.track).parameters) - {"name"}
        self.assertEqual(set(TrackWords.__annotations__), words)

    def test_a_with_statement_tells_of_the_exception(self):
        for error, outcome in ((RuntimeError("lost"), "failed"), (KeyboardInterrupt(), "interrupted")):
            with self.assertRaises(type(error)), self.callback() as callback:
                callback.on_begin()
                raise error
            self.assertEqual(callback.run.record["outcome"], outcome)

    def test_a_with_statement_that_is_left_within_a_training_interrupts_it(self):
        with self.callback() as callback:
            callback.on_begin()
        self.assertEqual(callback.run.record["outcome"], "interrupted")
        with self.callback() as callback:
            callback.on_begin()
            callback.on_end()
        self.assertEqual(callback.run.record["outcome"], "done")

    def test_a_copy_has_what_was_said_and_a_run_of_its_own(self):
        callback = self.callback("digits", data_fraction=0.5)
        callback.on_begin()
        for copied in (copy.deepcopy(callback), pickle.loads(pickle.dumps(callback))):
            self.assertIsNot(copied.run, callback.run)
        copied.on_begin()
        copied.on_end()
        self.assertTrue(callback.run.is_open)
        self.assertEqual((copied.run.name, self.recorded().data_fraction), ("digits", 0.5))


class PlannedTest(unittest.TestCase):
    def test_epochs_that_are_not_whole_are_not_said(self):
        planned = {3.0: 3, 126.68: 127, 1.5: None, 2.67: None, 0.4: None, 0.0: None}
        self.assertEqual({epochs: whole_epochs(epochs) for epochs in planned}, planned)

    def test_a_stream_has_no_length(self):
        self.assertEqual((length_of([1, 2]), length_of(iter([1, 2])), length_of(None)), (2, None, None))


class UnaskedTest(TrackingCase):
    """Transformers' issue 26036: CodeCarbon's callback was in every training once it was installed."""

    def test_nothing_announces_itself_to_a_framework(self):
        from importlib.metadata import distribution

        self.assertEqual(list(distribution("wattfor").entry_points), [])

    def test_importing_wattfor_imports_no_framework(self):
        frameworks = ("lightning", "pytorch_lightning", "transformers", "keras", "mmengine", "torch")
        for name in frameworks:
            (self.folder / f"{name}.py").touch()
        code = f"import sys, wattfor; print([each for each in {frameworks} if each in sys.modules])"
        imported = run_python(code, PYTHONPATH=str(self.folder))
        self.assertEqual((imported.stdout, imported.stderr), ("[]\n", ""))


if __name__ == "__main__":
    unittest.main()
