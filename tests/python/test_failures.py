import math
import unittest

import wattfor
from support import SimulatedCase, run_python, warnings_of, work


class FailureTest(SimulatedCase):
    def test_a_warning_that_nobody_can_take_breaks_nothing(self):
        ended = run_python(
            """
            import os, sys, wattfor
            sys.stderr.close()
            with wattfor.measure():
                print("trained")
            """,
            WATTFOR_SIMULATE=str(self.folder / "absent.json"),
        )
        self.assertEqual((ended.returncode, ended.stdout), (0, "trained\n"))

    def test_a_device_that_is_not_there_is_warned_of_once_and_breaks_nothing(self):
        absent = self.folder / "absent.json"
        wattfor.configure(simulate=absent)
        windows = []

        def train() -> None:
            for _ in range(3):
                with wattfor.measure() as window:
                    pass
                windows.append(window)

        said = warnings_of(train)
        self.assertEqual(len(said), 1)
        self.assertIn(f"nothing is measured in this process: cannot read '{absent}'", said[0])
        self.assertEqual({window.energy.basis for window in windows}, {"missing"})
        self.assertTrue(math.isnan(float(windows[0].energy)))
        self.assertTrue(math.isnan(windows[0].duration_s))

    def test_a_wrong_description_of_a_device_is_warned_of(self):
        wrong = self.folder / "wrong.json"
        wrong.write_text("{}")
        wattfor.configure(simulate=wrong)
        said = warnings_of(lambda: wattfor.measure().begin())
        self.assertIn("sensors: expected a list of at least one sensor", said[0])

    def test_measures_again_once_it_is_told_how(self):
        wattfor.configure(simulate=self.folder / "never there.json")
        warnings_of(lambda: wattfor.measure().begin())
        wattfor.configure(simulate=self.board)
        with wattfor.measure() as window:
            work(0.05)
        self.assertEqual(window.energy.basis, "simulated")

    def test_the_warning_names_the_line_of_the_program(self):
        wattfor.configure(simulate=self.folder / "nowhere.json")
        with self.assertWarns(wattfor.WattforWarning) as caught:
            with wattfor.measure():
                pass
        self.assertEqual(caught.filename, __file__)

    def test_ends_no_program_whose_warnings_are_errors(self):
        ended = run_python(
            """
            import wattfor
            with wattfor.measure():
                pass
            print("trained")
            """,
            "-W",
            "error",
            WATTFOR_SIMULATE="/nowhere",
        )
        self.assertEqual((ended.returncode, ended.stdout), (0, "trained\n"))
        self.assertIn("wattfor: nothing is measured in this process: cannot read '/nowhere'", ended.stderr)

    def test_a_sensor_that_fails_leaves_the_figure_missing(self):
        self.board.write_text(
            """{"sensors": [{"id": "power", "update_period_s": 0.02,
                             "faults": [{"fault": "broken"}]}]}"""
        )
        wattfor.configure(simulate=self.board)
        with wattfor.measure() as window:
            work(0.05)
        self.assertEqual(window.energy.basis, "missing")
        self.assertTrue(math.isnan(window.energy.joules))


if __name__ == "__main__":
    unittest.main()
