"""`wattfor extrapolate` and `wattfor runs`: from tracked runs to what a whole training takes."""

import json
import unittest

from program import PROGRAM, ProgramTest

QUICK = ("--idle-seconds", "0")


def figure(energy_j: float) -> dict:
    return {
        "energy_j": energy_j,
        "energy_low_j": 0.95 * energy_j,
        "energy_high_j": 1.05 * energy_j,
        "comparison_low_j": 0.99 * energy_j,
        "comparison_high_j": 1.01 * energy_j,
    }


class Extrapolate(ProgramTest):
    def setUp(self) -> None:
        super().setUp()
        self.wattfor("run", *QUICK, "--", "true")
        self.template = json.loads(self.wattfor("export").stdout)

    def add_run(self, number: int, name: str, share: float, epochs_j: list[float], **facts) -> str:
        """Puts a tracked run into the store, as another machine's export."""
        run = json.loads(json.dumps(self.template["measurements"][0]))
        run |= {"id": f"{number:08d}-0000-4000-8000-000000000000", "name": name}
        run["energy"]["total"] |= {"basis": "measured", "scope": "gpu"} | figure(sum(epochs_j))
        run["training"] = {
            "model": "resnet50", "task": "", "dataset": "ImageNet", "phase": "training",
            "epochs_total": 90, "data_fraction": share, "batch_size": 256, "metric": "top-1",
            "accuracy_percent": 76.1, "builds_on": [],
        } | facts  # fmt: skip
        run["windows"] = [
            {
                "kind": "epoch", "name": "", "epoch": i + 1, "start_s": 10.0 * i,
                "duration_s": 10.0, "steps": None, "ended": True, "basis": "measured",
                "components": [],
            }
            | figure(energy)
            for i, energy in enumerate(epochs_j)
        ]  # fmt: skip
        file = self.home / f"run{number}.json"
        file.write_text(json.dumps(self.template | {"measurements": [run]}))
        self.wattfor("import", file)
        return run["id"]

    def two_shares(self) -> None:
        self.add_run(1, "one", 0.01, [3360.0, 3340.0, 3345.0, 3355.0])
        self.add_run(2, "ten", 0.1, [15500.0, 15520.0, 15480.0, 15505.0])

    def test_two_shares_tell_the_whole_training_with_its_interval(self):
        self.two_shares()
        answer = json.loads(self.wattfor("extrapolate", "one", "ten", "--json").stdout)
        self.assertAlmostEqual(answer["energy_j"] / (90 * 137e3), 1.0, delta=0.01)
        self.assertLess(answer["energy_low_j"], answer["comparison_low_j"])
        self.assertLess(answer["comparison_low_j"], answer["energy_j"])
        self.assertEqual((answer["epochs"], answer["data_fraction"]), (90, 1.0))
        text = self.wattfor("extrapolate", "one", "ten").stdout
        self.assertIn("resnet50: 90 epochs on all the data", text)
        self.assertIn("95 %", text)
        self.assertIn("beyond what was measured", text)

    def test_the_target_is_asked_for_by_epochs_and_share(self):
        self.two_shares()
        answer = json.loads(
            self.wattfor(
                "extrapolate", "one", "ten", "--epochs", "10", "--fraction", "0.1", "--json"
            ).stdout
        )
        self.assertAlmostEqual(answer["energy_j"] / 155e3, 1.0, delta=0.01)

    def test_a_run_of_this_machine_is_extrapolated_from_its_marks(self):
        script = "for i in 1 2 3 4; do i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done; $W mark epoch; done"
        self.wattfor(
            "run", *QUICK, "--name", "own", "--", "sh", "-c", script, env={"W": PROGRAM}
        )
        answer = json.loads(
            self.wattfor("extrapolate", "own", "--epochs", "40", "--json").stdout
        )
        run = next(each for each in self.records() if each["name"] == "own")
        mean = sum(each["energy_j"] for each in run["windows"]) / 4
        self.assertGreater(answer["energy_j"], 20 * mean)
        self.assertLess(answer["energy_j"], 80 * mean)
        self.assertEqual(answer["basis"], "modelled")

    def test_what_cannot_be_asked_is_refused_with_the_reason(self):
        self.two_shares()
        self.add_run(3, "other", 0.5, [], epochs_total=None)
        self.add_run(4, "ten", 0.1, [15000.0])
        for words, status, said in (
            (("nobody",), 1, "nobody"),
            (("ten",), 2, "00000004"),
            (("one", "one"), 2, "one"),
            (("other",), 1, "no epoch"),
            (("one", "--epochs", "0"), 2, "--epochs"),
            (("one", "--epochs", "-3"), 2, "--epochs"),
            (("one", "--fraction", "0"), 2, "--fraction"),
            (("one", "--fraction", "1.5"), 2, "--fraction"),
            (("one", "--fraction", "nan"), 2, "--fraction"),
            ((), 2, "runs is required"),
        ):
            with self.subTest(words=words):
                answer = self.wattfor("extrapolate", *words, status=status)
                self.assertIn(said, answer.stderr)
                self.assertEqual(answer.stdout, "")

    def test_runs_are_listed_and_shown(self):
        self.assertIn("id", self.wattfor("runs").stdout)
        self.two_shares()
        text = self.wattfor("runs", env={"COLUMNS": "200"}).stdout
        self.assertIn("one", text)
        self.assertIn("10 %", text)
        self.assertIn("76.1 %", text)
        listed = json.loads(self.wattfor("runs", "--json").stdout)
        self.assertEqual([each["name"] for each in listed], ["true", "one", "ten"])
        self.assertEqual(listed[1]["epochs"], 4)
        shown = self.wattfor("runs", "one").stdout
        self.assertIn("epochs", shown)
        self.assertIn("1 % of ImageNet", shown)
        whole = json.loads(self.wattfor("runs", "one", "--json").stdout)
        self.assertEqual(len(whole[0]["windows"]), 4)
        self.assertIn("nobody", self.wattfor("runs", "nobody", status=1).stderr)


if __name__ == "__main__":
    unittest.main()
