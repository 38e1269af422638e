"""What becomes of a failure of wattfor: it is said once, and the training goes on."""

from __future__ import annotations

import contextlib
import sys
import warnings

from . import _core

_said: set[str] = set()


class WattforWarning(UserWarning):
    """Something could not be measured or stored. The program is not affected, its figures are."""


def warn_once(message: str) -> None:
    """Warns of `message`, the first time in this process. Never raises."""
    if message in _said:
        return
    _said.add(message)
    try:
        warnings.warn(f"wattfor: {message}", WattforWarning, stacklevel=_depth_of_caller())
    except Exception:
        # Warnings are errors here (python -W error), or nobody takes them (a closed stderr): even so,
        # ours must not end somebody's training.
        _print_on_stderr(f"wattfor: {message}")


def _print_on_stderr(line: str) -> None:
    if sys.stderr is None:
        return
    with contextlib.suppress(Exception):
        print(line, file=sys.stderr)


def said_by(error: BaseException) -> str:
    """What an exception says, with its type; of one that can't say it, the type."""
    kind = type(error).__name__
    try:
        text = str(error)
    except Exception:
        return kind
    return f"{kind}: {text}" if text else kind


def pass_log_on() -> None:
    """Warns of what the library logged since it was last asked."""
    for line in _core.take_log_lines():
        warn_once(line)


def _depth_of_caller() -> int:
    """How far up the stack the first frame outside the package is, as `stacklevel` counts."""
    depth, frame = 1, sys._getframe(1)
    while frame.f_back is not None and frame.f_globals.get("__package__") == __package__:
        depth, frame = depth + 1, frame.f_back
    return depth
