"""A table for the terminal, a Markdown file, a CSV file and a notebook."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

Cell = str | float | bool | None  # a number is a number in the CSV; None is an empty cell


@dataclass(frozen=True)
class Column:
    name: str
    pattern: str = "{}"  # how a value is shown, as str.format has it
    for_csv: str = ""  # the name with its unit; without one the column is not in the CSV


@dataclass
class ResultTable:
    title: str
    columns: Sequence[Column]
    rows: list[Sequence[Cell]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        """Markdown that lines up, and so is read in a terminal, too."""
        shown = [
            [_shown(column, cell) for column, cell in zip(self.columns, row, strict=True)]
            for row in self.rows
        ]
        heads = [column.name for column in self.columns]
        widths = [max(map(len, column)) for column in zip(heads, *shown, strict=True)]
        # The first column is a name; the others are figures, which line up at the right.
        rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
        lines = ["| " + " | ".join(_aligned(row, widths)) + " |" for row in (heads, rule, *shown)]
        return "\n".join([f"**{self.title}**", "", *lines, *(f"\n{note}" for note in self.notes)])

    def _repr_markdown_(self) -> str:
        return str(self)

    def write_csv(self, path: Path) -> None:
        """Numbers in full; what is not known is an empty field."""
        kept = [i for i, column in enumerate(self.columns) if column.for_csv]
        with path.open("w", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow([self.columns[i].for_csv for i in kept])
            writer.writerows([row[i] for i in kept] for row in self.rows)


def _shown(column: Column, cell: Cell) -> str:
    if cell is None:
        return "–"
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    return column.pattern.format(cell).replace("%", " %")


def _aligned(row: Sequence[str], widths: Sequence[int]) -> list[str]:
    return [row[0].ljust(widths[0]), *(cell.rjust(w) for cell, w in zip(row[1:], widths[1:]))]
