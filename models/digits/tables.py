"""Write models.csv, accuracy.csv and README.md's table from the exported files.

Run by hand after train.py, in the same environment; see README.md.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

from architectures import DESIGNS
from data import IMAGE_SIZE, read_test_images
from evaluate import BATCHES, TEST_SET, percent, predict, score
from macs import count_macs

HERE = Path(__file__).resolve().parent
BEGIN, END = "<!-- table: begin -->", "<!-- table: end -->"

MODEL_COLUMNS = "model,input_size,class,year,parameters,macs,test_accuracy_percent".split(",")
ACCURACY_COLUMNS = "model,input_size,test_set,top1_percent,top5_percent".split(",")

Row = dict[str, object]


def describe(name: str) -> Row:
    """Measure one exported model: every column of both tables."""
    path = HERE / f"{name}.onnx"
    design = DESIGNS[name]
    images, labels = read_test_images(HERE / "test_images.csv")
    right = score(predict(path, images, BATCHES[0]), labels)
    top1 = percent(right.top1, len(labels))
    return {
        "model": name,
        "input_size": IMAGE_SIZE,
        "class": design.kind,
        "year": design.year,
        "parameters": sum(weight.numel() for weight in design.build().parameters()),
        "macs": count_macs(path),
        "test_accuracy_percent": top1,
        "test_set": TEST_SET,
        "top1_percent": top1,
        "top5_percent": percent(right.top5, len(labels)),
    }


def write_csv(path: Path, columns: list[str], rows: list[Row]) -> None:
    """Write the given columns of the rows."""
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, columns, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def markdown(rows: list[Row]) -> str:
    """Spell the rows as README.md's table."""
    lines = [
        "| model | class | year | parameters | MACs | top-1 (%) | top-5 (%) |",
        "| --- | --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    for row in rows:
        lines.append(
            f"| `{row['model']}` | {row['class']} | {row['year']} | {row['parameters']:,} "
            f"| {row['macs']:,} | {row['top1_percent']} | {row['top5_percent']} |"
        )
    return "\n".join(lines)


def main() -> int:
    rows = [describe(name) for name in DESIGNS]
    write_csv(HERE / "models.csv", MODEL_COLUMNS, rows)
    write_csv(HERE / "accuracy.csv", ACCURACY_COLUMNS, rows)
    readme = HERE / "README.md"
    before, rest = readme.read_text().split(BEGIN)
    after = rest.split(END)[1]
    readme.write_text(f"{before}{BEGIN}\n{markdown(rows)}\n{END}{after}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
