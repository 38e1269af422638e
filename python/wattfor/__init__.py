"""What a deep-learning model costs in electricity.

    import wattfor

    with wattfor.measure("forward") as window:
        model(batch)
    print(window.energy)

docs/python.md explains the rest.
"""

from __future__ import annotations

from .energy import ComponentEnergy, Energy, Interval
from .failures import WattforWarning
from .measured import MeasuredFunction, measured
from .process_meter import configure
from .windows import Window, measure

__all__ = [
    "ComponentEnergy",
    "Energy",
    "Interval",
    "MeasuredFunction",
    "WattforWarning",
    "Window",
    "configure",
    "measure",
    "measured",
]
