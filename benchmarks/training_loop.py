"""Trains a digits model on the CPU, metered or not: training_loop.py CONTENDER EPOCHS

CONTENDER is `alone`, `wattfor` (track() with an epoch each, at its default of 10 Hz) or `codecarbon` (its
tracker at its defaults, offline, nothing kept). Prints the seconds that the training took, the first
epoch's begin to the last one's end, and the processor's.

Debian's PyTorch: this runs in /usr/bin/python3, with $PEER_PACKAGES, the meters' packages, behind its own.
"""

import contextlib
import json
import os
import sys
import tempfile
import time
from pathlib import Path

import torch
from torch.nn import functional

ROOT = Path(__file__).resolve().parent.parent
sys.path.append(str(ROOT / "models/digits"))
sys.path += [folder for folder in os.environ.get("PEER_PACKAGES", "").split(":") if folder]

from architectures import DESIGNS  # noqa: E402
from data import read_test_images  # noqa: E402

MODEL = "digits_lenet_s"
BATCH = 64


class Alone:
    """The loop with nothing around it."""

    def __enter__(self):
        return self

    def __exit__(self, *error) -> None:
        pass

    def epoch(self):
        return contextlib.nullcontext()


class CodeCarbon(Alone):
    def __enter__(self):
        from codecarbon import OfflineEmissionsTracker

        self.tracker = OfflineEmissionsTracker(
            country_iso_code="FRA", save_to_file=False, save_to_api=False,
            allow_multiple_runs=True, log_level="error",
        )  # fmt: skip
        self.tracker.start()
        return self

    def __exit__(self, *error) -> None:
        self.tracker.stop()


def meter_of(name: str, folder: str):
    if name == "wattfor":
        import wattfor

        return wattfor.track("digits", db=f"{folder}/wattfor.db")
    return {"alone": Alone, "codecarbon": CodeCarbon}[name]()


def main(contender: str, epochs: int) -> None:
    torch.manual_seed(0)
    torch.set_num_threads(1)
    images, labels = read_test_images(ROOT / "models/digits/test_images.csv")
    inputs, targets = torch.from_numpy(images), torch.from_numpy(labels)
    model = DESIGNS[MODEL].build()
    optimiser = torch.optim.SGD(model.parameters(), lr=0.01)
    with tempfile.TemporaryDirectory() as folder, meter_of(contender, folder) as meter:
        begin, cpu = time.perf_counter(), time.process_time()
        for _ in range(epochs):
            with meter.epoch():
                for chosen in torch.randperm(len(targets)).split(BATCH):
                    loss = functional.cross_entropy(model(inputs[chosen]), targets[chosen])
                    optimiser.zero_grad()
                    loss.backward()
                    optimiser.step()
        took = {"elapsed_s": time.perf_counter() - begin, "cpu_s": time.process_time() - cpu}
    print(json.dumps(took))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
