"""Train the digits classifiers and export each to ONNX. Run by hand; see README.md.

OPENBLAS_NUM_THREADS=1 python train.py [NAME...]    all models, or the named ones
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from architectures import DESIGNS
from data import IMAGE_SIZE, split, to_input, write_test_images

HERE = Path(__file__).resolve().parent
SEED = 0
EPOCHS = 60
BATCH = 64
PEAK_RATE = 2e-3
OPSET = 13


def shifted(images: np.ndarray) -> Tensor:
    """Return the nine shifts of every image by -1, 0 or 1 pixel: [9, n, 1, 8, 8]."""
    padded = np.pad(images, ((0, 0), (0, 0), (1, 1), (1, 1)))
    crops = [
        padded[:, :, top : top + IMAGE_SIZE, left : left + IMAGE_SIZE]
        for top in range(3)
        for left in range(3)
    ]
    return torch.from_numpy(np.stack(crops))


def train(model: nn.Module, images: np.ndarray, labels: np.ndarray) -> None:
    """Fit `model` in place; every image of every epoch is shifted at random."""
    views, targets = shifted(images), torch.from_numpy(labels)
    steps = EPOCHS * (len(targets) // BATCH)
    optimiser = torch.optim.AdamW(model.parameters(), lr=PEAK_RATE, weight_decay=0.05)
    # Warm-up keeps the transformers stable; the cosine ends at zero.
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, PEAK_RATE, total_steps=steps, pct_start=0.1, cycle_momentum=False
    )
    model.train()
    for _ in range(EPOCHS):
        # The incomplete last batch is dropped: batch normalisation is noisy on few images.
        order = torch.randperm(len(targets))[: len(targets) // BATCH * BATCH]
        shifts = torch.randint(len(views), (len(order),))
        for chosen, shift in zip(order.split(BATCH), shifts.split(BATCH), strict=True):
            logits = model(views[shift, chosen])
            loss = functional.cross_entropy(logits, targets[chosen], label_smoothing=0.1)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()


def export(model: nn.Module, path: Path) -> None:
    """Write `model` as ONNX with a free batch: `x` [batch, 1, 8, 8] to `logits` [batch, 10]."""
    torch.onnx.export(
        model.eval(),
        torch.zeros(2, 1, IMAGE_SIZE, IMAGE_SIZE),
        str(path),
        opset_version=OPSET,
        do_constant_folding=True,
        input_names=["x"],
        output_names=["logits"],
        dynamic_axes={"x": {0: "batch"}, "logits": {0: "batch"}},
    )


def main(names: list[str]) -> int:
    unknown = sorted(set(names) - DESIGNS.keys())
    if unknown:
        print(f"train.py: no such model: {', '.join(unknown)}", file=sys.stderr)
        return 2
    torch.use_deterministic_algorithms(True)
    torch.set_num_threads(1)  # more would add up in another order, and are slower this small
    train_pixels, train_labels, _, _ = split()
    write_test_images(HERE / "test_images.csv")
    for name in names or DESIGNS:
        started = time.monotonic()
        torch.manual_seed(SEED)  # each model alone, so that it does not matter which were before
        model = DESIGNS[name].build()
        train(model, to_input(train_pixels), train_labels)
        export(model, HERE / f"{name}.onnx")
        print(f"{name}: {time.monotonic() - started:.0f} s", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
