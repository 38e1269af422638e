"""`wattfor sensors` says what can be read, and how to unlock what can't."""

import json
import unittest

from program import ProgramTest


class Sensors(ProgramTest):
    def answer(self) -> dict:
        return json.loads(self.wattfor("sensors", "--json").stdout)

    def test_a_machine_with_nothing_is_told_that_figures_will_be_modelled(self):
        self.assertIn("modelled", self.wattfor("sensors").stdout)
        self.assertEqual({sensor["basis"] for sensor in self.answer()["sensors"]}, {"modelled"})

    def test_a_readable_package_is_listed_with_its_unit_and_scope(self):
        self.add_rapl_package()
        sensor = next(s for s in self.answer()["sensors"] if s["basis"] == "measured")
        self.assertEqual((sensor["id"], sensor["unit"]), ("rapl:package-0", "µJ"))
        self.assertTrue(sensor["in_total"])
        self.assertIn("rapl:package-0", self.wattfor("sensors").stdout)

    def test_an_unreadable_package_is_an_obstacle_with_the_command_that_unlocks_it(self):
        counter = self.add_rapl_package()
        counter.unlink()
        counter.mkdir()  # exists and can't be read, also by root
        obstacle = self.answer()["obstacles"][0]
        self.assertIn("energy_uj", json.dumps(obstacle))
        self.assertTrue(obstacle["reason"])

    def test_psys_is_shown_and_never_added(self):
        self.add_rapl_package()
        psys = self.sysfs / "class" / "powercap" / "intel-rapl:1"
        psys.mkdir()
        for name, text in (("name", "psys"), ("energy_uj", "5"), ("max_energy_range_uj", "99")):
            (psys / name).write_text(text + "\n")
        sensors = {s["id"]: s["in_total"] for s in self.answer()["sensors"]}
        self.assertFalse(sensors["rapl:psys"])

    def test_probe_tells_a_counter_that_never_moves(self):
        self.add_rapl_package()
        answer = json.loads(self.wattfor("sensors", "--probe", "--json").stdout)
        package = next(s for s in answer["sensors"] if s["id"] == "rapl:package-0")
        self.assertEqual(package["probe"]["changes_per_s"], 0)


if __name__ == "__main__":
    unittest.main()
