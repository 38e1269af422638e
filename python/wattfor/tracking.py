"""Tracking a training: its energy, its epochs, and what is known of it, as a record in the store."""

from __future__ import annotations

import atexit
import operator
import os
import sys
import threading
import weakref
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeVar

from . import _core
from .energy import Energy, energy_of, missing_energy, window_energy_of
from .extrapolation import Extrapolation
from .failures import pass_log_on, warn_once
from .missing_record import missing_record
from .process_meter import process_meter
from .recorded_run import Epoch, RecordedRun
from .sustainability import Sam
from .synchronise import synchronise

if TYPE_CHECKING:
    import pandas

_Answer = TypeVar("_Answer")
_Facts = list[tuple[str, str]]

_FRAMEWORKS = ("torch", "jax", "tensorflow", "cupy")
_MOST_IDLE_S = 3600.0
_MOST_EPOCHS = 10**9
_NOT_BEGUN = "the run has not begun"


class RunWindow:
    """A stretch of a run, from its `with` statement's begin to its end."""

    def __init__(self, run: Run, begin: Callable[[_core.Run], int], what: str, epoch: bool) -> None:
        self._run = run
        self._begin = begin
        self._what = what
        self._epoch = epoch
        self._key: int | None = None
        self._used = False

    def __enter__(self) -> RunWindow:
        if self._used:
            raise RuntimeError(f"{self._what} was opened before: each use takes one of its own")
        self._used = True
        self._run._synchronise()
        self._key = self._run._do(self._begin, refuse=self._epoch)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        key = self._key
        if key is None or (self._epoch and error is not None):
            return  # an epoch that broke off has not ended, and is told from those that have
        self._run._synchronise()
        self._run._do(lambda run: run.end_window(key))

    @property
    def energy(self) -> Energy:
        """What it used; the first call after its end waits for the sensors to catch up."""
        key = self._key
        if key is None:
            return missing_energy(self._run._why or f"{self._what} was not opened")
        return self._run._energy_of_window(key)


