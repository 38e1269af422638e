"""The profiles that calibrations leave: who uses them, and what is said of those that are not used."""

import json
import os
import unittest

from program import ProgramTest


class Profiles(ProgramTest):
    def setUp(self):
        super().setUp()
        gpus = self.home / "gpus.json"
        gpus.write_text(json.dumps({"gpus": [{"live": True}]}))
        self.env |= {
            "WATTFOR_NVML": os.environ["WATTFOR_FAKE_NVML"],
            "FAKE_NVML_FILE": str(gpus),
            "XDG_DATA_HOME": str(self.home / "data"),
        }
        self.folder = self.home / "data" / "wattfor" / "profiles"

    def sensors(self) -> dict:
        return json.loads(self.wattfor("sensors", "--json").stdout)

    def gauge(self) -> dict:
        return next(s for s in self.sensors()["sensors"] if s["kind"] == "power_gauge")

    def store(self, folder=None, **changed) -> dict:
        """A profile of the GPU's gauge, as the folder's only file."""
        gauge = self.gauge()
        profile = {
            "device": gauge["id"], "driver": gauge["driver"], "field": gauge["source"],
            "origin": "calibrated 2026-01-31T10:00:00Z", "kind": "boxcar",
            "update_period_s": {"value": 0.1003, "standard_error": 1e-6},
            "window_s": {"value": 0.0249, "standard_error": 0.001},
        }  # fmt: skip
        folder = folder or self.folder
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "any-name.json").write_text(json.dumps(profile | changed))
        return gauge

    def recorded_warnings(self) -> list:
        """What a record says of profiles; a busy machine has other warnings too."""
        self.wattfor("run", "--idle-seconds", "0", "--", "true")
        warnings = self.records()[-1]["warnings"]
        return [w for w in warnings if "profile" in w and not w.startswith("other programs")]

    def test_without_a_profile_the_nominal_figures_stand_alone(self):
        self.assertIsNone(self.gauge()["calibration"])
        self.assertEqual(self.sensors()["warnings"], [])

    def test_a_stored_profile_is_shown_beside_the_nominal_figures(self):
        before = self.store()
        gauge = self.gauge()
        self.assertEqual(gauge["calibration"]["window_s"]["value"], 0.0249)
        self.assertEqual(gauge["averaging_window_s"], before["averaging_window_s"])
        text = self.wattfor("sensors").stdout
        self.assertIn("calibrated 2026-01-31T10:00:00Z: T 100.3 ms, W 24.9 ms", text)
        self.assertEqual(self.recorded_warnings(), [])

    def test_a_variable_names_another_folder(self):
        elsewhere = self.home / "elsewhere"
        self.store(elsewhere)
        self.assertIsNone(self.gauge()["calibration"])
        self.env["WATTFOR_PROFILES"] = str(elsewhere)
        self.assertIsNotNone(self.gauge()["calibration"])

    def test_one_of_another_driver_is_not_used_and_asks_for_a_new_one(self):
        gauge = self.store(driver="nvidia 1.2.3")
        self.assertIsNone(self.gauge()["calibration"])
        remedy = f"wattfor calibrate --sensor {gauge['id']}"
        for told in (self.sensors()["warnings"], self.recorded_warnings()):
            self.assertEqual(len(told), 1)
            self.assertIn(f"calibrated under nvidia 1.2.3, now {gauge['driver']}", told[0])
            self.assertIn(remedy, told[0])
        self.assertIn(remedy, " ".join(self.wattfor("sensors").stdout.split()))
        line = self.wattfor("top", "--json", "--interval", "0.2", "--samples", "1").stdout
        self.assertIn("calibrated under nvidia 1.2.3", json.loads(line)["warnings"][0])

    def test_damaged_files_are_named_and_end_nothing(self):
        self.store(kind="counter")
        (self.folder / "cut.json").write_text('{"device": "')
        (self.folder / "huge.json").write_bytes(b"[" * 1_000_000)
        (self.folder / "binary.json").write_bytes(bytes(range(256)))
        told = " ".join(self.recorded_warnings())
        for name in ("any-name.json", "cut.json", "huge.json", "binary.json"):
            self.assertIn(name, told)
        self.assertIsNone(self.gauge()["calibration"])


if __name__ == "__main__":
    unittest.main()
