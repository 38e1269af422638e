"""The digits data set, its one fixed split, and the test split as a plain file."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

IMAGE_SIZE = 8  # pixels, both ways
PIXEL_MAX = 16.0  # the data set's pixels are whole numbers 0..16
TEST_COUNT = 600  # the last images of the data set, in its own order


def split() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return train pixels, train labels, test pixels, test labels.

    Pixels are float32 0..16, shape [n, 64]; labels are int64 0..9, shape [n].

    The split is by position, without shuffling: neighbours in the file tend to come from the same
    writer, so a shuffled split would test on handwriting that was seen in training.
    """
    from sklearn.datasets import load_digits

    pixels, labels = load_digits(return_X_y=True)
    pixels, labels = pixels.astype(np.float32), labels.astype(np.int64)
    cut = len(labels) - TEST_COUNT
    return pixels[:cut], labels[:cut], pixels[cut:], labels[cut:]


def to_input(pixels: np.ndarray) -> np.ndarray:
    """Turn pixels 0..16, shape [n, 64], into a model's input: 0..1, shape [n, 1, 8, 8]."""
    return (pixels / PIXEL_MAX).astype(np.float32).reshape(-1, 1, IMAGE_SIZE, IMAGE_SIZE)


def write_test_images(path: Path) -> None:
    """Write the test split as CSV: label, then 64 pixels row by row, one image a line."""
    _, _, pixels, labels = split()
    header = ["label"] + [f"p{i}" for i in range(IMAGE_SIZE * IMAGE_SIZE)]
    with path.open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        for label, row in zip(labels, pixels.astype(int), strict=True):
            writer.writerow([int(label), *row.tolist()])


def read_test_images(path: Path) -> tuple[np.ndarray, np.ndarray]:
    """Read what `write_test_images` wrote: inputs [n, 1, 8, 8] float32 and labels [n] int64."""
    table = np.loadtxt(path, delimiter=",", skiprows=1, dtype=np.int64, ndmin=2)
    return to_input(table[:, 1:]), table[:, 0]
