"""What a deep-learning model costs in electricity.

    import wattfor

    with wattfor.track("resnet50", epochs_total=90, data_fraction=0.01) as run:
        for epoch in range(5):
            with run.epoch():
                train_one_epoch()
        run.log(accuracy=0.761)
    print(run.energy)
    print(run.extrapolate(epochs=90, fraction=1.0))

docs/python.md explains the rest.
"""

from __future__ import annotations

from .energy import ComponentEnergy, Energy, Interval
from .extrapolation import Extrapolation, extrapolate
from .failures import WattforWarning
from .measured import MeasuredFunction, measured
from .process_meter import configure
from .recorded_run import Epoch, RecordedRun, runs
from .run import Run, RunWindow
from .sustainability import Sam
from .tracking import track
from .windows import Window, measure

__all__ = [
    "ComponentEnergy",
    "Energy",
    "Epoch",
    "Extrapolation",
    "Interval",
    "MeasuredFunction",
    "RecordedRun",
    "Run",
    "RunWindow",
    "Sam",
    "WattforWarning",
    "Window",
    "configure",
    "extrapolate",
    "measure",
    "measured",
    "runs",
    "track",
]
