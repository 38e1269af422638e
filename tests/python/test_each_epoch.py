import unittest

import wattfor
from support import TrackingCase, warnings_of, work


class EachEpochTest(TrackingCase):
    def course(self, run: wattfor.Run) -> list[tuple[int, bool]]:
        return [(epoch.number, epoch.ended) for epoch in run.epochs]

    def test_what_is_done_with_each_item_is_an_epoch(self):
        with self.tracked() as run:
            items = []
            for item in run.each_epoch(range(30, 33)):
                items.append(item)
                work(0.03)
        self.assertEqual(items, [30, 31, 32])
        self.assertEqual(self.course(run), [(1, True), (2, True), (3, True)])
        self.assertGreater(run.epochs[0].energy.joules, 0)

    def test_taking_the_next_item_lies_between_two_epochs(self):
        opened = []

        def slices():
            for number in range(2):
                opened.append([epoch.ended for epoch in run.epochs])
                yield number

        with self.tracked() as run:
            for _ in run.each_epoch(slices()):
                pass
        self.assertEqual(opened, [[], [True]])

    def test_the_numbers_go_on_where_a_training_is_resumed(self):
        with self.tracked() as run:
            for _ in run.each_epoch(range(2), start=31):
                pass
        self.assertEqual(self.course(run), [(31, True), (32, True)])

    def test_a_number_that_can_not_be_is_refused_at_once(self):
        with self.tracked() as run:
            with self.assertRaises(ValueError):
                run.each_epoch(range(2), start=-1)
            with self.assertRaises(TypeError):
                run.each_epoch(range(2), start="first")

    def test_continue_ends_an_epoch(self):
        with self.tracked() as run:
            for _ in run.each_epoch(range(2)):
                continue
        self.assertEqual(self.course(run), [(1, True), (2, True)])

    def test_an_epoch_that_break_leaves_has_not_ended(self):
        with self.tracked() as run:
            for epoch in run.each_epoch(range(9)):
                if epoch == 1:
                    break
        self.assertEqual(self.course(run), [(1, True), (2, False)])
        self.assertEqual(run.record["outcome"], "done")

    def test_an_epoch_that_an_exception_leaves_has_not_ended(self):
        with self.assertRaisesRegex(RuntimeError, "out of memory"):
            with self.tracked() as run:
                for epoch in run.each_epoch(range(9)):
                    if epoch == 1:
                        raise RuntimeError("out of memory")
        self.assertEqual(self.course(run), [(1, True), (2, False)])
        self.assertEqual(run.record["outcome"], "failed")

    def test_an_exception_of_what_is_gone_over_is_the_programs(self):
        def broken():
            yield 1
            raise OSError("no such shard")

        with self.assertRaisesRegex(OSError, "no such shard"):
            with self.tracked() as run:
                for _ in run.each_epoch(broken()):
                    pass
        self.assertEqual(self.course(run), [(1, True)])

    def test_a_run_within_an_epoch_has_epochs_of_its_own(self):
        with self.tracked("outer") as outer:
            for _ in outer.each_epoch(range(2)):
                with self.tracked("inner") as inner:
                    for _ in inner.each_epoch(range(3)):
                        pass
        self.assertEqual(self.course(outer), [(1, True), (2, True)])
        self.assertEqual(self.course(inner), [(1, True), (2, True), (3, True)])

    def test_a_second_loop_goes_on_counting(self):
        with self.tracked() as run:
            for _ in run.each_epoch("ab"):
                pass
            for _ in run.each_epoch("c"):
                pass
        self.assertEqual([number for number, _ in self.course(run)], [1, 2, 3])

    def test_goes_over_the_items_where_nothing_is_tracked(self):
        with self.tracked("over") as run:
            pass
        items = []
        (said,) = warnings_of(lambda: items.extend(run.each_epoch(range(3))))
        self.assertEqual(items, [0, 1, 2])
        self.assertIn("'over' has ended", said)


if __name__ == "__main__":
    unittest.main()
