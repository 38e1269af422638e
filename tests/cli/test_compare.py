"""`wattfor compare` over a store of known figures."""

import math
import unittest

from known_models import KnownModels

MODELS = [("resnet50.a", 224, 0.4, {"set-a": 80.0, "set-b": 60.0}),
          ("resnet50.a", 288, 0.8, {"set-a": 81.0}), ("vgg16.a", 224, 1.0, {"set-a": 72.0}),
          ("digits", 0, 0.2, {})]  # fmt: skip


class Compare(KnownModels):
    def setUp(self):
        super().setUp()
        self.bring_in(MODELS)

    def test_energies_stand_beside_each_other_with_the_ratio_to_the_first(self):
        answer = self.asked("compare", "resnet50.a@224", "vgg16.a", "--test-set", "set-a")
        self.assertEqual([m["model"] for m in answer["models"]], ["resnet50.a", "vgg16.a"])
        self.assertEqual(answer["models"][0]["class"], "CNN")
        first, second = answer["setups"][0]["models"]
        self.assertEqual((first["batch_size"], first["ratio"]), (8, 1.0))
        self.assertAlmostEqual(second["ratio"], 2.5)
        # Both energies ±1 %: the logarithms' half-widths join as squares.
        low, high = second["ratio_interval"]
        self.assertAlmostEqual(high, 2.5 * math.exp(math.hypot(math.log(1.01), math.log(1 / 0.99))))
        self.assertAlmostEqual(low, 2.5 * math.exp(-math.hypot(math.log(1.01), math.log(1 / 0.99))))

    def test_it_says_what_beats_a_model(self):
        first, second = self.asked("compare", "resnet50.a@224", "vgg16.a",
                                   "--test-set", "set-a")["setups"][0]["models"]  # fmt: skip
        self.assertTrue(first["on_pareto_front"])
        self.assertEqual(second["dominated_by"], "resnet50.a@224")
        text = self.wattfor("compare", "resnet50.a@224", "vgg16.a", "--test-set", "set-a").stdout
        self.assertIn("vgg16.a@224 is beaten by resnet50.a@224", text)

    def test_accuracies_on_each_test_set_are_there_and_unknown_ones_are_null(self):
        answer = self.asked("compare", "resnet50.a@224", "vgg16.a")
        self.assertEqual([m["accuracy_percent"] for m in answer["models"]],
                         [{"set-a": 80.0, "set-b": 60.0}, {"set-a": 72.0, "set-b": None}])
        front = [m["on_pareto_front"] for m in answer["setups"][0]["models"]]
        self.assertEqual(front, [None, None], "of two test sets none was chosen")

    def test_all_setups_that_have_the_models_are_shown(self):
        self.bring_in(MODELS[:3], setup="other_rt_fp16")
        answer = self.asked("compare", "resnet50.a@224", "vgg16.a")
        self.assertEqual([s["setup"] for s in answer["setups"]], ["dev_rt_fp32", "other_rt_fp16"])
        answer = self.asked("compare", "digits", "vgg16.a")
        self.assertEqual([s["setup"] for s in answer["setups"]], ["dev_rt_fp32"])
        answer = self.asked("compare", "digits", "vgg16.a", "--setup", "dev_rt_fp32",
                            "--setup", "other_rt_fp16")  # fmt: skip
        self.assertIsNone(answer["setups"][1]["models"][0]["energy_j"])

    def test_names_must_be_clear_known_and_two_to_eight(self):
        for words, status, expected in (
                (("resnet50.a", "vgg16.a"), 2, "resnet50.a@288"),
                (("resnet50", "vgg16.a"), 1, "resnet50.a"),
                (("vgg19.a", "digits"), 1, "did you mean 'vgg16.a'"),
                (("vgg16.a@128", "digits"), 1, "vgg16.a@224"), (("digits",), 2, "2 to 8"),
                (("digits", "digits"), 2, "twice"),
                (("digits", "vgg16.a", "--setup", "nowhere"), 1, "dev_rt_fp32"),
                (("digits", "vgg16.a", "--test-set", "set-c"), 1, "'set-a'")):  # fmt: skip
            self.assertIn(expected, self.wattfor("compare", *words, status=status).stderr, words)


if __name__ == "__main__":
    unittest.main()
