"""Check every digits model against models.csv and accuracy.csv, through ONNX Runtime.

python evaluate.py [FOLDER]    default: the folder of this file

Needs only numpy and onnxruntime. Exit status 0: all agree; 1: something does not.
"""

from __future__ import annotations

import csv
import sys
from dataclasses import dataclass
from math import prod
from pathlib import Path

import numpy as np
import onnxruntime

from data import IMAGE_SIZE, read_test_images
from initialisers import float_shapes

TEST_SET = "digits-test"
BATCHES = (64, 1)  # 600 images leave a last batch of 24: three batch sizes in all
# Rounding differs between batch sizes in the last bits of logits of about 1 to 10.
LOGIT_TOLERANCE = 1e-3

Rows = dict[str, dict[str, str]]


@dataclass(frozen=True)
class Score:
    """How many images have their label as the largest logit, and among the five largest."""

    top1: int
    top5: int


def predict(path: Path, images: np.ndarray, batch: int) -> np.ndarray:
    """Run `images` [n, 1, 8, 8] in batches on one CPU thread; return logits [n, 10]."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    parts = range(0, len(images), batch)
    return np.concatenate([session.run(None, {"x": images[at : at + batch]})[0] for at in parts])


def score(logits: np.ndarray, labels: np.ndarray) -> Score:
    """Count the right answers; of equal logits the lower class goes first."""
    ranked = np.argsort(-logits, axis=1, kind="stable")
    right = ranked == labels[:, None]
    return Score(int(right[:, :1].sum()), int(right[:, :5].sum()))


def percent(right: int, count: int) -> str:
    """Spell an accuracy as the tables do."""
    return f"{100 * right / count:.4f}"


def read_rows(path: Path) -> Rows:
    """Read a CSV table as a row per model; a model named twice is an error."""
    rows: Rows = {}
    with path.open(newline="") as file:
        for row in csv.DictReader(file):
            if row["model"] in rows:
                raise ValueError(f"{path.name}: two rows for {row['model']}")
            rows[row["model"]] = row
    return rows


def differences(expected: dict[str, str], found: dict[str, str], table: str) -> list[str]:
    """Say where a table's row differs from what was found."""
    return [
        f"{table}: {column}: expected {expected.get(column)}, found {value}"
        for column, value in found.items()
        if expected.get(column) != value
    ]


def check_parameters(path: Path, stated: int) -> list[str]:
    """Compare the stated parameters with the file's weights.

    Folding a batch normalisation into its convolution turns a scale and a shift per channel into
    one bias, so the file may have fewer values than were trained: by one per bias at most.
    Single values are constants of the graph (a scale, an epsilon), no weights.
    """
    weights = [dims for dims in float_shapes(path) if prod(dims) > 1]
    least = sum(prod(dims) for dims in weights)
    most = least + sum(prod(dims) for dims in weights if len(dims) == 1)
    if least <= stated <= most:
        return []
    return [f"models.csv: parameters: expected {stated}, found {least} to {most} in the file"]


def check_model(
    path: Path, images: np.ndarray, labels: np.ndarray, model: dict[str, str], row: dict[str, str]
) -> list[str]:
    """Return what is wrong with one model: its two rows against its file."""
    logits = {batch: predict(path, images, batch) for batch in BATCHES}
    reference = logits[BATCHES[0]]
    if reference.shape != (len(images), 10) or not np.isfinite(reference).all():
        return [f"expected finite logits ({len(images)}, 10), found {reference.shape}"]
    faults = []
    for batch in BATCHES:
        found = score(logits[batch], labels)
        top1, top5 = percent(found.top1, len(labels)), percent(found.top5, len(labels))
        stated = {"test_set": TEST_SET, "input_size": str(IMAGE_SIZE)}
        stated |= {"top1_percent": top1, "top5_percent": top5}
        faults += differences(row, stated, f"accuracy.csv, batch {batch}")
    gap = float(np.abs(logits[BATCHES[1]] - reference).max())
    if not gap <= LOGIT_TOLERANCE:
        faults.append(f"logits differ by {gap:.1e} between batches {BATCHES[0]} and {BATCHES[1]}")
    top1 = percent(score(reference, labels).top1, len(labels))
    stated = {"input_size": str(IMAGE_SIZE), "test_accuracy_percent": top1}
    faults += differences(model, stated, "models.csv")
    return faults + check_parameters(path, int(model["parameters"]))


def main(arguments: list[str]) -> int:
    folder = Path(arguments[0]) if arguments else Path(__file__).resolve().parent
    images, labels = read_test_images(folder / "test_images.csv")
    models = read_rows(folder / "models.csv")
    accuracies = read_rows(folder / "accuracy.csv")
    files = {path.stem: path for path in folder.glob("*.onnx")}
    failed = 0
    for name in sorted(files.keys() | models.keys() | accuracies.keys()):
        places = {
            ".onnx file": files,
            "row in models.csv": models,
            "row in accuracy.csv": accuracies,
        }
        faults = [f"no {place}" for place, held in places.items() if name not in held]
        if not faults:
            try:
                faults = check_model(files[name], images, labels, models[name], accuracies[name])
            except Exception as error:  # ONNX Runtime's errors have no narrower class in common
                faults = [f"cannot be checked: {error}"]
        for fault in faults:
            print(f"FAIL {name}: {fault}")
        if not faults:
            row = accuracies[name]
            print(f"ok   {name}: top-1 {row['top1_percent']} %, top-5 {row['top5_percent']} %")
        failed += bool(faults)
    if not files:
        print(f"FAIL no .onnx file in {folder}")
        return 1
    print(f"{len(files)} models on {len(labels)} images: {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
