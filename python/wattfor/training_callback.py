"""What the callbacks for all frameworks share: a run that follows a training which a framework leads.

It imports no framework. Nothing here raises into the training: what fails is warned of once.
"""

from __future__ import annotations

import functools
import operator
import os
from collections.abc import Callable, Iterable, Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypedDict, TypeVar, cast

from .facts import facts_of, text_of
from .failures import said_by, warn_once
from .run import Run, RunWindow, outcome_of
from .tracking import track

if TYPE_CHECKING:
    from typing_extensions import Self, Unpack

_Hook = TypeVar("_Hook", bound=Callable[..., None])

# What a model is put in, by the names of the classes.
_WRAPPERS = (
    "DataParallel", "DeepSpeedEngine", "DistributedDataParallel", "FullyShardedDataParallel",
    "MMDistributedDataParallel", "MMFullyShardedDataParallel", "OptimizedModule",
)  # fmt: skip


class TrackWords(TypedDict, total=False):
    """What `track()` takes besides the name; what is None counts as not said."""

    epochs_total: int | None
    data_fraction: float | None
    model: str | None
    dataset: str | None
    task: str | None
    phase: str | None
    batch_size: int | None
    metric: str | None
    builds_on: str | Iterable[str]
    db: str | os.PathLike[str] | None
    idle_seconds: float
    sync: bool


def unbreakable(hook: _Hook) -> _Hook:
    """A hook whose failures are warned of, and do not reach the framework."""

    @functools.wraps(hook)
    def called(self: object, *args: object, **kwargs: object) -> None:
        try:
            hook(self, *args, **kwargs)
        except Exception as error:
            where = f"{type(self).__name__}.{hook.__name__}"
            warn_once(f"{where} failed, and what it would have marked is in no record: {said_by(error)}")

    return cast(_Hook, called)


