"""tools/sweep-timm-gpu without a GPU: its list, its commands, its comparison, and one small run."""

import csv
import importlib.machinery
import importlib.util
import json
import os
import subprocess
import tempfile
import unittest
from pathlib import Path

from test_torch_worker import TIMM
from worker_source import REPOSITORY

SCRIPT = REPOSITORY / "tools" / "sweep-timm-gpu"
loader = importlib.machinery.SourceFileLoader("sweep_timm_gpu", str(SCRIPT))
script = importlib.util.module_from_spec(importlib.util.spec_from_loader(loader.name, loader))
loader.exec_module(script)


def record(protocol: str, energy: float, half_width: float, batch: int = 8) -> dict:
    figure = {
        "energy_j": energy,
        "comparison_low_j": energy - half_width,
        "comparison_high_j": energy + half_width,
    }
    return {
        "outcome": "done",
        "cell": {
            "model": {"name": "resnet50"},
            "setup": {"id": "h200_pytorch_fp16"},
            "batch_size": batch,
            "protocol": protocol,
        },
        "result": {"energy_per_image": figure},
    }


class List(unittest.TestCase):
    def test_it_has_40_models_or_more_of_all_classes_and_each_once(self):
        names = " ".join(script.MODELS.values()).split()
        self.assertGreaterEqual(len(names), 40)
        self.assertEqual(len(names), len(set(names)))
        self.assertEqual(list(script.MODELS), ["CNN", "Transformer", "Hybrid", "MLP"])
        self.assertEqual(len(script.STUDIED.split()), 5)
        self.assertLessEqual(set(script.STUDIED.split()), set(names))

    @unittest.skipUnless(TIMM, "no timm (tools/install torch)")
    def test_timm_knows_them_all(self):
        names = " ".join(script.MODELS.values()).split()
        code = "import sys, timm; print([name for name in sys.argv[1:] if not timm.is_model(name)])"
        done = subprocess.run([TIMM, "-c", code, *names], capture_output=True, text=True, check=True)
        self.assertEqual(done.stdout.strip(), "[]")


class Agreement(unittest.TestCase):
    def test_it_is_the_ratio_of_what_both_protocols_measured(self):
        records = [record("adaptive", 2.0, 0.1), record("study", 2.2, 0.15), record("study", 1, 0, 16)]
        (row,) = script.agreement(records, ["resnet50"])
        self.assertAlmostEqual(row["study_over_adaptive"], 1.1)
        self.assertTrue(row["intervals_overlap"])

    def test_intervals_apart_are_said_to_be(self):
        (row,) = script.agreement([record("adaptive", 2.0, 0.01), record("study", 2.2, 0.01)], ["resnet50"])
        self.assertFalse(row["intervals_overlap"])

    def test_models_that_were_not_studied_and_failed_cells_are_left_out(self):
        failed = record("study", 1.0, 0.1) | {"outcome": "failed", "result": None}
        self.assertEqual(script.agreement([record("adaptive", 1, 0.1), failed], ["resnet50"]), [])
        self.assertEqual(script.agreement([record("adaptive", 1, 0.1)] * 2, []), [])


class Sensors(unittest.TestCase):
    def test_the_one_in_the_total_and_the_fastest_gauge_of_the_first_gpu_are_calibrated(self):
        sensors = [
            {"id": identity, "device": device, "domain": domain, "kind": kind, "in_total": in_total}
            for identity, device, domain, kind, in_total in (
                ("rapl:0", "RAPL", "cpu_package", "energy_counter", True),
                ("nvml:A:energy", "H200 (gpu 0)", "gpu", "energy_counter", True),
                ("nvml:A:power-average", "H200 (gpu 0)", "gpu", "power_gauge", False),
                ("nvml:A:power-instant", "H200 (gpu 0)", "gpu", "power_gauge", False),
                ("nvml:B:power-instant", "H200 (gpu 1)", "gpu", "power_gauge", True),
            )
        ]
        self.assertEqual(
            script.sensors_to_calibrate(sensors), ["nvml:A:energy", "nvml:A:power-instant"]
        )
        self.assertEqual(script.sensors_to_calibrate(sensors[-1:]), ["nvml:B:power-instant"])
        self.assertEqual(script.sensors_to_calibrate(sensors[:1]), [])


class Commands(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.out = Path(folder.name)

    def test_a_dry_run_prints_every_step_in_order_and_runs_none(self):
        words = [SCRIPT, "--out", self.out, "--dry-run", "--wattfor", "/absent/wattfor"]
        lines = subprocess.run(words, capture_output=True, text=True, check=True).stdout.splitlines()
        self.assertTrue(all(line.startswith("== ") for line in lines))
        steps = [line.split()[2] for line in lines if "/absent/wattfor" in line.split()[1]]
        self.assertEqual(steps, ["sensors", "calibrate", "sweep", "sweep", "sweep", "export", "export"])
        adaptive, compiled, study = [line for line in lines if " sweep " in line]
        self.assertIn("--device cuda --precision fp16 --mode eager --protocol adaptive", adaptive)
        self.assertIn("--mode compile --protocol adaptive", compiled)
        self.assertIn("timm:resnet50 timm:convnext_tiny", study)
        self.assertIn("--protocol study", study)
        self.assertEqual(list(self.out.iterdir()), [])

    @unittest.skipUnless(TIMM, "no timm (tools/install torch)")
    def test_a_small_model_on_the_cpu_goes_the_whole_way(self):
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.out),
            "WATTFOR_PYTHON": TIMM,
            "WATTFOR_SYSFS": str(self.out / "none"),
            "WATTFOR_NVML": str(self.out / "none.so"),
        }
        quick = "--batch-sizes 1,2 --max-seconds 0.05 --replicates 2 --idle-seconds 0 --threads 1"
        subprocess.run(
            [
                *(SCRIPT, "--out", self.out / "made", "--wattfor", os.environ["WATTFOR"]),
                *("--device", "cpu", "--precision", "fp32", "--modes", "eager", "--sweep", quick),
                *("--models", "test_resnet", "--studied"),
            ],
            env=environment,
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        conditions = json.loads((self.out / "made" / "conditions.json").read_text())
        self.assertEqual((conditions["cells_done"], conditions["failed_steps"]), (2, []))
        with (self.out / "made" / "records.csv").open() as file:
            self.assertEqual(len(list(csv.DictReader(file))), 2)
        self.assertIn("sensors", json.loads((self.out / "made" / "sensors.json").read_text()))


if __name__ == "__main__":
    unittest.main()
