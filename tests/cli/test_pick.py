"""`wattfor pick` over a store of known figures."""

import unittest

from known_models import KnownModels

# Name, input size, J an image, accuracies.
MODELS = [("resnet18.a", 224, 0.1, {"set-a": 70.0}), ("resnet50.a", 224, 0.4, {"set-a": 80.0}),
          ("vit_base_patch16_224.a", 224, 1.0, {"set-a": 85.0}), ("resnet50.a", 288, 0.7, {"set-a": 81.0}),
          ("unknown_to_all", 224, 0.2, {})]  # fmt: skip


class Pick(KnownModels):
    def setUp(self):
        super().setUp()
        self.bring_in(MODELS)

    def best(self, *words) -> tuple[str, int]:
        model = self.asked("pick", *words)["best"][0]
        return model["model"], model["input_size"]

    def test_a_minimum_accuracy_asks_for_the_least_energy(self):
        self.assertEqual(self.best("--min-accuracy", "80"), ("resnet50.a", 224))

    def test_an_energy_limit_alone_asks_for_the_greatest_accuracy(self):
        self.assertEqual(self.best("--max-energy-j", "0.8"), ("resnet50.a", 288))

    def test_without_either_the_score_decides_and_by_overrules_all(self):
        self.assertEqual(self.asked("pick")["by"], "manhattan")
        self.assertEqual(self.best("--min-accuracy", "75", "--by", "accuracy"),
                         ("vit_base_patch16_224.a", 224))

    def test_a_class_a_year_a_size_and_a_family_limit_too(self):
        self.assertEqual(self.best("--class", "transformer", "--by", "energy"),
                         ("vit_base_patch16_224.a", 224))
        self.assertEqual(self.best("--year-from", "2018", "--by", "energy"),
                         ("vit_base_patch16_224.a", 224))
        self.assertEqual(self.best("--input-size", "288"), ("resnet50.a", 288))
        self.assertEqual(self.best("--family", "ResNet", "--max-input-size", "224",
                                   "--min-accuracy", "75"), ("resnet50.a", 224))

    def test_each_limit_says_how_many_it_removed_and_of_how_many_its_quantity_is_unknown(self):
        answer = self.asked("pick", "--min-accuracy", "80", "--max-latency-ms", "5000")
        self.assertEqual((answer["models"], answer["passed"]), (5, 1))
        accuracy, latency = answer["limits"]
        self.assertEqual((accuracy["beyond"], accuracy["unknown"]), (1, 1))
        self.assertEqual((latency["beyond"], latency["only"]), (2, 2))
        self.assertIn("doesn't pass", self.wattfor("pick", "--min-accuracy", "80").stdout)

    def test_where_nothing_passes_it_says_what_to_loosen_and_fails(self):
        words = ("pick", "--min-accuracy", "84", "--max-energy-j", "0.5")
        answer = self.asked(*words, status=1)
        self.assertEqual(answer["best"], [])
        self.assertEqual([limit["loosened"]["option"] for limit in answer["limits"]],
                         ["--min-accuracy 80", "--max-energy-j 1"])
        loosened = answer["limits"][1]["loosened"]
        self.assertEqual(loosened["model"], "vit_base_patch16_224.a@224")
        self.assertEqual(self.best("--min-accuracy", "84", *loosened["option"].split()),
                         ("vit_base_patch16_224.a", 224))
        self.assertIn("--max-energy-j 1 instead of", self.wattfor(*words, status=1).stdout)

    def test_a_quantity_that_is_known_of_no_model_must_be_left_out(self):
        answer = self.wattfor("pick", "--min-accuracy", "70", "--max-parameters", "1e6", status=1)
        self.assertIn("known of no model", answer.stdout)

    def test_wrong_words_are_refused_with_what_is_near_or_expected(self):
        for words, status, expected in (
                (("--family", "ConvNext"), 1, "'ConvNeXt'"), (("--class", "CNX"), 2, "CNN"),
                (("--setup", "dev_rt_fp16"), 1, "dev_rt_fp32"),
                (("--test-set", "set-b"), 1, "'set-a'"), (("--min-accuracy", "nan"), 2, "0 to 100"),
                (("--max-energy-j", "-1"), 2, "above 0"), (("--input-size", "0"), 2, "above 0"),
                (("--year-from", "2020", "--year-to", "2019"), 2, "--year-to"),
                (("--input-size", "224", "--max-input-size", "300"), 2, "--input-size")):  # fmt: skip
            self.assertIn(expected, self.wattfor("pick", *words, status=status).stderr, words)


if __name__ == "__main__":
    unittest.main()
