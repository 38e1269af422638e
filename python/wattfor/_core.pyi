"""The C++ library, as far as the package needs it. Not for others: it changes with the package."""

from typing import Any

class Error(RuntimeError):
    """The library could not do what it was asked for; the message names the file or the device."""

def take_log_lines() -> list[str]:
    """What the library warned of since the last call."""

def fork_generation() -> int:
    """How many forks lie behind this process."""

def si_number(value: float, unit: str) -> str:
    """Three significant digits with the unit's SI prefix; "–" of what is not finite."""

def relative_interval(value: float, low: float, high: float) -> str:
    """A 95 % interval relative to its value: "±1.2 %", or "−20 … +50 %"."""

def duration_text(seconds: float) -> str: ...

class Meter:
    """Samples this machine's sensors, or a simulated device, from its making on."""

    def __init__(self, simulate: str | None, interval_s: float) -> None: ...
    def stop(self) -> None: ...
    @property
    def is_ours(self) -> bool:
        """False in a child made by fork, where the meter is its parent's."""

class Window:
    """A window of a meter, open from its making to end()."""

    def __init__(self, meter: Meter) -> None: ...
    def end(self) -> None: ...
    @property
    def has_ended(self) -> bool: ...
    @property
    def duration_s(self) -> float: ...
    def so_far(self) -> dict[str, Any]:
        """Of an open window: an energy report, in its JSON form."""

    def wait(self) -> dict[str, Any]:
        """The final report; waits for the sensors, with the interpreter's lock released."""

    @property
    def true_joules(self) -> float | None:
        """What truly flowed, of a simulated device."""
