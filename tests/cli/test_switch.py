"""`wattfor switch` over stores of known and of published figures."""

import os
import unittest
from pathlib import Path

from known_models import KnownModels
from program import REPOSITORY

MODELS = [("costly", 224, 1.0, {"set-a": 80.0}), ("cheap", 224, 0.25, {"set-a": 82.0}),
          ("least", 224, 0.1, {"set-a": 70.0}), ("same", 224, 0.995, {"set-a": 80.0}),
          ("unknown", 224, 0.01, {})]  # fmt: skip


class Switch(KnownModels):
    def setUp(self):
        super().setUp()
        self.bring_in(MODELS)

    def test_what_is_as_accurate_for_less_is_named_with_what_it_saves(self):
        answer = self.asked("switch", "costly")
        self.assertFalse(answer["on_pareto_front"])
        cheap, same = answer["alternatives"]
        self.assertEqual((cheap["model"], same["model"]), ("cheap", "same"))
        self.assertAlmostEqual(cheap["saved_j"], 0.75)
        self.assertAlmostEqual(cheap["factor"], 0.25)
        self.assertAlmostEqual(cheap["accuracy_gained_percent"], 2.0)
        # ±0.01 J and ±0.0025 J, joined as squares.
        half = (0.01**2 + 0.0025**2) ** 0.5
        self.assertAlmostEqual(cheap["saved_interval_j"][0], 0.75 - half)
        self.assertAlmostEqual(cheap["saved_interval_j"][1], 0.75 + half)
        self.assertTrue(cheap["is_sure"])

    def test_a_difference_that_may_be_none_is_said_to_be_unsure(self):
        self.assertFalse(self.asked("switch", "costly")["alternatives"][1]["is_sure"])
        text = self.wattfor("switch", "costly").stdout
        self.assertIn("same@224 is exactly as accurate", text)

    def test_a_model_on_the_front_has_nothing_to_switch_to(self):
        answer = self.asked("switch", "cheap@224")
        self.assertTrue(answer["on_pareto_front"])
        self.assertEqual(answer["alternatives"], [])
        self.assertIn("nothing to switch to", self.wattfor("switch", "cheap").stdout)

    def test_a_year_is_kilowatt_hours_money_grams_and_everyday_things(self):
        answer = self.asked("switch", "costly", "--images-per-day", "3.6e6", "--kwh-price", "0.5",
                            "--grid-g-per-kwh", "400", "--equivalents")  # fmt: skip
        self.assertAlmostEqual(answer["current"]["kwh_per_year"], 365.0)
        saved = answer["alternatives"][0]["saved"]
        self.assertAlmostEqual(saved["kwh_per_year"], 0.75 * 365)
        self.assertAlmostEqual(saved["cost_per_year"], 0.75 * 365 * 0.5)
        self.assertAlmostEqual(saved["co2_kg_per_year"], 0.75 * 365 * 0.4)
        for each in answer["alternatives"][0]["equivalents"]:
            self.assertAlmostEqual(each["amount"] * each["kwh_each"], 0.75 * 365)
            self.assertTrue(each["source"] and each["year"])
        text = self.wattfor("switch", "costly", "--images-per-day", "3.6e6", "--equivalents").stdout
        self.assertIn("household in Great Britain", text)

    def test_a_country_and_the_configuration_say_what_a_kilowatt_hour_emits_and_costs(self):
        words = ("switch", "costly", "--images-per-day", "3.6e6")
        saved = self.asked(*words, "--region", "france")["alternatives"][0]["saved"]
        self.assertAlmostEqual(saved["co2_kg_per_year"], 0.75 * 365 * 0.056039)
        self.assertIsNone(saved["cost_per_year"])
        folder = self.home / ".config" / "wattfor"
        folder.mkdir(parents=True)
        settings = '{"region": "FR", "pue": 2, "kwh_price": 0.2, "currency": "EUR"}'
        (folder / "config.json").write_text(settings)
        saved = self.asked(*words)["alternatives"][0]["saved"]
        self.assertAlmostEqual(saved["co2_kg_per_year"], 2 * 0.75 * 365 * 0.056039)
        self.assertAlmostEqual(saved["cost_per_year"], 2 * 0.75 * 365 * 0.2)
        self.assertIn("110 EUR at 0.2 a kWh", self.wattfor(*words).stdout)

    def test_wrong_words_are_refused_with_what_is_near_or_expected(self):
        for words, status, expected in (
                (("cheep",), 1, "'cheap'"), (("cheap@225",), 1, "cheap@224"),
                (("unknown",), 1, "no accuracy on set-a"), (("costly", "--top", "0"), 2, "at least 1"),
                (("costly", "--region", "DE"), 2, "--images-per-day"),
                (("costly", "--images-per-day", "1", "--region", "Frence"), 2, "France"),
                (("costly", "--images-per-day", "1", "--pue", "0.5"), 2, "1 or more"),
                (("costly", "--images-per-day", "nan"), 2, "above 0"),
                (("costly", "--kwh-price", "1"), 2, "--images-per-day"),
                (("costly", "--equivalents"), 2, "--images-per-day"),
                (("costly", "--images-per-day", "1", "--kwh-price", "-1"), 2, "0 or more")):  # fmt: skip
            self.assertIn(expected, self.wattfor("switch", *words, status=status).stderr, words)


PUBLISHED = Path(os.environ.get("WATTFOR_TEST_DATA", REPOSITORY.parent / "shared" / "data"))
STUDY = PUBLISHED / "inference-energy"


@unittest.skipUnless(STUDY.is_dir(), f"the published data set is not in {STUDY}")
class Published(KnownModels):
    def setUp(self):
        super().setUp()
        self.wattfor("import", "study", STUDY)

    def test_published_figures_have_no_interval_and_say_why(self):
        words = ("switch", "vgg16.tv_in1k", "--setup", "A100_PT", "--top", "3")
        answer = self.asked(*words)
        self.assertEqual(len(answer["alternatives"]), 3)
        for each in answer["alternatives"]:
            self.assertGreaterEqual(each["accuracy_percent"], answer["current"]["accuracy_percent"])
            self.assertLess(each["factor"], 0.2)
            self.assertIsNone(each["is_sure"])
        self.assertIn("published figures carry none", self.wattfor(*words).stdout)

    def test_picks_and_comparisons_are_of_the_same_figures(self):
        best = self.asked("pick", "--setup", "A100_PT", "--min-accuracy", "71.6")["best"][0]
        other = self.asked("switch", "vgg16.tv_in1k", "--setup", "A100_PT")["alternatives"][0]
        self.assertEqual(best["energy_j"], other["energy_j"])
        compared = self.asked("compare", "vgg16.tv_in1k",
                              f"{other['model']}@{other['input_size']}", "--setup", "A100_PT")  # fmt: skip
        self.assertEqual(compared["setups"][0]["models"][1]["ratio"], other["factor"])
        self.assertIsNone(compared["setups"][0]["models"][1]["ratio_interval"])


if __name__ == "__main__":
    unittest.main()
