"""Runs that nobody ended are ended with the interpreter, so that their records are whole."""

from __future__ import annotations

import atexit
import sys
import weakref
from typing import Protocol

# Its own handler is registered before this one, and runs after it: the meter still samples here.
from . import process_meter as process_meter
from .failures import said_by


class OpenRun(Protocol):
    @property
    def is_open(self) -> bool: ...
    def end(self, outcome: str = ..., reason: str = ...) -> None: ...


_runs: weakref.WeakSet[OpenRun] = weakref.WeakSet()


def end_with_interpreter(run: OpenRun) -> None:
    """Sees to it that the run is ended when the interpreter is, if it is open then."""
    _runs.add(run)


def _end_runs() -> None:
    # What ended the program, where an exception did.
    error: BaseException | None = getattr(sys, "last_value", None)
    for run in list(_runs):
        if not run.is_open:
            continue
        if error is None:
            run.end("done", "it was open as the program ended")
        else:
            outcome = "failed" if isinstance(error, Exception) else "interrupted"
            run.end(outcome, f"the program ended: {said_by(error)}")


atexit.register(_end_runs)
