"""What came out, as tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import wattfor
from linearity import Line, error_of_proportion, fitted_line, relative_spread, running_sum
from plan import Plan, Runs
from prediction import Prediction
from result_table import Column, ResultTable
from training import Training

MEANING = {
    "measured": "The energies are measured, by this machine's sensors: of all that ran on it.",
    "modelled": (
        "The energies are modelled, as no power sensor can be read here: so many watts for the memory "
        "and the idle processor at all times, and so many more while the processor computes, for whatever "
        "program. The tables therefore show how linear the time is. What they can't show is whether the "
        "power stays the same over the epochs and over the shares of the data: the model has it so."
    ),
    "simulated": (
        "The energies are those of a simulated device, which draws the same power whatever is trained: "
        "they follow the time, and say nothing of this machine."
    ),
}


def epochs_j(run: wattfor.RecordedRun) -> list[float]:
    return [epoch.energy.joules for epoch in run.epochs if epoch.ended]


def meaning(plan: Plan, runs: Runs) -> str:
    """What the figures rest on, by the weakest of the runs'."""
    found = {runs[training].energy.basis for training in plan.trainings()}
    return next(MEANING[basis] for basis in ("simulated", "modelled", "measured") if basis in found)


def caution(plan: Plan, runs: Runs) -> str:
    """How many of the runs wattfor warns of: other programs, heat, gaps. Empty where there are none."""
    warned = [runs[training] for training in plan.trainings() if runs[training].warnings]
    if not warned:
        return ""
    return (
        f"wattfor warns of {len(warned)} of these {len(plan.trainings())} runs, as of {warned[0].name}: "
        f"{warned[0].warnings[0]}. `wattfor runs NAME` shows the others'. What other programs take while "
        "one run goes on and not while another does is beyond any prediction."
    )


def whole_trainings(plan: Plan, runs: Runs) -> ResultTable:
    table = ResultTable(
        f"The whole trainings: {plan.epochs} epochs on all the data",
        [
            Column("model", for_csv="model"),
            Column("energy", "{:.1f} J", "energy_j"),
            Column("95 %, low", "{:.1f} J", "energy_low_j"),
            Column("95 %, high", "{:.1f} J", "energy_high_j"),
            Column("basis", for_csv="basis"),
            Column("time", "{:.1f} s", "duration_s"),
            Column("accuracy", "{:.1%}", "accuracy"),
            Column("SAM", "{:.3f}", "sam"),
        ],
    )
    undefined = set()
    for model in plan.models:
        run = runs[Training(model, 1.0, plan.epochs)]
        energy, sam = run.energy, run.sam()
        low, high = (energy.interval.low, energy.interval.high) if energy.interval else (None, None)
        table.rows.append(
            (model, energy.joules, low, high, energy.basis, energy.duration_s, run.accuracy, sam.value)
        )
        if not sam:
            undefined.add(str(sam))
    table.notes += sorted(undefined)
    return table


def linearities(plan: Plan, runs: Runs) -> ResultTable:
    least, shares = plan.all_shares()[0], plan.all_shares()
    part = f"{100.0 * least:g} %"
    table = ResultTable(
        f"Two linearities, over {plan.epochs} epochs and over {len(shares)} shares of the data",
        [
            Column("model", for_csv="model"),
            Column(f"R² over epochs, {part}", "{:.5f}", "r2_epochs_least_share"),
            Column("epochs vary by", "{:.1%}", "epoch_spread_least_share"),
            Column("R² over epochs, all data", "{:.5f}", "r2_epochs_all_data"),
            Column("epochs vary by", "{:.1%}", "epoch_spread_all_data"),
            Column("R² over shares", "{:.5f}", "r2_shares"),
            Column("line at no data", "{:.2f} J", "shares_intercept_j"),
            Column(f"{part} in proportion", "{:+.1%}", "error_of_proportion"),
        ],
        notes=[
            "Over epochs: the energy used by the end of each, a running sum, whose R² is near 1 for any "
            "epochs that are alike; by how much they differ (standard deviation) says more. "
            f"“{part} in proportion”: how far off the whole training one is who takes that of {part} of "
            f"the data times {1.0 / least:g}.",
        ],
    )
    for model in plan.models:
        row: list[str | float | None] = [model]
        for share in (least, 1.0):
            each = epochs_j(runs[Training(model, share, plan.epochs)])
            line = fitted_line(range(1, len(each) + 1), running_sum(each))
            row += [_r_squared(line), relative_spread(each)]
        used = [runs[Training(model, share, plan.epochs)].energy.joules for share in shares]
        line = fitted_line(shares, used)
        row += [_r_squared(line), None if line is None else line.intercept]
        table.rows.append([*row, error_of_proportion(least, used[0], used[-1])])
    return table


