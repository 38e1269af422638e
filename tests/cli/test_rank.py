"""`wattfor rank` over a store of known figures."""

import json
import unittest

from known_models import KnownModels

# Model, energy per image in J, accuracy in percent; the setup's greatest energy is 1 J.
MODELS = [("small", 0.1, 90.0), ("middle", 0.4, 95.0), ("large", 1.0, 97.0), ("bad", 0.5, 60.0)]


class Rank(KnownModels):
    def setUp(self):
        super().setUp()
        self.bring_in([(name, 8, energy, {"set-a": accuracy}) for name, energy, accuracy in MODELS])

    def rows(self, *words) -> list[dict]:
        return json.loads(self.wattfor("rank", "--json", *words).stdout)["rows"]

    def test_the_manhattan_score_is_the_documented_formula_at_each_models_best_batch(self):
        scores = {row["model"]: row["score"] for row in self.rows()}
        for name, energy, accuracy in MODELS:
            expected = 100 - (0.5 * energy / 1.0 * 100 + 0.5 * (100 - accuracy))
            self.assertAlmostEqual(scores[name], expected, places=9)
        self.assertEqual({row["batch_size"] for row in self.rows()}, {8})

    def test_thresholds_do_not_move_the_scores_of_those_that_stay(self):
        whole = {row["model"]: row["score"] for row in self.rows()}
        for words in (("--max-energy-j", "0.45"), ("--min-accuracy", "92"), ("--top", "2")):
            for row in self.rows(*words):
                self.assertEqual(row["score"], whole[row["model"]], words)

    def test_efficiency_is_percent_per_joule(self):
        rows = self.rows("--score", "efficiency", "--min-accuracy", "80")
        self.assertEqual([row["model"] for row in rows], ["small", "middle", "large"])
        self.assertAlmostEqual(rows[0]["score"], 900.0)

    def test_the_front_holds_what_no_other_model_beats(self):
        front = {row["model"] for row in self.rows() if row["on_pareto_front"]}
        self.assertEqual(front, {"small", "middle", "large"})

    def test_each_row_has_the_promised_keys(self):
        promised = {"rank", "model", "input_size", "accuracy_percent", "energy_j", "energy_low_j",
                    "energy_high_j", "comparison_low_j", "comparison_high_j", "basis",
                    "batch_size", "throughput_per_s", "latency_ms", "score",
                    "on_pareto_front"}  # fmt: skip
        for row in self.rows():
            self.assertLessEqual(promised, set(row))

    def test_two_test_sets_must_be_chosen_from_and_their_mean_counts(self):
        self.accuracies([f"{name},8,set-b,80," for name, _, _ in MODELS[:2]])
        answer = self.wattfor("rank", status=2)
        self.assertIn("set-a", answer.stderr)
        self.assertIn("set-b", answer.stderr)
        means = {r["model"]: r["accuracy_percent"]
                 for r in self.rows("--test-set", "set-a", "--test-set", "set-b")}  # fmt: skip
        self.assertEqual(means, {"small": 85.0, "middle": 87.5})

    def test_a_limit_that_is_none_is_refused_with_what_is_expected(self):
        for words, expected in ((("--top", "0"), "at least 1"),
                                (("--max-energy-j", "inf"), "joules above 0"),
                                (("--max-energy-j", "0"), "joules above 0"),
                                (("--weight", "2"), "from 0 "),
                                (("--min-accuracy", "-1"), "from 0 to 100")):  # fmt: skip
            answer = self.wattfor("rank", *words, status=2)
            self.assertIn(words[0], answer.stderr)
            self.assertIn(expected, answer.stderr)
            self.assertLess(len(answer.stderr), 200)

    def test_sam_is_of_the_electricity_to_train_where_it_is_known_by_name(self):
        refused = self.wattfor("rank", "--score", "sam", status=1)
        self.assertIn("wattfor import training", refused.stderr)
        table = self.home / "training.csv"
        table.write_text("model,train_kwh\nsmall,100\nlarge,10000\n")
        self.wattfor("import", "training", table)
        answer = json.loads(self.wattfor("rank", "--score", "sam", "--json").stdout)
        self.assertEqual([row["model"] for row in answer["rows"]], ["small", "large"])
        self.assertAlmostEqual(answer["rows"][0]["score"], 5 * 0.9**5 / 2)
        self.assertEqual([row["train_kwh"] for row in answer["rows"]], [100.0, 10000.0])
        self.assertEqual({each["model"] for each in answer["without_training"]}, {"middle", "bad"})
        self.assertIn("kWh to train", self.wattfor("rank", "--score", "sam").stdout)

    def test_an_unknown_setup_is_refused_with_those_there_are(self):
        answer = self.wattfor("rank", "--setup", "dev_rt_fp16", status=1)
        self.assertIn("dev_rt_fp32", answer.stderr)


if __name__ == "__main__":
    unittest.main()
