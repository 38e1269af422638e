"""The one meter of this process, made when it is first needed."""

from __future__ import annotations

import atexit
import os
import threading

from . import _core
from .failures import pass_log_on, warn_once

_DEFAULT_INTERVAL_S = 0.1
_LEAST_INTERVAL_S, _MOST_INTERVAL_S = 0.001, 60.0

_lock = threading.Lock()
_on_demand: _core.MeterOnDemand | None = None
_meter: _core.Meter | None = None
_failed = False
_simulate: str | None = None
_interval_s = _DEFAULT_INTERVAL_S


def configure(
    *, simulate: str | os.PathLike[str] | None = None, interval_s: float = _DEFAULT_INTERVAL_S
) -> None:
    """Says how this process measures, from the next window on; windows that are open stay as they are.

    simulate: the file of a simulated device (docs/simulation.md) to be measured in the place of this
      machine; without it $WATTFOR_SIMULATE, if it is set, names one.
    interval_s: seconds between samples, 0.001 to 60.

    Raises ValueError for an interval outside that range.
    """
    if not _LEAST_INTERVAL_S <= interval_s <= _MOST_INTERVAL_S:
        raise ValueError(
            f"interval_s={interval_s!r}: expected {_LEAST_INTERVAL_S} to {_MOST_INTERVAL_S:.0f} seconds"
        )
    global _on_demand, _meter, _failed, _simulate, _interval_s
    with _lock:
        _simulate = None if simulate is None else os.fspath(simulate)
        _interval_s = float(interval_s)
        _on_demand, _meter, _failed = None, None, False


def meter_on_demand() -> _core.MeterOnDemand:
    """What makes the meter, for who may not need it."""
    global _on_demand
    with _lock:
        if _on_demand is None or not _on_demand.is_ours:
            _on_demand = _core.MeterOnDemand(simulation_file(), _interval_s)
        return _on_demand


def process_meter() -> _core.Meter | None:
    """The meter; None, after a warning, where there can be none."""
    meter = _meter
    if meter is not None and meter.is_ours:
        return meter
    return None if _failed else _make()


def simulation_file() -> str | None:
    """The file of the simulated device that is measured, if one is."""
    return _simulate or os.environ.get("WATTFOR_SIMULATE") or None


def interval_s() -> float:
    """Seconds between samples."""
    return _interval_s


def _make() -> _core.Meter | None:
    global _meter, _failed
    try:
        _meter = meter = meter_on_demand().meter()
    except Exception as error:
        _failed = True
        warn_once(f"nothing is measured in this process: {error}")
        return None
    pass_log_on()
    return meter


def _begin_anew_in_child() -> None:
    # The lock may be held by a thread of the parent's that does not run here.
    global _lock
    _lock = threading.Lock()


def _stop() -> None:
    if _on_demand is not None:
        _on_demand.stop()


os.register_at_fork(after_in_child=_begin_anew_in_child)
atexit.register(_stop)
