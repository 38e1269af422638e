"""The whole training told from first epochs, beside what it took in truth."""

from __future__ import annotations

from dataclasses import dataclass

import wattfor
from plan import Plan, Runs
from training import Training


@dataclass(frozen=True)
class Prediction:
    """What `wattfor.extrapolate` answered, and the energy of the whole training as it was run."""

    model: str
    first_epochs: int
    shares: tuple[float, ...]  # of the data, that were seen
    answer: wattfor.Extrapolation
    truth_j: float
    is_warned_of: bool  # wattfor warns of the truth, or of a run that was seen

    @property
    def error(self) -> float | None:
        """By what share of the truth the figure is off; None of a bracket, which is two figures."""
        return None if self.answer.is_bracket else self.answer.joules / self.truth_j - 1.0

    @property
    def comparison_interval(self) -> wattfor.Interval | None:
        """95 %, without what the truth is off by as well, as the same sensors or the same model of
        this machine gave both: the one to judge by. Of a bracket from the lower end of the one to the
        upper end of the other."""
        alone = (self.answer.startup_alone, self.answer.data_alone)
        if None in alone:
            return self.answer.comparison_interval
        ends = [each.comparison_interval for each in alone if each and each.comparison_interval]
        if len(ends) < 2:
            return None
        return wattfor.Interval(min(end.low for end in ends), max(end.high for end in ends))

    @property
    def holds_truth(self) -> bool | None:
        """Whether the truth is inside of `comparison_interval`; None where there is none."""
        return _holds(self.comparison_interval, self.truth_j)

    @property
    def absolute_holds_truth(self) -> bool | None:
        """Likewise of the absolute 95 % interval."""
        return _holds(self.answer.interval, self.truth_j)


def _holds(interval: wattfor.Interval | None, joules: float) -> bool | None:
    return None if interval is None else interval.low <= joules <= interval.high


def predictions(plan: Plan, runs: Runs) -> list[Prediction]:
    """For each model and number of first epochs: from each share alone, then from all of them."""
    return [
        predict(model, epochs, shares, plan, runs)
        for model in plan.models
        for epochs in sorted(set(plan.first_epochs))
        for shares in _views(plan.seen_shares())
    ]


def predict(
    model: str, epochs: int, shares: tuple[float, ...], plan: Plan, runs: Runs
) -> Prediction:
    """From the runs of `epochs` on these shares, and nothing else."""
    seen = [runs[Training(model, share, epochs)] for share in shares]
    truth = runs[Training(model, 1.0, plan.epochs)]
    answer = wattfor.extrapolate(seen, epochs=plan.epochs, fraction=1.0)
    is_warned_of = any(run.warnings for run in (*seen, truth))
    return Prediction(model, epochs, shares, answer, truth.energy.joules, is_warned_of)


def _views(shares: list[float]) -> list[tuple[float, ...]]:
    alone: list[tuple[float, ...]] = [(share,) for share in shares]
    return alone if len(shares) == 1 else [*alone, tuple(shares)]
