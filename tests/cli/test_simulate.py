"""`--simulate`: run, sweep and sensors on a device whose true power is known."""

import json
import unittest

from program import ProgramTest

SQUARE = {
    "device": "half-blind board",
    "seed": 3,
    "power_limit_w": 400,
    "load": {"waveform": "square", "idle_w": 60, "high_w": 400, "low_w": 100, "period_s": 0.02},
    "sensors": [
        {"id": "counter", "kind": "counter", "update_period_s": 0.02},
        {"id": "instant", "kind": "boxcar", "update_period_s": 0.1, "window_s": 0.025},
    ],
}


class Simulated(ProgramTest):
    def specification(self, description=SQUARE):
        path = self.home / "device.json"
        path.write_text(json.dumps(description))
        return path

    def test_a_run_draws_the_devices_load_and_its_figures_are_called_simulated(self):
        record = self.home / "record.json"
        answer = self.wattfor(
            "run", "--simulate", self.specification(), "--idle-seconds", "1", "--json", record,
            "--interval-ms", "10", "--", "sleep", "1",
        )
        self.assertIn("simulated", answer.stderr)
        energy = json.loads(record.read_text())["energy"]
        self.assertEqual(energy["total"]["basis"], "simulated")
        # 250 W on average, 60 W before.
        power = energy["total"]["energy_j"] / energy["duration_s"]
        self.assertAlmostEqual(power, 250.0, delta=10.0)
        self.assertAlmostEqual(energy["components"][0]["idle_power_w"], 60.0, delta=3.0)

    def test_a_sweeps_cells_are_of_the_simulated_device_and_never_ranked(self):
        specification = self.specification()
        model = self.home / "model.onnx"
        model.write_text("null")
        answer = self.wattfor(
            "sweep", model, "--worker", "null", "--batch-sizes", "1", "--max-seconds", "1",
            "--idle-seconds", "0", "--simulate", specification, "--json",
        )
        cell = json.loads(answer.stdout)["measurements"][0]
        self.assertEqual(cell["cell"]["setup"]["id"].split("_")[0], "simulated-half-blind-board")
        self.assertEqual(cell["energy"]["total"]["basis"], "simulated")
        self.assertIn("no measured model", self.wattfor("rank", status=1).stderr)

    def test_sensors_shows_the_device(self):
        text = self.wattfor("sensors", "--simulate", self.specification()).stdout
        self.assertIn("Simulated", text)
        self.assertIn("half-blind board", text)
        self.assertNotIn("Measured", text)

    def test_a_misspelt_key_is_refused_with_its_file(self):
        wrong = self.specification({"sensors": [{"windows_s": 1}]})
        answer = self.wattfor("run", "--simulate", wrong, "--", "true", status=1)
        self.assertIn("device.json: sensors[0].windows_s: no such key", answer.stderr)

    def test_a_file_that_is_not_there_is_named(self):
        answer = self.wattfor("run", "--simulate", "/no/file.json", "--", "true", status=1)
        self.assertIn("/no/file.json", answer.stderr)


if __name__ == "__main__":
    unittest.main()
