"""What the tests of the callbacks share: data for tiny trainings, and looks at their records."""

from __future__ import annotations

import debian_torch  # noqa: F401  before any framework
import torch
import wattfor
from support import TrackingCase

SAMPLES, FEATURES, CLASSES = 32, 4, 3

THREE_VALIDATED_EPOCHS = [
    "epoch 1", "validation", "epoch 2", "validation", "epoch 3", "validation",
]  # fmt: skip


def samples() -> tuple[torch.Tensor, torch.Tensor]:
    """32 samples, the same each time."""
    chance = torch.Generator().manual_seed(7)
    return (
        torch.randn(SAMPLES, FEATURES, generator=chance),
        torch.randint(0, CLASSES, (SAMPLES,), generator=chance),
    )


class TinyTrainingCase(TrackingCase):
    """What a callback's records look like, read from the store."""

    def runs(self) -> list[wattfor.RecordedRun]:
        return wattfor.runs(self.db)

    def facts(self) -> dict:
        return self.recorded().record["training"]

    def ended_epochs(self) -> list[int]:
        return [epoch.number for epoch in self.recorded().epochs if epoch.ended]

    def assert_energies_are_the_boards(self) -> None:
        """It takes 60 W at rest, and 300 W whenever something is measured."""
        run = self.recorded()
        self.assertEqual(run.energy.basis, "simulated")
        self.assertLessEqual(run.energy.interval.low, 300.0 * run.energy.duration_s)
        self.assertGreaterEqual(run.energy.interval.high, 60.0 * run.energy.duration_s)
        of_epochs = sum(epoch.energy.joules for epoch in run.epochs)
        self.assertGreater(of_epochs, 0.0)
        self.assertLessEqual(of_epochs, run.energy.interval.high)

    def course(self) -> list[str]:
        """The windows of the one run, in the order in which they began: "epoch 1", "validation"; and
        "in" where one began before the one before it had ended."""
        windows = self.recorded().record["windows"]
        marked = [window for window in windows if window["kind"] in ("epoch", "named")]
        course, end = [], 0.0
        for window in sorted(marked, key=lambda window: window["start_s"]):
            what = f"epoch {window['epoch']}" if window["kind"] == "epoch" else window["name"]
            course.append(what if window["start_s"] >= end - 1e-9 else f"in: {what}")
            end = max(end, window["start_s"] + window["duration_s"])
        return course
