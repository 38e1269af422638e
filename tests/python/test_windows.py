import gc
import math
import pickle
import threading
import unittest

import wattfor
from support import SimulatedCase, run_python, work


class WindowTest(SimulatedCase):
    def test_holds_the_true_energy_in_its_interval(self):
        with wattfor.measure("work") as window:
            work(0.2)
        truth = window._window.true_joules
        energy = window.energy
        self.assertLess(energy.interval.low, truth)
        self.assertGreater(energy.interval.high, truth)
        self.assertEqual(energy.basis, "simulated")
        self.assertEqual(energy.scope, "gpu")
        self.assertAlmostEqual(energy.duration_s, window.duration_s, places=9)

    def test_a_thousand_nested_and_overlapping_windows_hold_the_truth(self):
        # Eight at a time, the oldest closed first: each overlaps the others, and outer ones nest all.
        closed, overlapping = [], []
        with wattfor.measure("all") as outer:
            for number in range(1000):
                overlapping.append(wattfor.measure(str(number), sync=False).begin())
                work(0.002)
                if len(overlapping) == 8:
                    closed.append(overlapping.pop(0))
                    closed[-1].end()
            for window in overlapping:
                window.end()
        closed += [*overlapping, outer]
        self.assertEqual(len(closed), 1001)
        holding = sum(
            window.energy.interval.low <= window._window.true_joules <= window.energy.interval.high
            for window in closed
        )
        self.assertGreaterEqual(holding, 0.93 * len(closed))

    def test_an_open_window_answers_what_it_used_so_far(self):
        with wattfor.measure() as window:
            work(0.1)
            so_far = window.energy
            self.assertTrue(window.is_open)
        self.assertFalse(so_far.is_final)
        self.assertTrue(window.energy.is_final)
        self.assertGreater(so_far.joules, 0.0)
        self.assertGreater(window.energy.duration_s, so_far.duration_s)

    def test_the_final_figure_stays_what_it_is(self):
        with wattfor.measure() as window:
            work(0.05)
        self.assertIs(window.energy, window.energy)

    def test_an_exception_closes_it_and_passes(self):
        window = wattfor.measure("fails")
        with self.assertRaisesRegex(KeyError, "lost"):
            with window:
                work(0.05)
                raise KeyError("lost")
        self.assertFalse(window.is_open)
        self.assertGreater(float(window.energy), 0.0)

    def test_a_keyboard_interrupt_closes_it_and_passes(self):
        window = wattfor.measure("stopped")
        with self.assertRaises(KeyboardInterrupt):
            with window:
                raise KeyboardInterrupt
        self.assertFalse(window.is_open)

    def test_is_used_once(self):
        with wattfor.measure("once") as window:
            with self.assertRaisesRegex(RuntimeError, "once.*opened before"):
                window.begin()
        with self.assertRaisesRegex(RuntimeError, "once.*not open"):
            window.end()
        with self.assertRaisesRegex(RuntimeError, "opened before"):
            window.begin()

    def test_has_no_energy_before_it_is_opened(self):
        with self.assertRaisesRegex(RuntimeError, "not opened yet"):
            wattfor.measure().energy

    def test_may_be_closed_within_its_with_statement(self):
        with wattfor.measure() as window:
            window.end()
            work(0.02)
        self.assertLess(window.duration_s, 0.02)

    def test_a_name_that_is_no_text_is_refused(self):
        with self.assertRaisesRegex(TypeError, "a window's name is a str, not int"):
            wattfor.measure(3)

    def test_windows_of_many_threads_are_each_its_own(self):
        windows, failures = [], []

        def measure() -> None:
            try:
                for _ in range(50):
                    with wattfor.measure(threading.current_thread().name, sync=False) as window:
                        work(0.001)
                    windows.append(window)
            except Exception as error:
                failures.append(error)

        threads = [threading.Thread(target=measure, name=f"thread {n}") for n in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(failures, [])
        self.assertEqual(len(windows), 400)
        self.assertTrue(all(window.energy.is_final for window in windows))

    def test_one_energy_may_be_asked_for_by_many_threads(self):
        with wattfor.measure() as window:
            work(0.05)
        answers = []
        threads = [threading.Thread(target=lambda: answers.append(window.energy)) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(len({answer.joules for answer in answers}), 1)

    def test_a_cell_run_again_leaves_its_open_window_behind(self):
        # As a notebook does: the name is bound anew while the first window is still open.
        window = wattfor.measure("cell").begin()
        window = wattfor.measure("cell").begin()
        gc.collect()
        work(0.02)
        window.end()
        self.assertGreater(window.energy.joules, 0.0)

    def test_no_memory_is_kept_of_windows_that_are_gone(self):
        before = len(gc.get_objects())
        for _ in range(1000):
            with wattfor.measure():
                pass
        self.assertLess(len(gc.get_objects()) - before, 100)


class ConfigureTest(unittest.TestCase):
    def test_an_absurd_interval_is_refused(self):
        for interval in (0.0, -1.0, 61.0, math.nan, math.inf):
            with self.subTest(interval), self.assertRaisesRegex(ValueError, "interval_s="):
                wattfor.configure(interval_s=interval)

    def test_a_copy_of_a_window_has_the_energy_of_one_that_is_closed(self):
        with wattfor.measure("step") as window:
            work(0.02)
            open_copy = pickle.loads(pickle.dumps(window))
        copy = pickle.loads(pickle.dumps(window))
        self.assertEqual((copy.name, copy.energy.joules), ("step", window.energy.joules))
        self.assertIn("was open when it was copied", open_copy.energy.why_missing)
        with pickle.loads(pickle.dumps(wattfor.measure("new"))) as new:
            pass
        self.assertEqual(new.name, "new")

    def test_windows_that_are_open_stay_with_their_meter(self):
        wattfor.configure()
        with wattfor.measure() as window:
            wattfor.configure()
            work(0.02)
        self.assertTrue(window.energy.is_final)


class ImportTest(unittest.TestCase):
    def test_brings_in_nothing_heavy(self):
        ended = run_python(
            """
            import sys
            import wattfor
            heavy = {"torch", "jax", "tensorflow", "cupy", "pandas", "numpy", "asyncio", "json"}
            print(sorted(heavy & set(sys.modules)))
            """
        )
        self.assertEqual((ended.stdout, ended.stderr), ("[]\n", ""))


if __name__ == "__main__":
    unittest.main()
