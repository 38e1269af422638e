"""Trains a digits model on the CPU, round after round: training_loop.py EPOCHS CONTENDER…

CONTENDER is `alone`, `again` (the same), `wattfor` (track() with an epoch each, at its default of 10 Hz) or
`codecarbon` (its tracker at its defaults, offline, nothing kept). A round trains each once, in an order that
rotates, in this one process: what differs between two processes (where memory lies) differs between none here.
For each line on standard input a round; its answer is the contenders' seconds in a line of JSON, of the epochs
alone: meters are started before and stopped after, so that none runs beside another contender.

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


@contextlib.contextmanager
def alone(folder: str):
    yield contextlib.nullcontext


@contextlib.contextmanager
def wattfor(folder: str):
    import wattfor

    with wattfor.track("digits", db=f"{folder}/wattfor.db") as run:
        yield run.epoch
    del run
    wattfor.configure()  # the next contender's time is without the meter


@contextlib.contextmanager
def codecarbon(folder: str):
    from codecarbon import OfflineEmissionsTracker

    tracker = OfflineEmissionsTracker(
        country_iso_code="FRA", save_to_file=False, save_to_api=False,
        allow_multiple_runs=True, log_level="error",
    )  # fmt: skip
    tracker.start()
    yield contextlib.nullcontext
    tracker.stop()


CONTENDERS = {"alone": alone, "again": alone, "wattfor": wattfor, "codecarbon": codecarbon}


class Training:
    def __init__(self) -> None:
        torch.manual_seed(0)
        torch.set_num_threads(1)
        images, labels = read_test_images(ROOT / "models/digits/test_images.csv")
        self.inputs, self.targets = torch.from_numpy(images), torch.from_numpy(labels)
        self.model = DESIGNS[MODEL].build()
        self.optimiser = torch.optim.SGD(self.model.parameters(), lr=0.01)

    def train(self, epochs: int, epoch) -> float:
        """Seconds."""
        begin = time.perf_counter()
        for _ in range(epochs):
            with epoch():
                for chosen in torch.randperm(len(self.targets)).split(BATCH):
                    loss = functional.cross_entropy(self.model(self.inputs[chosen]), self.targets[chosen])
                    self.optimiser.zero_grad()
                    loss.backward()
                    self.optimiser.step()
        return time.perf_counter() - begin


def main(epochs: int, names: list[str]) -> None:
    training = Training()
    training.train(epochs, contextlib.nullcontext)  # caches, and the processor's clock
    with tempfile.TemporaryDirectory() as folder:
        for number, _ in enumerate(sys.stdin):
            took = {}
            for name in names[number % len(names) :] + names[: number % len(names)]:
                with CONTENDERS[name](folder) as epoch:
                    took[name] = training.train(epochs, epoch)
            print(json.dumps(took), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
