"""The two linearities as pictures, where matplotlib is there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from linearity import fitted_line, running_sum
from plan import Plan, Runs
from results import epochs_j
from training import Training

Course = tuple[str, Sequence[float], Sequence[float]]  # a model, its x, its joules


@dataclass(frozen=True)
class Picture:
    """A PNG file; a notebook shows it."""

    path: Path

    def _repr_png_(self) -> bytes:
        return self.path.read_bytes()


def draw(plan: Plan, runs: Runs, folder: Path) -> list[Picture]:
    """Both pictures in `folder`. Raises ImportError without matplotlib."""
    least = plan.all_shares()[0]
    basis = runs[Training(plan.models[0], 1.0, plan.epochs)].energy.basis
    over_epochs = [
        (model, range(1, plan.epochs + 1), running_sum(epochs_j(runs[Training(model, least, plan.epochs)])))
        for model in plan.models
    ]
    shares = plan.all_shares()
    over_shares = [
        (
            model,
            [100.0 * share for share in shares],
            [runs[Training(model, share, plan.epochs)].energy.joules for share in shares],
        )
        for model in plan.models
    ]
    return [
        _lines(
            folder / "energy-over-epochs.png",
            f"Energy over epochs, {100.0 * least:g} % of the data",
            "epochs",
            f"energy (J, {basis})",
            over_epochs,
        ),
        _lines(
            folder / "energy-over-shares.png",
            f"Energy of {plan.epochs} epochs over the share of the data",
            "share of the data (%)",
            f"energy (J, {basis})",
            over_shares,
        ),
    ]


def _lines(path: Path, title: str, x_label: str, y_label: str, courses: Sequence[Course]) -> Picture:
    """Points with the line that least squares fit to them."""
    from matplotlib.figure import Figure  # without pyplot, which would look for a screen

    figure = Figure(figsize=(7.0, 4.5), dpi=75, tight_layout=True)
    axes = figure.add_subplot()
    for number, (model, x, y) in enumerate(courses):
        colour, marker = f"C{number % 10}", "os^Dvp*XPh"[number % 10]
        line = fitted_line(x, y)
        label = model if line is None else f"{model}  R² {line.r_squared:.4f}"
        axes.plot(x, y, marker, color=colour, markersize=4, label=label)
        if line is not None:
            ends = [0.0, max(x)]
            axes.plot(ends, [line.at(end) for end in ends], color=colour, linewidth=1)
    axes.set(title=title, xlabel=x_label, ylabel=y_label)
    axes.set_xlim(left=0.0)
    axes.set_ylim(bottom=0.0)
    axes.legend(fontsize="small")
    figure.savefig(path)
    return Picture(path)
