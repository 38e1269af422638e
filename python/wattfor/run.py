"""A training while it is tracked."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeVar

from . import _core
from .energy import Energy, energy_of, missing_energy, window_energy_of
from .extrapolation import Extrapolation
from .facts import Facts, epoch_number, facts_of, step_count, text_of, utf8
from .failures import pass_log_on, said_by, warn_once
from .missing_record import missing_record
from .open_runs import end_with_interpreter
from .process_meter import meter_on_demand
from .program import bring_in
from .recorded_run import Epoch, RecordedRun
from .sustainability import Sam
from .synchronise import FRAMEWORKS, synchronise

if TYPE_CHECKING:
    import pandas

_Answer = TypeVar("_Answer")
_Item = TypeVar("_Item")

_NOT_BEGUN = "the run has not begun"

# What a training may be written with: which version it is affects energy.
_NAMED_WITH_VERSION = (
    *FRAMEWORKS, "lightning", "pytorch_lightning", "transformers", "keras", "mmengine",
)  # fmt: skip


class RunWindow:
    """A stretch of a run, from its `with` statement's begin to its end."""

    def __init__(self, run: Run, begin: Callable[[_core.Run], int | None], what: str, epoch: bool) -> None:
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
        self._key = self._run._do(self._begin)
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
        try:
            self._run._synchronise()
        finally:  # Ctrl-C may come while an accelerator is waited for
            self._run._do(lambda run: run.end_window(key))

    @property
    def energy(self) -> Energy:
        """What it used; the first call after its end waits for the sensors to catch up."""
        key = self._key
        if key is None:
            why = self._run._why_unmeasured()
            return missing_energy(why or f"{self._what} was not measured from its begin")
        return self._run._energy_of_window(key)


