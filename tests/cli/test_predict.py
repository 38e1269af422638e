"""`wattfor predict` over a store of published figures whose law is known."""

import json
import math
import unittest

from program import ProgramTest
from test_import_study import ACCURACIES, FIGURES, STATISTICS

SETUPS = ("A100_PT", "A100_TRT", "H100_PT", "H100_TRT")


class Predict(ProgramTest):
    def setUp(self):
        super().setUp()
        study = self.home / "study"
        study.mkdir()
        figures, statistics = [], []
        for number in range(10, 40):
            macs = 1e9 * 1.1 ** (number - 10)
            for size in (224, 288):
                area = (size / 224) ** 2
                name = f"resnet{number}.w"
                figures.append(f"T,F,{name},{size},70,64,,2000,16,{self.energy_j(macs * area) * 1e3},True")
                statistics.append(f"{name},{size},{size},1,1,25,25e6,{macs * area},25e6,{macs * area},")
        # One that has an energy on no setup, and one of which nothing is counted.
        statistics.append("resnet99.w,256,256,1,1,25,25e6,3e9,25e6,3e9,")
        figures.append("T,F,vgg16.w,224,70,64,,2000,16,50,True")
        for setup in SETUPS:
            (study / f"{setup}.csv").write_text(FIGURES + "\n".join(figures) + "\n")
        (study / "model_accuracy.csv").write_text(ACCURACIES + "resnet10.w,224,70,,,,,,,,\n")
        (study / "model_stats.csv").write_text(STATISTICS + "\n".join(statistics) + "\n")
        self.wattfor("import", "study", study)

    def energy_j(self, macs: float) -> float:
        return 0.01 * (macs / 1e9) ** 0.8

    def answer(self, *words) -> dict:
        return json.loads(self.wattfor("predict", *words, "--setup", "A100_TRT", "--json").stdout)

    def test_a_model_that_was_counted_is_predicted_by_its_relatives(self):
        answer = self.answer("resnet99.w")
        truth = self.energy_j(3e9)
        self.assertAlmostEqual(answer["energy_j"] / truth, 1.0, delta=0.02)
        self.assertLess(answer["energy_low_j"], truth)
        self.assertGreater(answer["energy_high_j"], truth)
        self.assertEqual(answer["interval_percent"], 90)
        self.assertEqual(answer["input_size"], 256)
        self.assertIsNone(answer["measured"])
        self.assertEqual((answer["family"], answer["class"]), ("ResNet", "CNN"))
        self.assertEqual(answer["rests_on"],
                         {"models": 60, "architectures": 30, "of_the_family": 60, "modelled": 0,
                          "left_out_uncounted": 1})  # fmt: skip
        self.assertEqual(len(answer["relatives"]), 5)
        self.assertEqual(answer["extrapolates"], [])

    def test_counts_can_be_given_and_are_said_to_be(self):
        answer = self.answer("resnet55", "--input-size", "224", "--parameters", "25e6", "--macs", "2e9",
                             "--activations", "4e6")  # fmt: skip
        self.assertAlmostEqual(answer["energy_j"] / self.energy_j(2e9), 1.0, delta=0.02)
        self.assertTrue(answer["counts"]["given"])
        self.assertIsNone(answer["counts"]["activations"])  # the measured models lack theirs

    def test_a_measured_model_is_shown_beside_a_prediction_without_it(self):
        answer = self.answer("resnet20.w", "--input-size", "288")
        self.assertEqual(answer["measured"]["model"], "resnet20.w")
        truth = answer["measured"]["energy_j"]
        self.assertAlmostEqual(answer["energy_j"] / truth, 1.0, delta=0.02)
        self.assertEqual(answer["rests_on"]["models"], 59)
        self.assertNotIn(["resnet20.w", 288],
                         [[each["model"], each["input_size"]] for each in answer["relatives"]])
        text = self.wattfor("predict", "resnet20.w", "--input-size", "288", "--setup", "A100_TRT").stdout
        self.assertIn("the prediction, made without it, is off by", text)

    def test_the_text_tells_the_interval_the_relatives_and_how_far_off_such_are(self):
        text = self.wattfor("predict", "resnet99.w", "--setup", "A100_TRT").stdout
        for words in ("90 % interval", "nearest measured", "lie in their intervals", "resnet2",
                      "ResNet (CNN), 60 of the measured models", "1 of the setup's models"):
            self.assertIn(words, text)
        self.assertLessEqual(max(len(line) for line in text.splitlines()), 100)

    def test_an_unknown_family_is_said_to_be_and_widens_the_interval(self):
        counts = ("--input-size", "224", "--parameters", "25e6", "--macs", "2e9")
        known, unknown = self.answer("resnet55", *counts), self.answer("strange7", *counts)

        def width(answer: dict) -> float:
            return math.log(answer["energy_high_j"] / answer["energy_low_j"])

        self.assertGreater(width(unknown), 3 * width(known))
        self.assertIsNone(unknown["family"])
        self.assertEqual(unknown["rests_on"]["of_the_family"], 0)

    def test_beyond_what_was_measured_it_says_so(self):
        answer = self.answer("resnet55", "--input-size", "512", "--parameters", "25e6", "--macs", "9e12")
        self.assertEqual(answer["extrapolates"], ["macs", "parameters_per_mac", "input_size"])

    def test_what_must_be_chosen_or_is_missing_is_named(self):
        for words, status, told in (
            (("resnet99.w",), 2, "--setup"),
            (("resnet99.w", "--setup", "A100"), 1, "A100_PT"),
            (("resnet20.w", "--setup", "A100_PT"), 2, "224, 288"),
            (("resnet99.w", "--setup", "A100_PT", "--counter", "tim"), 1, "timm"),
            (("resnet99.w", "--setup", "A100_PT", "--counter", "timm"), 1, "counted by 'timm'"),
            (("resnet98.w", "--setup", "A100_PT"), 1, "resnet"),
            (("resnet99.w", "--setup", "A100_PT", "--macs", "1e9"), 2, "--parameters"),
            (("resnet99.w", "--setup", "A100_PT", "--parameters", "1e6"), 2, "--macs"),
            (("resnet99.w", "--macs", "nan"), 2, "--macs"),
            (("resnet99.w", "--macs", "-1"), 2, "--macs"),
            (("resnet99.w", "--input-size", "0"), 2, "--input-size"),
            (("x", "--setup", "A100_PT", "--parameters", "1e6", "--macs", "1e9"), 2, "--input-size"),
        ):
            answer = self.wattfor("predict", *words, status=status)
            self.assertIn(told, answer.stderr, words)
            self.assertEqual(answer.stdout, "")


class FewModels(ProgramTest):
    def test_a_store_without_models_has_nothing_to_predict_from(self):
        self.wattfor("run", "--idle-seconds", "0", "--", "true")
        self.assertIn("nothing to predict from", self.wattfor("predict", "resnet50", status=1).stderr)


if __name__ == "__main__":
    unittest.main()