class Run:
    """A training that is tracked; `track()` makes one.

    Its figures may be asked for at any time: while it goes on they are those so far.
    """

    def __init__(
        self, name: str, facts: _Facts, db: str | None, idle_seconds: float, sync: bool
    ) -> None:
        self._name = name
        self._facts = facts
        self._db = db
        self._idle_seconds = idle_seconds
        self._sync = sync
        self._run: _core.Run | None = None  # while it goes on
        self._ended: RecordedRun | None = None
        self._begun = False
        self._why = ""  # nothing is known of it
        self._lock = threading.Lock()

    def begin(self) -> Run:
        """What `with` does first. Raises RuntimeError where the run was begun before."""
        if self._begun:
            raise RuntimeError(f"{self._name!r} was begun before: each run takes a track() of its own")
        self._begun = True
        meter = process_meter()
        if meter is None:
            self._why = "nothing is measured in this process"
            return self
        try:
            if self._idle_seconds > 0.0:
                meter.measure_idle(self._idle_seconds)
            self._synchronise()
            run = _core.Run(meter, self._name, sys.orig_argv, _settings(self._idle_seconds), self._db)
            run.tell(self._facts)
        except Exception as error:
            self._fail(error)
            return self
        self._run = run
        _open_runs.add(self)
        if run.trouble:
            warn_once(f"{self._name!r} is measured, but its record can't be kept: {run.trouble}")
        pass_log_on()
        return self

    def end(self, outcome: str = "done", reason: str = "") -> None:
        """What `with` does last: waits for the sensors, commonly 0.1 s, and keeps the record. A second
        time it does nothing.

        outcome: "done", "failed" or "interrupted"; reason: why.

        Raises ValueError for another outcome.
        """
        if outcome not in ("done", "failed", "interrupted"):
            raise ValueError(f'outcome={outcome!r}: expected "done", "failed" or "interrupted"')
        with self._lock:
            run, self._run = self._run, None
        if run is None:
            return
        _open_runs.discard(self)
        self._synchronise()
        try:
            finished = run.finish(outcome, reason)
        except Exception as error:
            self._fail(error)
            return
        self._ended = RecordedRun(finished["record"])
        if finished["failure"]:
            where = finished["file"]
            kept = f"it is in {where}, for `wattfor import`" if where else "it is lost"
            warn_once(f"the record of {self._name!r} is not in the store: {finished['failure']}; {kept}")
        pass_log_on()

    def __enter__(self) -> Run:
        return self.begin()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.end(*_outcome_of(error))

    # What the program marks.

    def epoch(self, number: int | None = None) -> RunWindow:
        """An epoch over the `with` statement that it stands in; counted from 1 where no number is
        given. One that an exception ends does not count as ended.

        Raises ValueError for a number below zero or above 10⁹, TypeError for what is no number.
        """
        whole = _epoch_number(number)
        return RunWindow(self, lambda run: run.begin_epoch(whole), "an epoch", epoch=True)

    def mark_epoch(self, number: int | None = None) -> None:
        """An epoch ends here: all since the one before, or since the run began.

        Raises ValueError for a number below zero or above 10⁹, TypeError for what is no number.
        """
        whole = _epoch_number(number)
        self._synchronise()
        self._do(lambda run: run.mark_epoch(whole))

    def mark_step(self, total: int | None = None) -> None:
        """One step more is done; or so many in all, since the run began. Waits for no accelerator.

        Raises ValueError for fewer than were done before, TypeError for what is no number.
        """
        whole = None if total is None else operator.index(total)
        self._do(lambda run: run.mark_step(whole), refuse=True)

    def measure(self, name: str) -> RunWindow:
        """A window of the run, over the `with` statement that it stands in; the record lists it.
        Windows nest and overlap, with epochs and with each other.

        Raises TypeError for a name that is none.
        """
        text = _text("a window's name", name)
        return RunWindow(self, lambda run: run.begin_window(text), f"window {text!r}", epoch=False)

    def log(self, **facts: object) -> None:
        """Adds what is known of the training: `accuracy`, a share in [0, 1], or `accuracy_percent`;
        `metric`; and what track() takes.

        Raises ValueError, or TypeError, for a fact that can't be.
        """
        told = _facts(facts)
        if self._ended is not None:
            warn_once(
                f"{self._name!r} had ended when {', '.join(facts)} was logged: its record is without it; "
                "log within the `with` statement"
            )
            self._ended = self._ended.with_facts(_core.facts(told))
            return
        self._do(lambda run: run.tell(told), refuse=True)

    # What is known of the run.

    @property
    def name(self) -> str:
        return self._name

    @property
    def id(self) -> str:
        """Of its record; empty where there is none."""
        run = self._run
        return run.id if run is not None else self._known().id

    @property
    def energy(self) -> Energy:
        """Of the whole run, so far while it goes on."""
        if self._run is not None:
            so_far = self._do(lambda run: energy_of(run.so_far(), is_final=False))
            if so_far is not None:
                return so_far
        if self._ended is None:
            return missing_energy(self._why or _NOT_BEGUN)
        return self._ended.energy

    @property
    def epochs(self) -> tuple[Epoch, ...]:
        """In their order; while the run goes on it waits for the figures of the last."""
        return self._known().epochs

    @property
    def record(self) -> dict[str, Any]:
        """All that is known, as the store's JSON has it."""
        return self._known().record

    def extrapolate(self, *, epochs: int | None = None, fraction: float = 1.0) -> Extrapolation:
        """What `epochs` epochs on that share of the data take, from this run's epochs.

        epochs: the whole training's; without it `epochs_total`.

        Raises ValueError where there is no number of epochs, and where either can't be.
        """
        return self._known().extrapolate(epochs=epochs, fraction=fraction)

    def sam(self, *, epochs: int | None = None, fraction: float | None = None) -> Sam:
        """The Sustainable-Accuracy Metric of the run; with `epochs` or `fraction` that of the run
        extrapolated to them. Where it is undefined the answer says why.

        Raises ValueError for a number of epochs or a share that can't be.
        """
        return self._known().sam(epochs=epochs, fraction=fraction)

    def to_dataframe(self) -> pandas.DataFrame:
        """A pandas.DataFrame with a row for each epoch and window; columns carry their units.

        Raises ImportError where pandas is not there.
        """
        return self._known().to_dataframe()

    def __repr__(self) -> str:
        return f"<wattfor.Run {self._name!r}: {self.energy}>"

    def _known(self) -> RecordedRun:
        if self._ended is not None:
            return self._ended
        record = self._do(lambda run: run.record_by_now())
        if record is None:
            record = missing_record(self._name, self._why or _NOT_BEGUN, _core.facts(self._facts))
        return RecordedRun(record)

    def _energy_of_window(self, key: int) -> Energy:
        if self._ended is not None:
            window = self._ended.record["windows"][key]
            return window_energy_of(window, self._ended.energy.scope)
        window = self._do(lambda run: run.window(key))
        if window is None:
            return missing_energy(self._why)
        return window_energy_of(window, "", is_final=window["ended"])

    def _do(self, action: Callable[[_core.Run], _Answer], *, refuse: bool = False) -> _Answer | None:
        """What the library answers; nothing, after a warning, where it can't. With `refuse` a value
        that can't be is the caller's fault and raised."""
        run = self._run
        if run is None:
            if not self._begun:
                warn_once(f"{self._name!r} is not begun: it is a `with` statement's, or begin() begins it")
            elif self._ended is not None:
                warn_once(f"{self._name!r} has ended: what is marked after that is in no record")
            return None
        try:
            return action(run)
        except ValueError as error:
            if refuse:
                raise
            warn_once(f"{self._name!r}: {error}")
        except Exception as error:
            if self._run is not None:  # else it ended meanwhile, on another thread
                self._fail(error)
        return None

    def _synchronise(self) -> None:
        if self._sync and self._run is not None:
            synchronise()

    def _fail(self, error: Exception) -> None:
        self._run = None
        self._why = str(error)
        warn_once(self._why)