def _r_squared(line: Line | None) -> float | None:
    return None if line is None else line.r_squared


def single_shares(predictions: Iterable[Prediction], plan: Plan) -> ResultTable:
    """From one share of the data alone: the brackets."""
    table = ResultTable(
        f"The whole training ({plan.epochs} epochs, all the data) from first epochs on one share alone",
        [
            Column("model", for_csv="model"),
            Column("first epochs", for_csv="first_epochs"),
            Column("data", "{:.1%}", "data_fraction"),
            Column("all to start an epoch", "{:.1f} J", "startup_alone_j"),
            Column("all for the data", "{:.1f} J", "data_alone_j"),
            Column("truth", "{:.1f} J", "truth_j"),
            Column("in proportion, off by", "{:+.1%}", "data_alone_error"),
            Column("bracket holds the truth", for_csv="holds_truth"),
        ],
    )
    for each in predictions:
        startup, data = each.answer.startup_alone, each.answer.data_alone
        if len(each.shares) == 1 and startup and data:
            off = data.joules / each.truth_j - 1.0
            figures = (startup.joules, data.joules, each.truth_j, off, each.holds_truth)
            table.rows.append((each.model, each.first_epochs, each.shares[0], *figures))
    return table


def several_shares(predictions: Iterable[Prediction], plan: Plan) -> ResultTable:
    """From first epochs on several shares of the data together: a figure."""
    seen = " and ".join(f"{100.0 * share:g} %" for share in plan.seen_shares())
    table = ResultTable(
        f"The whole training ({plan.epochs} epochs, all the data) from first epochs on {seen}",
        [
            Column("model", for_csv="model"),
            Column("first epochs", for_csv="first_epochs"),
            Column("predicted", "{:.1f} J", "predicted_j"),
            Column("95 %, low", "{:.1f} J", "comparison_low_j"),
            Column("95 %, high", "{:.1f} J", "comparison_high_j"),
            Column("truth", "{:.1f} J", "truth_j"),
            Column("off by", "{:+.1%}", "error"),
            Column("holds the truth", for_csv="holds_truth"),
            Column("absolute too", for_csv="absolute_holds_truth"),
            Column("warned of", for_csv="warned_of"),
        ],
    )
    together = [each for each in predictions if len(each.shares) > 1]
    for each in together:
        interval = each.comparison_interval
        low, high = (interval.low, interval.high) if interval else (None, None)
        figures = (each.answer.joules, low, high, each.truth_j, each.error)
        holds = (each.holds_truth, each.absolute_holds_truth)
        table.rows.append((each.model, each.first_epochs, *figures, *holds, each.is_warned_of))
    if together:
        table.notes.append(
            "The interval is that for comparing figures of the same sensors, as the truth is one of "
            "theirs; the absolute one also has all that they and the truth are off by together, and is "
            "wider. “Warned of”: wattfor has a warning beside one of the runs that it rests on, or beside "
            "the truth; of the shortest runs it can't tell what else computed."
        )
    return table


def verdict(predictions: Sequence[Prediction]) -> str:
    """How many of the intervals hold the truth."""
    several = [each for each in predictions if len(each.shares) > 1]
    parts = [
        f"{sum(each.holds_truth is True for each in wanted)} of {len(wanted)} {what}"
        for what, wanted in (
            ("brackets of one share", [each for each in predictions if each.answer.is_bracket]),
            ("intervals of several shares", several),
            ("of these that no warning is beside", [each for each in several if not each.is_warned_of]),
        )
        if wanted
    ]
    return f"The truth lies in {', '.join(parts)}." if parts else "Nothing was predicted."
