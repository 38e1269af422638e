"""Runs that nobody ended are ended with the interpreter, so that their records are whole."""

from __future__ import annotations

import atexit
import weakref
from typing import Protocol

# Its own handler is registered before this one, and runs after it: the meter still samples here.
from . import process_meter as process_meter


class OpenRun(Protocol):
    @property
    def is_open(self) -> bool: ...
    def end(self, outcome: str = ..., reason: str = ...) -> None: ...


_runs: weakref.WeakSet[OpenRun] = weakref.WeakSet()


def end_with_interpreter(run: OpenRun) -> None:
    """Sees to it that the run is ended when the interpreter is, if it is open then."""
    _runs.add(run)


def _end_runs() -> None:
    for run in list(_runs):
        if run.is_open:
            run.end("done", "it was open as the program ended")


atexit.register(_end_runs)
