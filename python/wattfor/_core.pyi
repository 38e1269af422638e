"""The C++ library, as far as the package needs it. Not for others: it changes with the package."""

from collections.abc import Sequence
from typing import Any

class Error(RuntimeError):
    """The library could not do what it was asked for; the message names the file or the device. What
    was wrong in the caller's words is a ValueError, what is not there a FileNotFoundError, and what may
    not be read or written a PermissionError."""

def take_log_lines() -> list[str]:
    """What the library warned of since the last call."""

def facts(told: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """Facts of a training, words and values, in their JSON form; ValueError where one can't be."""

def runs(db: str | None) -> list[dict[str, Any]]:
    """The records of runs in the store, in their JSON form."""

def require_target(epochs: int, data_fraction: float) -> None:
    """ValueError for what can't be asked for, whatever was measured."""

def extrapolate(records: Sequence[str], epochs: int, data_fraction: float) -> dict[str, Any]:
    """report/extrapolate.h, from records in their JSON form and to its own; ValueError where one has no
    epoch with an energy."""

def sam(accuracy_percent: float, energy_j: float) -> dict[str, Any]:
    """analysis/sam.h: {"value", "is_inflated", "why"}; no value where `why` says so."""

def si_number(value: float, unit: str) -> str:
    """Three significant digits with the unit's SI prefix; "–" of what is not finite."""

def relative_interval(value: float, low: float, high: float) -> str:
    """A 95 % interval relative to its value: "±1.2 %", or "−20 … +50 %"."""

def duration_text(seconds: float) -> str: ...

class Meter:
    """Samples this machine's sensors, or a simulated device, from its making on."""

    @property
    def is_ours(self) -> bool:
        """False in a child made by fork, where the meter is its parent's."""

class MeterOnDemand:
    """How a process measures, and the one meter that does, made when it is first asked for."""

    def __init__(self, simulate: str | None, interval_s: float) -> None: ...
    def meter(self) -> Meter: ...
    def stop(self) -> None: ...
    @property
    def is_ours(self) -> bool: ...

class Window:
    """A window of a meter, open from its making to end()."""

    def __init__(self, meter: Meter) -> None: ...
    def end(self) -> None: ...
    @property
    def duration_s(self) -> float: ...
    def so_far(self) -> dict[str, Any]:
        """Of an open window: an energy report, in its JSON form."""

    def wait(self) -> dict[str, Any]:
        """The final report; waits for the sensors, with the interpreter's lock released."""

    @property
    def true_joules(self) -> float | None:
        """What truly flowed, of a simulated device."""

class Run:
    """A training that is tracked, from its making to finish(); src/process/process_run.h. Another
    process of the same job may measure it: its windows have no keys here then, and what is known of it
    is what that process has kept, None where it is nothing."""

    def __init__(
        self,
        meter: MeterOnDemand,
        name: str,
        command: Sequence[str],
        settings: Sequence[tuple[str, str]],
        facts: Sequence[tuple[str, str]],
        db: str | None,
        idle_s: float,
    ) -> None: ...
    @property
    def is_ours(self) -> bool:
        """False in a child made by fork."""

    @property
    def id(self) -> str: ...
    @property
    def trouble(self) -> str:
        """Why there is no store; empty where there is one."""

    @property
    def measured_by(self) -> str:
        """Who measures, where it is not this process; else empty."""

    @property
    def goes_by_file(self) -> bool:
        """True in a process made by fork: the record is a file, to be brought into the store."""

    def begin_epoch(self, number: int | None) -> int | None: ...
    def mark_epoch(self, number: int | None) -> None: ...
    def mark_step(self, total: int | None) -> None: ...
    def begin_window(self, name: str) -> int | None: ...
    def end_window(self, window: int) -> None: ...
    def tell(self, told: Sequence[tuple[str, str]]) -> None: ...
    def window(self, window: int) -> dict[str, Any]:
        """A marked window in its JSON form, with its "scope"; waits for the sensors where it has ended."""

    def checkpoint(self) -> None:
        """Keeps in the store what there is by now, as happens once a second anyway."""

    def so_far(self) -> dict[str, Any] | None: ...
    def record_by_now(self) -> dict[str, Any] | None: ...
    def finish(self, outcome: str, reason: str) -> dict[str, Any]:
        """{"record", "file", "failure", "is_ours"}: where the record is kept, and why it is not in the
        store; whether it was measured here, and there is one to keep."""
