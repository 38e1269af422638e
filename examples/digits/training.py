"""One training through wattfor, as a user's own would be."""

from __future__ import annotations

import os
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

import wattfor
from models import BATCH, DESIGNS, PEAK_RATE, batches_of, share_of, test_set


@dataclass(frozen=True)
class Training:
    """What is trained: a design of models/digits, on a share of the data, for so many epochs."""

    model: str
    share: float  # of the training images, above 0 up to 1; whole batches
    epochs: int

    @property
    def name(self) -> str:
        """The run's, by which it is found again; a word, for `wattfor extrapolate NAME`."""
        return f"{self.model}-{100.0 * self.share:g}pct-{self.epochs}ep"


def train(training: Training, epochs_total: int, db: str | os.PathLike[str]) -> wattfor.RecordedRun:
    """Trains, and returns what was recorded. `epochs_total` are the whole training's, as planned."""
    torch.set_num_threads(1)  # models this small are slower on more
    torch.manual_seed(0)
    images, labels = batches_of(training.share)
    with wattfor.track(
        training.name,
        model=training.model,
        epochs_total=epochs_total,
        data_fraction=share_of(training.share),
        dataset="digits",
        task="image classification",
        batch_size=BATCH,
        metric="top-1",
        db=db,
    ) as run:
        model = DESIGNS[training.model].build()
        optimiser = torch.optim.AdamW(model.parameters(), lr=PEAK_RATE)
        _compute_once(model, images[:BATCH], labels[:BATCH])
        accuracy = 0.0
        for _ in range(training.epochs):
            with run.epoch():
                _train_one_epoch(model, optimiser, images, labels)
                accuracy = _accuracy(model)  # each epoch takes it, whatever the share of the data
        run.log(accuracy=accuracy)
    return wattfor.RecordedRun(run.record)


def _compute_once(model: nn.Module, images: Tensor, labels: Tensor) -> None:
    """The first step of a process or of a shape takes longer (memory, kernels to choose): it is taken
    before the first epoch, where it counts once."""
    functional.cross_entropy(model(images), labels).backward()
    _accuracy(model)


def _train_one_epoch(
    model: nn.Module, optimiser: torch.optim.Optimizer, images: Tensor, labels: Tensor
) -> None:
    model.train()
    for chosen in torch.randperm(len(labels)).split(BATCH):
        loss = functional.cross_entropy(model(images[chosen]), labels[chosen])
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()


def _accuracy(model: nn.Module) -> float:
    """On the test images, as a share."""
    images, labels = test_set()
    model.eval()
    with torch.no_grad():
        return int((model(images).argmax(1) == labels).sum()) / len(labels)
