import asyncio
import inspect
import pickle
import unittest

import wattfor
from support import SimulatedCase, work


@wattfor.measured
def doubled(number: int) -> int:
    """Twice as much."""
    work(0.01)
    return 2 * number


class MeasuredTest(SimulatedCase):
    def test_each_call_is_a_window_of_the_functions_name(self):
        doubled.windows.clear()
        self.assertEqual([doubled(1), doubled(2)], [2, 4])
        self.assertEqual([window.name for window in doubled.windows], ["doubled", "doubled"])
        self.assertGreater(doubled.windows[-1].energy.joules, 0.0)

    def test_the_function_stays_what_it_was_to_others(self):
        self.assertEqual((doubled.__name__, doubled.__doc__), ("doubled", "Twice as much."))
        self.assertTrue(inspect.isfunction(doubled))
        self.assertIs(pickle.loads(pickle.dumps(doubled)), doubled)

    def test_takes_a_name(self):
        @wattfor.measured("step", sync=False)
        def step() -> None:
            pass

        step()
        self.assertEqual(step.windows[0].name, "step")

    def test_a_method_is_bound_to_its_object(self):
        class Trainer:
            def __init__(self) -> None:
                self.epochs = 0

            @wattfor.measured
            def train(self) -> int:
                self.epochs += 1
                return self.epochs

        trainer = Trainer()
        trainer.train()
        self.assertEqual(trainer.train(), 2)
        self.assertEqual(len(Trainer.train.windows), 2)

    def test_an_exception_passes_and_the_window_is_closed(self):
        @wattfor.measured
        def fail() -> None:
            raise KeyError("lost")

        with self.assertRaisesRegex(KeyError, "lost"):
            fail()
        self.assertFalse(fail.windows[0].is_open)

    def test_a_recursive_function_has_a_window_a_call(self):
        @wattfor.measured
        def factorial(number: int) -> int:
            return 1 if number == 0 else number * factorial(number - 1)

        self.assertEqual(factorial(4), 24)
        self.assertEqual(len(factorial.windows), 5)

    def test_a_generator_is_open_from_its_first_value_to_its_end(self):
        @wattfor.measured
        def batches():
            received = yield 1
            yield received
            return "done"

        generator = batches()
        self.assertTrue(inspect.isgeneratorfunction(batches))
        self.assertEqual(len(batches.windows), 0)
        self.assertEqual(next(generator), 1)
        self.assertTrue(batches.windows[0].is_open)
        self.assertEqual(generator.send(7), 7)
        with self.assertRaises(StopIteration) as ended:
            next(generator)
        self.assertEqual(ended.exception.value, "done")
        self.assertFalse(batches.windows[0].is_open)

    def test_a_generator_that_is_dropped_closes_its_window(self):
        @wattfor.measured
        def batches():
            yield 1
            yield 2

        for _ in batches():
            break
        self.assertFalse(batches.windows[0].is_open)

    def test_a_coroutine_is_measured_to_its_last_step(self):
        @wattfor.measured
        async def fetch() -> str:
            await asyncio.sleep(0)
            return "data"

        self.assertTrue(inspect.iscoroutinefunction(fetch))
        self.assertEqual(asyncio.run(fetch()), "data")
        self.assertFalse(fetch.windows[0].is_open)

    def test_coroutines_at_once_overlap(self):
        opened = []

        @wattfor.measured
        async def fetch() -> None:
            await asyncio.sleep(0)
            opened.append(sum(window.is_open for window in fetch.windows))

        async def both() -> None:
            await asyncio.gather(fetch(), fetch())

        asyncio.run(both())
        self.assertEqual(opened[0], 2)

    def test_an_asynchronous_generator_passes_all_on(self):
        caught = []

        @wattfor.measured
        async def stream():
            received = None
            while received != "stop":
                try:
                    received = yield received
                except KeyError as error:
                    caught.append(error)
                    received = "caught"

        async def use() -> list[object]:
            generator = stream()
            values = [await generator.asend(None), await generator.asend(1)]
            values.append(await generator.athrow(KeyError("first")))
            values.append(await generator.athrow(KeyError("second")))
            with self.assertRaises(StopAsyncIteration):
                await generator.asend("stop")
            return values

        self.assertEqual(asyncio.run(use()), [None, 1, "caught", "caught"])
        self.assertEqual(len(caught), 2)
        self.assertFalse(stream.windows[0].is_open)

    def test_the_last_thousand_windows_are_kept(self):
        @wattfor.measured("quick", sync=False)
        def quick() -> None:
            pass

        for _ in range(1001):
            quick()
        self.assertEqual(len(quick.windows), 1000)

    def test_an_object_whose_call_is_a_coroutine_is_measured_to_its_end(self):
        class Step:
            async def __call__(self) -> None:
                await asyncio.sleep(0)
                self.was_open = measured.windows[0].is_open

        step = Step()
        measured = wattfor.measured(step)
        asyncio.run(measured())
        self.assertTrue(step.was_open)
        self.assertFalse(measured.windows[0].is_open)

    def test_a_static_method_stays_one(self):
        class Trainer:
            @wattfor.measured
            @staticmethod
            def step(batch: int) -> int:
                return batch + 1

        self.assertEqual((Trainer.step(1), Trainer().step(2)), (2, 3))
        self.assertEqual(len(Trainer.step.windows), 2)

    def test_what_is_neither_function_nor_name_is_refused(self):
        with self.assertRaisesRegex(TypeError, "takes a function or a name, not int"):
            wattfor.measured(3)


if __name__ == "__main__":
    unittest.main()
