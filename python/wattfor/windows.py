"""Windows: the energy of a stretch of a program."""

from __future__ import annotations

import math
from collections.abc import Callable
from types import TracebackType

from . import _core
from .energy import Energy, energy_of, missing_energy
from .failures import pass_log_on, warn_once
from .process_meter import process_meter
from .synchronise import synchronise


class Window:
    """A stretch of the program whose energy is asked for, over the `with` statement that it stands in:

        with wattfor.measure("forward") as window:
            model(batch)
        print(window.energy)

    or from begin() to end(). Windows nest and overlap, and each is used once. At both edges it waits
    for what PyTorch, JAX, TensorFlow or CuPy have queued on an accelerator, if the program has imported
    one of them; `sync=False` leaves that out. It never waits for a sensor. All members may be called
    from any thread.
    """

    # Found in the class until they are set: a window costs a microsecond or two.
    _window: _core.Window | None = None
    _open: bool | None = None  # None: not begun yet
    _energy: Energy | None = None
    _why_missing = ""

    def __init__(self, name: str = "", *, sync: bool = True) -> None:
        if not isinstance(name, str):
            raise TypeError(f"a window's name is a str, not {type(name).__name__}")
        self._name = name
        self._sync = sync

    @property
    def name(self) -> str:
        return self._name

    @property
    def is_open(self) -> bool:
        return self._open is True

    def begin(self) -> Window:
        """Opens the window. Raises RuntimeError where it was opened before."""
        if self._open is not None:
            raise RuntimeError(f"{self} was opened before: each use takes a measure() of its own")
        self._open = True
        meter = process_meter()
        if meter is None:
            self._why_missing = "nothing is measured in this process"
            return self
        if self._sync:
            synchronise()
        try:
            self._window = _core.Window(meter)
        except Exception as error:
            self._fail(error)
        return self

    def end(self) -> None:
        """Closes the window and never waits for a sensor. Raises RuntimeError where it is not open."""
        if not self._open:
            raise RuntimeError(f"{self} is not open")
        self._open = False
        window = self._window
        if window is None:
            return
        try:
            if self._sync:
                synchronise()
        finally:  # Ctrl-C may come while an accelerator is waited for
            try:
                window.end()
            except Exception as error:
                self._fail(error)

    __enter__ = begin

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._open:  # end() may have been called within
            self.end()

    @property
    def energy(self) -> Energy:
        """What the window used. Of a closed one the final figure: the first call waits for the sensors
        to catch up, commonly 0.1 s. Of an open one what is known so far.

        Raises RuntimeError before the window is opened.
        """
        if self._energy is not None:
            return self._energy
        if self._open is None:
            raise RuntimeError(f"{self} was not opened yet")
        if self._window is None:
            return missing_energy(self._why_missing)
        try:
            if self._open:
                return energy_of(self._window.so_far(), is_final=False)
            self._energy = energy_of(self._window.wait())
        except Exception as error:
            self._fail(error)
            return missing_energy(self._why_missing)
        pass_log_on()
        return self._energy

    @property
    def duration_s(self) -> float:
        """Seconds, up to now of an open window; NaN where nothing is measured."""
        try:
            return math.nan if self._window is None else self._window.duration_s
        except Exception as error:
            self._fail(error)
            return math.nan

    def __reduce__(self) -> tuple[Callable[..., Window], tuple[str, Energy | None]]:
        """A copy of a closed window has its energy; of another one, it says that it has none."""
        if self._open is None:
            return _copied, (self._name, None)
        if self._open:
            return _copied, (self._name, missing_energy("the window was open when it was copied"))
        return _copied, (self._name, self.energy)

    def __repr__(self) -> str:
        state = {None: "not opened yet", True: "open", False: "closed"}[self._open]
        return f"<wattfor.Window {self._name!r}, {state}>"

    def _fail(self, error: Exception) -> None:
        self._window = None
        self._why_missing = str(error)
        warn_once(self._why_missing)


def _copied(name: str, energy: Energy | None) -> Window:
    window = Window(name)
    if energy is not None:
        window._open = False
        window._energy = energy
    return window


measure = Window
