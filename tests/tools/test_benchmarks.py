"""The statistics and the order of the benchmarks."""

import contextlib
import io
import math
import sys
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "benchmarks"))

from figures import overhead  # noqa: E402
from figures.median import median_of, rank_of_interval  # noqa: E402
from figures.overhead import Contender, Run  # noqa: E402
from figures.row import Row, table  # noqa: E402


class MedianInterval(unittest.TestCase):
    def test_ranks_are_those_of_the_binomial_tables(self):
        # Conover, "Practical Nonparametric Statistics": the median at 95 %.
        for count, rank in ((6, 1), (8, 1), (9, 2), (10, 2), (20, 6), (50, 18), (100, 40)):
            self.assertEqual(rank_of_interval(count, 0.95), rank, f"of {count} values")

    def test_the_rank_keeps_the_confidence_and_the_next_one_does_not(self):
        for count in (6, 7, 33, 200):
            k = rank_of_interval(count, 0.95)
            tail = [sum(math.comb(count, i) for i in range(n)) / 2**count for n in (k, k + 1)]
            self.assertLessEqual(2 * tail[0], 0.05)
            self.assertGreater(2 * tail[1], 0.05)

    def test_it_lies_between_order_statistics(self):
        median = median_of([10.0, 1.0, 7.0, 3.0, 5.0, 9.0, 2.0, 8.0, 4.0, 6.0])
        self.assertEqual((median.low, median.value, median.high), (2.0, 5.5, 9.0))
        self.assertEqual(median.half_width(), 3.5)

    def test_one_wild_value_does_not_move_it(self):
        calm = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0]
        self.assertEqual(median_of([*calm[:-1], 1e9]), median_of(calm))

    def test_five_values_have_no_interval(self):
        median = median_of([1.0, 2.0, 3.0, 4.0, 5.0])
        self.assertEqual((median.value, median.half_width()), (3.0, math.inf))


def contender(name: str, most_pairs: int = 200) -> Contender:
    return Contender(name, lambda work: work, most_pairs)


class Rounds(unittest.TestCase):
    def run_with(self, times: dict, contenders: list[Contender]) -> list[str]:
        """Runs that take what `times` says of a contender's n-th one; who ran, in order."""
        order: list[str] = []

        def run(of: Contender) -> Run:
            elapsed = times[of.name](order.count(of.name))
            order.append(of.name)
            return Run(elapsed, elapsed, 0.0)

        with contextlib.redirect_stderr(io.StringIO()):  # its progress
            overhead.compare(contender("alone"), contenders, run)
        return order

    def test_the_order_rotates_from_round_to_round(self):
        steady = {name: lambda n: 1.0 for name in ("alone", "a", "b")}
        order = self.run_with(steady, [contender("a"), contender("b")])
        self.assertEqual(
            order[:9], ["alone", "a", "b", "a", "b", "alone", "b", "alone", "a"]
        )

    def test_a_ratio_is_of_runs_of_one_round(self):
        meter = contender("meter")
        # The machine is half as fast from round 10 on, for both.
        speed = {"alone": lambda n: 1.0 if n < 10 else 2.0,
                 "meter": lambda n: 1.01 if n < 10 else 2.02}  # fmt: skip
        self.run_with(speed, [meter])
        self.assertAlmostEqual(meter.slowdown().value, 0.01)
        self.assertEqual(len(meter.ratios), overhead.FEWEST_PAIRS)

    def test_rounds_end_when_the_interval_is_narrow_enough(self):
        meter = contender("meter")
        # Scattered by 1 % and, from the 20th on, not at all.
        scattered = {"alone": lambda n: 1.0,
                     "meter": lambda n: 1.0 + (0.01 * (-1) ** n if n < 20 else 0.0)}  # fmt: skip
        self.run_with(scattered, [meter])
        self.assertGreater(len(meter.ratios), overhead.FEWEST_PAIRS)
        self.assertLess(len(meter.ratios), 60)
        self.assertLessEqual(meter.slowdown().half_width(), overhead.HALF_WIDTH)

    def test_rounds_end_at_the_latest_with_the_contenders_share(self):
        wild = {"alone": lambda n: 1.0, "slow starter": lambda n: 1.0 + 0.3 * (n % 2)}
        slow = contender("slow starter", most_pairs=40)
        self.run_with(wild, [slow])
        self.assertEqual(len(slow.ratios), 40)


class Table(unittest.TestCase):
    def test_of_nothing_is_empty(self):
        self.assertEqual(table([]), "")

    def test_a_missed_bound_is_marked_and_a_mere_comparison_is_not(self):
        text = table([Row("a", "1", "≤ 2", "", True), Row("b", "3", "≤ 2", "", False),
                      Row("c", "4", "", "beside")])  # fmt: skip
        self.assertEqual([line[:4].strip() for line in text.splitlines()], ["ok", "MISS", ""])


if __name__ == "__main__":
    unittest.main()