class Run:
    """A training that is tracked; `track()` makes one.

    Its figures may be asked for at any time: while it goes on they are those so far.
    """

    def __init__(
        self, name: str, facts: Facts, db: str | None, idle_seconds: float, sync: bool
    ) -> None:
        self._name = name
        self._facts = facts
        self._db = db
        self._idle_seconds = idle_seconds
        self._sync = sync
        self._run: _core.Run | None = None  # while it goes on
        self._ended: RecordedRun | None = None
        self._elsewhere: _core.Run | None = None  # it has ended here; another process measured it
        self._begun = False
        self._why = ""  # nothing is known of it
        self._lock = threading.Lock()
        self._ending = threading.Event()  # cleared while end() waits for the sensors
        self._ending.set()

    def begin(self) -> Run:
        """What `with` does first. Raises RuntimeError where the run was begun before."""
        if self._begun:
            raise RuntimeError(f"{self._name!r} was begun before: each run takes a track() of its own")
        self._begun = True
        try:
            if self._sync:
                synchronise()
            run = _core.Run(
                meter_on_demand(),
                self._name,
                [utf8(word) for word in sys.orig_argv],
                _settings(self._idle_seconds),
                self._facts,
                self._db,
                self._idle_seconds,
            )
        except Exception as error:
            self._fail(f"nothing is measured in this process: {error}")
            return self
        self._run = run
        end_with_interpreter(self)
        if run.trouble and not run.measured_by:
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
        try:
            self._synchronise()
        finally:  # Ctrl-C may come while an accelerator is waited for
            with self._lock:
                run, self._run = self._run, None
                if run is not None:
                    self._ending.clear()
            if run is not None:
                try:
                    self._finish(run, outcome, reason)
                finally:
                    self._ending.set()

    def _finish(self, run: _core.Run, outcome: str, reason: str) -> None:
        try:
            finished = run.finish(outcome, utf8(reason))
        except Exception as error:
            self._fail(str(error))
            return
        if not finished["is_ours"]:
            self._elsewhere = run
            pass_log_on()
            return
        self._ended = RecordedRun(finished["record"])
        if run.goes_by_file and finished["file"]:
            finished["failure"] = bring_in(finished["file"], self._db)
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
        self.end(*outcome_of(error))

    # What the program marks.

    def epoch(self, number: int | None = None) -> RunWindow:
        """An epoch over the `with` statement that it stands in; counted from 1 where no number is
        given. One that an exception ends does not count as ended.

        Raises ValueError for a number below zero or above 10⁹, TypeError for what is no number.
        """
        whole = epoch_number(number)
        return RunWindow(self, lambda run: run.begin_epoch(whole), "an epoch", epoch=True)

    def each_epoch(self, items: Iterable[_Item], *, start: int | None = None) -> Iterator[_Item]:
        """Goes over `items`, and what is done with each of them is an epoch:

            for epoch in run.each_epoch(range(90)):
                train_one_epoch()

        An epoch ends where the loop goes on (`continue` too). One that `break`, `return` or an exception
        leaves does not count as ended. Taking the next item lies between two epochs.

        start: the first epoch's number, of a training that is resumed; without it they are counted
          from 1.

        Raises ValueError for a number below zero or above 10⁹, TypeError for what is no number.
        """
        return self._each_epoch(items, epoch_number(start))

    def _each_epoch(self, items: Iterable[_Item], number: int | None) -> Iterator[_Item]:
        for item in items:
            with self.epoch(number):
                yield item
            number = None  # one more than the last

    def mark_epoch(self, number: int | None = None) -> None:
        """An epoch ends here: all since the one before, or since the run began.

        Raises ValueError for a number below zero or above 10⁹, TypeError for what is no number.
        """
        whole = epoch_number(number)
        self._synchronise()
        self._do(lambda run: run.mark_epoch(whole))

    def mark_step(self, total: int | None = None) -> None:
        """One step more is done; or so many in all, since the run began. Waits for no accelerator.

        Raises ValueError for fewer than were done before, TypeError for what is no number.
        """
        whole = step_count(total)
        self._do(lambda run: run.mark_step(whole), refuse=True)

    def measure(self, name: str) -> RunWindow:
        """A window of the run, over the `with` statement that it stands in; the record lists it.
        Windows nest and overlap, with epochs and with each other.

        Raises TypeError for a name that is none.
        """
        text = text_of("a window's name", name)
        return RunWindow(self, lambda run: run.begin_window(text), f"window {text!r}", epoch=False)

    def log(self, **facts: object) -> None:
        """Adds what is known of the training: `accuracy`, a share in [0, 1], or `accuracy_percent`;
        `metric`; and what track() takes.

        Raises ValueError, or TypeError, for a fact that can't be.
        """
        told = facts_of(facts)
        if self._run is None:
            self._ending.wait()
        if self._elsewhere is not None or self._ended is not None:
            warn_once(
                f"{self._name!r} had ended when {', '.join(facts)} was logged: its record is without it; "
                "log within the `with` statement"
            )
            if self._ended is not None:
                self._ended = self._ended.with_facts(_core.facts(told))
            return
        self._do(lambda run: run.tell(told), refuse=True)

    # What is known of the run.

    @property
    def name(self) -> str:
        return self._name

    @property
    def is_open(self) -> bool:
        """Whether it goes on, in this process."""
        run = self._run
        return run is not None and run.is_ours

    @property
    def id(self) -> str:
        """Of its record; empty where there is none."""
        run = self._run
        return run.id if run is not None else self._known().id

    @property
    def energy(self) -> Energy:
        """Of the whole run, so far while it goes on."""
        if self._run is not None:
            so_far = self._do(lambda run: run.so_far())
            if so_far is not None:
                return energy_of(so_far, is_final=False)
            if self._run is not None:
                return missing_energy(self._why_unmeasured())
        self._ending.wait()
        if self._elsewhere is None and self._ended is None:
            return missing_energy(self._why or _NOT_BEGUN)
        return self._known().energy

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
        if self._run is None:
            self._ending.wait()
        if self._ended is not None:
            return self._ended
        if self._elsewhere is not None:
            record = self._elsewhere.record_by_now()
        else:
            record = self._do(lambda run: run.record_by_now())
        if record is None:
            why = self._why_unmeasured() or _NOT_BEGUN
            record = missing_record(self._name, why, _core.facts(self._facts))
        return RecordedRun(record)

    def _why_unmeasured(self) -> str:
        run = self._elsewhere or self._run
        if run is None or not run.is_ours or not run.measured_by:
            return self._why
        return f"this node is measured by {run.measured_by}"

    def _energy_of_window(self, key: int) -> Energy:
        if self._run is None:
            self._ending.wait()
        if self._ended is not None:
            window = self._ended.record["windows"][key]
            return window_energy_of(window, self._ended.energy.scope)
        window = self._do(lambda run: run.window(key))
        if window is None:
            return missing_energy(self._why)
        return window_energy_of(window, window["scope"], is_final=window["ended"])

    def _do(self, action: Callable[[_core.Run], _Answer], *, refuse: bool = False) -> _Answer | None:
        """What the library answers; nothing, after a warning, where it can't. With `refuse` a value
        that can't be is the caller's fault and raised."""
        run = self._run
        if run is None:
            if not self._begun:
                warn_once(f"{self._name!r} is not begun: it is a `with` statement's, or begin() begins it")
            elif self._ended is not None or self._elsewhere is not None:
                warn_once(f"{self._name!r} has ended: what is marked after that is in no record")
            return None
        try:
            return action(run)
        except ValueError as error:
            if self._run is not run:
                return None  # it ended meanwhile, on another thread
            if refuse:
                raise
            warn_once(f"{self._name!r}: {error}")
        except Exception as error:
            if self._run is run and run.is_ours:
                warn_once(f"{self._name!r}: {error}")
            elif self._run is run:
                self._fail(str(error))
        return None

    def _synchronise(self) -> None:
        if self._sync and self._run is not None:
            synchronise()

    def _fail(self, why: str) -> None:
        self._run = None
        self._why = why
        warn_once(why)


def _settings(idle_seconds: float) -> Facts:
    """What else affects energy: the versions of what is in use."""
    settings = [("idle_seconds", f"{idle_seconds:g}"), ("python", sys.version.split()[0])]
    for framework in _NAMED_WITH_VERSION:
        version = getattr(sys.modules.get(framework), "__version__", None)
        if version is not None:
            settings.append((framework, str(version)))
    return settings


def outcome_of(error: BaseException | None) -> tuple[str, str]:
    """How a run ended that an exception, or none, ended, and why."""
    if error is None or (isinstance(error, SystemExit) and not error.code):
        return "done", ""
    return ("failed" if isinstance(error, Exception) else "interrupted"), said_by(error)
