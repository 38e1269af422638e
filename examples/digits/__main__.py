"""The command line of the example: `python examples/digits --help`."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from plan import Plan, Runs

HELP = """\
Trains six small image classifiers on 1, 10, 20, 50 and 100 % of the data, shows that energy is linear in
the epochs and in the share of the data, and predicts the whole trainings from their first epochs at 1 and
10 %, beside what they took. All of it through the Python package wattfor (training.py has the lines).
"""

EXAMPLES = """\
examples:
  python examples/digits                                    some minutes, results in digits-energy/
  python examples/digits --models digits_lenet_s --epochs 5          one model, and shorter
  python examples/digits --first-epochs 1,3 --first-shares 10,20     predicted from other beginnings
  WATTFOR_SIMULATE=board.json python examples/digits        on a simulated device (docs/simulation.md)

Interrupted (Ctrl-C), it goes on where it was when it is started again: trainings that the store has are
not repeated. They are found by model, share of the data and number of epochs; --db or --out with another
name begins anew.

exit status: 0 done; 1 no energy could be had; 2 a wrong word; 130 interrupted
"""


def main(words: list[str]) -> int:
    parser = _parser()
    given = parser.parse_args(words)
    if given.simulate is not None:
        os.environ["WATTFOR_SIMULATE"] = str(given.simulate)
    # PyTorch is imported here: --help needs none.
    from models import DESIGNS
    from plan import Plan, run_all

    chosen = {name: value for name, value in vars(given).items() if name in Plan.__dataclass_fields__}
    plan = Plan(**{name: value for name, value in chosen.items() if value is not None})
    unknown = [name for name in plan.models if name not in DESIGNS]
    if unknown:
        parser.error(f"no such model: {', '.join(unknown)}; there are {', '.join(DESIGNS)}")
    longest = max(plan.first_epochs)
    if longest > plan.epochs:
        parser.error(f"--first-epochs: the whole training has {plan.epochs}, found {longest}")
    given.out.mkdir(parents=True, exist_ok=True)
    db = given.db or Path(os.environ.get("WATTFOR_DB") or given.out / "wattfor.db")
    try:
        runs = run_all(plan, db, say=_say)
    except KeyboardInterrupt:
        _say(f"interrupted; what had ended is in {db}: the same words go on from there")
        return 130
    _report(plan, runs, given.out)
    return 0


def _report(plan: Plan, runs: Runs, out: Path) -> None:
    import results
    from figures import draw
    from prediction import predictions

    predicted = predictions(plan, runs)
    tables = {
        "whole": results.whole_trainings(plan, runs),
        "linearity": results.linearities(plan, runs),
        "one-share": results.single_shares(predicted, plan),
        "predictions": results.several_shares(predicted, plan),
    }
    tables = {name: table for name, table in tables.items() if table.rows}
    parts = [
        results.meaning(plan, runs),
        results.caution(plan, runs),
        *map(str, tables.values()),
        results.verdict(predicted),
    ]
    text = "\n\n".join(filter(None, parts))
    (out / "results.md").write_text(text + "\n")
    for name, table in tables.items():
        table.write_csv(out / f"{name}.csv")
    written = ["results.md", *(f"{name}.csv" for name in tables)]
    without = ""
    try:
        written += [picture.path.name for picture in draw(plan, runs, out)]
    except ImportError:
        without = "; no pictures, as they need matplotlib (Debian: python3-matplotlib)"
    _say(f"\n{text}\n")
    _say(f"written to {out}: {', '.join(written)}{without}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python examples/digits",
        description=HELP,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--models", type=_names, metavar="NAME,…", help="of models/digits; six of them without")
    add("--epochs", type=_epochs, metavar="N", help="of the whole training (20)")
    add(
        "--shares", type=_shares, metavar="PERCENT,…",
        help="of the data, that the whole trainings use (1,10,20,50,100); 100 is always one of them. "
        "A share is rounded to whole batches, of which all the data have 500",
    )  # fmt: skip
    add("--first-epochs", type=_each_epochs, metavar="N,…", help="to predict from (1,2,5)")
    add("--first-shares", type=_shares, metavar="PERCENT,…", help="to predict from (1,10)")
    add(
        "--out", type=Path, metavar="FOLDER", default=Path("digits-energy"),
        help="tables and pictures (digits-energy)",
    )  # fmt: skip
    add("--db", type=Path, metavar="FILE", help="the store; $WATTFOR_DB, else wattfor.db in FOLDER")
    add(
        "--simulate", type=_file, metavar="FILE",
        help="measure this simulated device in the place of the machine; $WATTFOR_SIMULATE",
    )  # fmt: skip
    return parser


def _say(line: str) -> None:
    print(line, flush=True)


def _names(text: str) -> list[str]:
    names = list(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))
    if not names:
        raise argparse.ArgumentTypeError("expected names with commas between")
    return names


def _epochs(text: str) -> int:
    if not text.strip().isdecimal() or not 1 <= int(text) <= 10_000:
        raise argparse.ArgumentTypeError(f"expected 1 to 10000 epochs, found {text!r}")
    return int(text)


def _each_epochs(text: str) -> list[int]:
    return [_epochs(each) for each in text.split(",")]


def _shares(text: str) -> list[float]:
    try:
        percents = [float(each.strip().removesuffix("%")) for each in text.split(",")]
    except ValueError:
        percents = []
    if not percents or not all(0.0 < each <= 100.0 for each in percents):
        raise argparse.ArgumentTypeError(
            f"expected percentages above 0 up to 100 with commas between, found {text!r}"
        )
    return [each / 100.0 for each in percents]


def _file(text: str) -> Path:
    if not Path(text).is_file():
        raise argparse.ArgumentTypeError(f"no such file: {text}")
    return Path(text)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