class TrackedTraining:
    """A training as its framework tells of it, as a run."""

    def __init__(
        self,
        name: str | None,
        accuracy: str | None,
        accuracy_percent: str | None,
        words: Mapping[str, Any],
    ) -> None:
        if accuracy is not None and accuracy_percent is not None:
            raise ValueError("accuracy= or accuracy_percent=: one metric is the accuracy, not two")
        self._name = name
        self._accuracy = "accuracy" if accuracy_percent is None else "accuracy_percent"
        metric = accuracy if accuracy_percent is None else accuracy_percent
        # The name of the one that is the accuracy.
        self.metric = None if metric is None else text_of(f"{self._accuracy}=, a metric's name,", metric)
        self._words = {word: value for word, value in words.items() if value is not None}
        if not isinstance(self._words.get("builds_on", ""), str):
            self._words["builds_on"] = tuple(self._words["builds_on"])  # each run takes it anew
        self._reset()

    def _reset(self) -> None:
        # What can't be is refused here, before the training.
        self.run = track("training" if self._name is None else self._name, **self._words)
        self._epoch: RunWindow | None = None
        self._validation: RunWindow | None = None
        self._epoch_length: int | None = None
        self._first_step = 0
        self._steps = 0
        self._seen: set[str] = set()  # names of metrics
        self._has_accuracy = False
        self._accuracy_refused = False

    def begin(
        self, model: object, known: Mapping[str, Any], epoch_length: int | None = None
    ) -> None:
        """The training begins.

        known: what the framework knows of it; what the user said goes before that.
        epoch_length: so many batches or steps are an epoch; without it begin_epoch() and end_epoch()
          say what is one.
        """
        if self.run.is_open:
            self.end("interrupted", "the next training began before this one had ended")
        self._reset()
        name = _class_of(model) if self._name is None else self._name
        # What the framework has may be no number that a fact can be (−1, infinity): then it knows none.
        self.run = track(name, **{**_those_that_can_be(known), **self._words}).begin()
        self._epoch_length = epoch_length

    def resumed_at(self, step: int) -> None:
        """So many steps were done before, by a training that this one resumes."""
        self._first_step = self._steps = step

    def log(self, known: Mapping[str, Any]) -> None:
        """What the framework knows only now; what the user said goes before it."""
        told = {word: value for word, value in known.items() if word not in self._words}
        if self.run.is_open:
            self.run.log(**_those_that_can_be(told))

    def begin_epoch(self, number: int) -> None:
        if self.run.is_open:
            self._epoch = self.run.epoch(number)
            self._epoch.__enter__()

    def end_epoch(self, *, whole: bool = True) -> None:
        """The epoch's last batch is done. One that is not whole, because the training was stopped or
        resumed within it, does not count as ended. A second time it does nothing."""
        epoch, self._epoch = self._epoch, None
        if epoch is not None and whole:
            epoch.__exit__(None, None, None)

    def before(self, done: int) -> None:
        """The next batch or step begins, so many are done; where they make the epochs."""
        if self._epoch_length is not None and done % self._epoch_length == 0:
            self.begin_epoch(done // self._epoch_length + 1)

    def after(self, done: int) -> None:
        """One has ended, so many are done."""
        if self._epoch_length is not None and done % self._epoch_length == 0:
            self.end_epoch()

    def begin_validation(self) -> None:
        if self.run.is_open and self._validation is None:
            self._validation = self.run.measure("validation")
            self._validation.__enter__()

    def end_validation(self) -> None:
        validation, self._validation = self._validation, None
        if validation is not None:
            validation.__exit__(None, None, None)

    def steps_done(self, total: int) -> None:
        """So many steps by the framework's count, which goes on where a training is resumed."""
        if total > self._steps and self.run.is_open:
            self._steps = total
            self.run.mark_step(total - self._first_step)

    def metrics(self, values: Mapping[str, Any]) -> None:
        """What the framework has logged; the last value of the metric that is the accuracy is kept."""
        if self.metric is None or not self.run.is_open:
            return
        self._seen.update(values)
        if self.metric not in values:
            return
        self._has_accuracy = True
        try:
            facts: dict[str, Any] = {self._accuracy: float(values[self.metric])}
            if "metric" not in self._words:
                facts["metric"] = self.metric
            self.run.log(**facts)
        except (TypeError, ValueError, RuntimeError) as error:
            if not self._accuracy_refused:
                self._accuracy_refused = True
                warn_once(f"the metric {self.metric!r} is no accuracy: {error}")

    def end(self, outcome: str = "done", reason: str = "", *, expects_metric: bool = True) -> None:
        if not self.run.is_open:
            return
        is_missed = expects_metric and self.metric is not None and not self._has_accuracy
        if is_missed and outcome == "done":
            seen = ", ".join(sorted(self._seen)) or "none"
            warn_once(f"no metric {self.metric!r} was logged, so the run has no accuracy; logged: {seen}")
        self.run.end(outcome, reason)

    def end_by(self, error: BaseException) -> None:
        """The training ended by that exception."""
        self.end(*outcome_of(error))

    def __getstate__(self) -> dict[str, Any]:
        """Frameworks copy and pickle callbacks: a copy has what the user said, and a run of its own."""
        kept = ("_name", "_accuracy", "metric", "_words")
        return {name: self.__dict__[name] for name in kept}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._reset()


class TrainingCallback:
    """What a user sees of a callback, in each framework."""

    def __init__(
        self,
        name: str | None = None,
        *,
        accuracy: str | None = None,
        accuracy_percent: str | None = None,
        **words: Unpack[TrackWords],
    ) -> None:
        """name: of the run; without it that of the model's class.
        accuracy: the metric, by the name that the framework logs it under, that is the accuracy, a
          share in [0, 1]; its last value is kept.
        accuracy_percent: in its place, one that is a percentage.
        words: as track() takes them. What is not said is taken from the framework where it knows it:
          epochs_total, batch_size, data_fraction.

        Raises ValueError, or TypeError, for what can't be.
        """
        super().__init__()  # the framework's
        self._training = TrackedTraining(name, accuracy, accuracy_percent, words)

    @property
    def run(self) -> Run:
        """The run of the last training that was begun with this callback. Before one has begun it has
        no energy, and says so."""
        return self._training.run

    def __enter__(self) -> Self:
        """A `with` statement around the training tells the record of the exception that ends it, where
        the framework does not tell its callbacks."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if error is not None:
            self._training.end_by(error)
        else:  # the framework has ended it, if it came to its end
            self._training.end("interrupted", "the training broke off")


def epoch_length(what: str, length: int | None) -> int | None:
    """ValueError for one below 1, TypeError for what is no number."""
    if length is None:
        return None
    whole = operator.index(length)
    if whole < 1:
        raise ValueError(f"{what}={whole}: expected 1 or more")
    return whole


def whole_epochs(epochs: float) -> int | None:
    """A planned number of epochs as a whole one; nothing where that is more than 1 % off."""
    whole = round(epochs)
    return whole if whole >= 1 and abs(epochs - whole) <= 0.01 * whole else None


def length_of(data: object) -> int | None:
    """How many batches an epoch of it has, where it knows."""
    try:
        return len(data)  # type: ignore[arg-type]
    except Exception:
        return None  # a stream


def _class_of(model: object) -> str:
    while type(model).__name__ in _WRAPPERS:
        inner = getattr(model, "module", None) or getattr(model, "_orig_mod", None)
        if inner is None:
            break
        model = inner
    return type(model).__name__


def _those_that_can_be(known: Mapping[str, Any]) -> dict[str, Any]:
    possible = {}
    for word, value in known.items():
        try:
            if facts_of({word: value}):
                possible[word] = value
        except (TypeError, ValueError):
            pass
    return possible
