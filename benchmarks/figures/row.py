"""The line of the table that every figure ends in."""

from dataclasses import dataclass


@dataclass
class Row:
    """`wanted` is empty where a figure stands beside the others for comparison only."""

    figure: str
    measured: str
    wanted: str
    peer: str
    kept: bool = True

    def mark(self) -> str:
        if not self.wanted:
            return ""
        return "ok" if self.kept else "MISS"


def table(rows: list[Row]) -> str:
    figure, measured, wanted = (
        max((len(getattr(row, key)) for row in rows), default=0) for key in ("figure", "measured", "wanted")
    )
    return "".join(
        f"{row.mark():<4} {row.figure:<{figure}}  {row.measured:>{measured}}  "
        f"{row.wanted:<{wanted}}  {row.peer}".rstrip() + "\n"
        for row in rows
    )
