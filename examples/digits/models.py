"""What is trained, and on what: the architectures and the data of models/digits, by import."""

from __future__ import annotations

import os
import sys
from functools import cache
from pathlib import Path

MODELS = Path(__file__).resolve().parents[2] / "models" / "digits"

# Before PyTorch is imported: on matrices this small more threads are slower.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
try:
    import numpy as np
    import sklearn  # noqa: F401  has the digits
    import torch
except ImportError as error:
    raise SystemExit(
        f"{error}: the example trains with PyTorch on the digits of scikit-learn; on Debian:\n"
        "  apt-get install python3-torch python3-sklearn python3-matplotlib libopenblas0-pthread\n"
        "and run it with Debian's Python, or in a virtual environment made with --system-site-packages"
    ) from None

sys.path.append(str(MODELS))  # last, so that no file there hides one from here

from architectures import DESIGNS  # noqa: E402
from data import split, to_input  # noqa: E402
from train import PEAK_RATE, shifted  # noqa: E402

__all__ = ["ALL_BATCHES", "BATCH", "DESIGNS", "PEAK_RATE", "batches_of", "share_of", "test_set"]

BATCH = 21  # images in a step
ALL_BATCHES = 500  # all the data: 10,500 images, so that 1 % is five whole batches
SEED = 0


def share_of(share: float) -> float:
    """The share of the data nearest to `share` that is whole batches; at least one."""
    return max(1, round(share * ALL_BATCHES)) / ALL_BATCHES


def batches_of(share: float) -> tuple[torch.Tensor, torch.Tensor]:
    """That share of the training images: [n, 1, 8, 8] and their labels [n], of all ten digits alike."""
    images, labels = _training_set()
    count = round(share_of(share) * ALL_BATCHES) * BATCH
    return images[:count], labels[:count]


@cache
def test_set() -> tuple[torch.Tensor, torch.Tensor]:
    """The 600 test images of models/digits and their labels."""
    _, _, pixels, labels = split()
    return torch.from_numpy(to_input(pixels)), torch.from_numpy(labels)


@cache
def _training_set() -> tuple[torch.Tensor, torch.Tensor]:
    """The 1,197 training images, each shifted in nine ways, in an order of which every beginning is a
    stratified sample; cut to whole batches."""
    pixels, labels, _, _ = split()
    views = shifted(to_input(pixels))
    images, targets = views.flatten(0, 1), np.tile(labels, len(views))
    order = stratified_order(targets, SEED)[: ALL_BATCHES * BATCH]
    return images[torch.from_numpy(order)], torch.from_numpy(targets[order])


def stratified_order(labels: np.ndarray, seed: int) -> np.ndarray:
    """A random order of which every beginning has each label in proportion, to about one image."""
    random = np.random.default_rng(seed)
    place = np.empty(len(labels))
    for label in np.unique(labels):
        members = random.permutation(np.flatnonzero(labels == label))
        place[members] = (np.arange(len(members)) + random.random()) / len(members)
    return np.argsort(place, kind="stable")
