import math
import unittest

import wattfor
from support import SimulatedCase, work
from wattfor.energy import energy_of, missing_energy

FIGURE = {
    "energy_j": 7.2e6,
    "energy_low_j": 6.48e6,
    "energy_high_j": 7.92e6,
    "comparison_low_j": 7.1e6,
    "comparison_high_j": 7.3e6,
    "net_energy_j": None,
}
COMPONENT = {
    **FIGURE,
    "name": "gpu 0",
    "kind": "gpu",
    "basis": "measured",
    "average_power_w": 200.0,
    "peak_power_w": 250.0,
    "gaps": [{"start_s": 1.0, "duration_s": 0.25, "reason": "no answer"}],
    "faults": ["400 W above the limit"],
    "assumption": "",
    "in_total": True,
}
REPORT = {
    "duration_s": 36000.0,
    "components": [COMPONENT],
    "total": {**FIGURE, "scope": "gpu", "basis": "measured"},
}
UNKNOWN = dict.fromkeys(FIGURE)


class EnergyTest(unittest.TestCase):
    def test_is_joules_and_kilowatt_hours(self):
        energy = energy_of(REPORT)
        self.assertEqual(float(energy), 7.2e6)
        self.assertEqual(energy.joules, 7.2e6)
        self.assertEqual(energy.kwh, 2.0)
        self.assertEqual(energy.average_power_w, 200.0)

    def test_carries_both_intervals_and_where_it_came_from(self):
        energy = energy_of(REPORT)
        self.assertEqual(energy.interval, wattfor.Interval(6.48e6, 7.92e6))
        self.assertEqual(energy.comparison_interval, wattfor.Interval(7.1e6, 7.3e6))
        self.assertEqual((energy.basis, energy.scope), ("measured", "gpu"))

    def test_names_gaps_and_faults_of_its_components(self):
        (gpu,) = energy_of(REPORT).components
        self.assertEqual(gpu.name, "gpu 0")
        self.assertEqual(gpu.gaps, ("0.250 s from 1.000 s on: no answer",))
        self.assertEqual(gpu.faults, ("400 W above the limit",))

    def test_reads_as_a_sentence(self):
        self.assertEqual(str(energy_of(REPORT)), "7.20 MJ ±10 % measured (gpu) over 10 h 0 min")
        self.assertEqual(repr(energy_of(REPORT)), f"<wattfor.Energy {energy_of(REPORT)}>")

    def test_what_is_missing_is_no_zero(self):
        report = {
            "duration_s": 2.0,
            "components": [{**COMPONENT, **UNKNOWN, "basis": "missing"}],
            "total": {**UNKNOWN, "scope": "nothing", "basis": "missing"},
        }
        energy = energy_of(report)
        self.assertTrue(math.isnan(energy.joules))
        self.assertTrue(math.isnan(energy.kwh))
        self.assertIsNone(energy.interval)
        self.assertTrue(math.isnan(energy.components[0].joules))
        self.assertEqual(str(energy), "no energy: nothing could be read")

    def test_says_why_it_is_missing(self):
        self.assertEqual(str(missing_energy("the disk is full")), "no energy: the disk is full")


class MeasuredEnergyTest(SimulatedCase):
    def test_has_every_field_of_a_report_of_the_library(self):
        with wattfor.measure() as window:
            work(0.1)
        energy = window.energy
        (board,) = energy.components
        self.assertEqual((board.kind, board.in_total), ("gpu", True))
        self.assertEqual(board.joules, energy.joules)
        self.assertIn("conditions", energy.record)


if __name__ == "__main__":
    unittest.main()
