"""What the tests of the callbacks share: tiny trainings on the simulated board, and looks at their records."""

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

    def assert_energies_are_true(self) -> None:
        """Those of the board, which takes 300 W whenever something is measured."""
        for window in self.recorded().record["windows"]:
            true_j = 300.0 * window["duration_s"]
            self.assertLessEqual(window["energy_low_j"], true_j)
            self.assertGreaterEqual(window["energy_high_j"], true_j)

    def course(self) -> list[str]:
        """The windows of the one run, in the order in which they began: "epoch 1", "validation"; and
        "in" where one began before the one before it had ended."""
        marked = (each for each in self.recorded().record["windows"] if each["kind"] in ("epoch", "named"))
        windows = sorted(marked, key=lambda window: window["start_s"])
        course, end = [], 0.0
        for window in windows:
            what = f"epoch {window['epoch']}" if window["kind"] == "epoch" else window["name"]
            course.append(what if window["start_s"] >= end - 1e-9 else f"in: {what}")
            end = max(end, window["start_s"] + window["duration_s"])
        return course