_open_runs: weakref.WeakSet[Run] = weakref.WeakSet()


def _end_open_runs() -> None:
    """Runs that nobody ended are ended with the interpreter, so that their records are whole."""
    for run in list(_open_runs):
        if run._run is not None and run._run.is_ours:
            run.end("done", "it was open as the program ended")


atexit.register(_end_open_runs)  # after the meter's: it runs before


def track(
    name: str,
    *,
    epochs_total: int | None = None,
    data_fraction: float | None = None,
    model: str | None = None,
    dataset: str | None = None,
    task: str | None = None,
    phase: str | None = None,
    batch_size: int | None = None,
    metric: str | None = None,
    builds_on: str | Iterable[str] = (),
    db: str | os.PathLike[str] | None = None,
    idle_seconds: float = 0.0,
    sync: bool = True,
) -> Run:
    """Tracks a training over the `with` statement that it stands in:

        with wattfor.track("resnet50", epochs_total=90, data_fraction=0.01) as run:
            for epoch in range(5):
                with run.epoch():
                    train_one_epoch()
            run.log(accuracy=0.761)
        print(run.energy)
        print(run.extrapolate(epochs=90, fraction=1.0))

    What there is of it is kept in the store once a second: a program that is killed leaves a record
    that is marked interrupted. A failure of wattfor is warned of once and breaks nothing.

    epochs_total: of the whole training, as planned.
    data_fraction: the share of the data that is trained on, in (0, 1].
    model: without it the run's name is the model's.
    phase: "training", "pre-training", "fine-tuning" or "testing".
    metric: what the accuracy is, e.g. "top-1".
    builds_on: the ids of the runs that this one builds on, with ":N" where a run's energy is shared
      over N uses.
    db: the store's file; without it $WATTFOR_DB, else wattfor/wattfor.db in the user's data folder.
    idle_seconds: how long the power at rest is measured before, which holds the program up so long;
      0 leaves net energy out.
    sync: as in measure(), at the edges of epochs and windows.

    Raises ValueError, or TypeError, for what can't be.
    """
    title = _text("a run's name", name)
    told = _facts(
        {
            "model": title if model is None else model,
            "dataset": dataset,
            "task": task,
            "phase": phase,
            "epochs_total": epochs_total,
            "data_fraction": data_fraction,
            "batch_size": batch_size,
            "metric": metric,
            "builds_on": builds_on,
        }
    )
    if not 0.0 <= idle_seconds <= _MOST_IDLE_S:
        raise ValueError(f"idle_seconds={idle_seconds!r}: expected 0 to {_MOST_IDLE_S:.0f} seconds")
    store = None if db is None else os.fspath(db)
    return Run(title, told, store, float(idle_seconds), sync)


_TEXTS = ("model", "dataset", "task", "phase", "metric")
_WHOLE = ("epochs_total", "batch_size")


def _facts(facts: dict[str, Any]) -> _Facts:
    """Facts as the library takes them, words and values; refused where one can't be."""
    told: _Facts = []
    for word, value in facts.items():
        if value is None:
            continue
        if word in _TEXTS:
            told.append((word, _text(word, value)))
        elif word in _WHOLE:
            told.append((word, str(operator.index(value))))
        elif word == "builds_on":
            runs = [value] if isinstance(value, str) else value
            told += [(word, _text(word, each)) for each in runs]
        else:
            told.append((word, repr(_number(word, value))))
    _core.facts(told)
    return told


def _epoch_number(number: int | None) -> int | None:
    if number is None:
        return None
    whole = operator.index(number)
    if not 0 <= whole <= _MOST_EPOCHS:
        raise ValueError(f"an epoch's number is from 0 to {_MOST_EPOCHS}, not {whole}")
    return whole


def _text(what: str, value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{what} is a str, not {type(value).__name__}")
    return value


def _number(word: str, value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        raise TypeError(f"{word} is a number, not {value!r}") from None


def _settings(idle_seconds: float) -> _Facts:
    """What else affects energy: the versions of what is in use."""
    settings = [("idle_seconds", f"{idle_seconds:g}"), ("python", sys.version.split()[0])]
    for framework in _FRAMEWORKS:
        version = getattr(sys.modules.get(framework), "__version__", None)
        if version is not None:
            settings.append((framework, str(version)))
    return settings


def _outcome_of(error: BaseException | None) -> tuple[str, str]:
    """How a `with` statement's run ended, and why."""
    if error is None or (isinstance(error, SystemExit) and not error.code):
        return "done", ""
    said = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    return ("failed" if isinstance(error, Exception) else "interrupted"), said
