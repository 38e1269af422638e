"""SAM of one run and of a table: the value, where it means nothing, what makes a table no comparison."""

import json
import unittest

from program import REPOSITORY, ProgramTest

STUDY = REPOSITORY / "docs" / "data" / "training-study.csv"


class Score(ProgramTest):
    def sam(self, *words, **options):
        return json.loads(self.wattfor("score", "sam", *words, "--json", **options).stdout)

    def test_one_run(self):
        answer = self.sam("--accuracy", "80.2", "--kwh", "67.9001")
        self.assertAlmostEqual(answer["sam"], 0.906, places=3)
        self.assertEqual(answer["warnings"], [])
        self.assertIn("SAM 0.9056", self.wattfor("score", "sam", "--accuracy", "80.2",
                                                 "--kwh", "67.9001").stdout)

    def test_beta_scales_and_log1p_is_another_score(self):
        self.assertAlmostEqual(self.sam("--accuracy", "80", "--kwh", "100", "--beta", "10")["sam"],
                               10 * 0.8 ** 5 / 2)
        self.assertAlmostEqual(self.sam("--accuracy", "80", "--kwh", "9", "--log1p")["sam"],
                               5 * 0.8 ** 5)

    def test_below_ten_kilowatt_hours_it_warns_and_at_one_it_refuses_and_says_why(self):
        self.assertIn("below 10 kWh", self.sam("--accuracy", "80", "--kwh", "1.01")["warnings"][0])
        for kwh in ("1", "0.5", "0", "nan"):
            answer = self.wattfor("score", "sam", "--accuracy", "80", "--kwh", kwh, status=1)
            self.assertIn("no SAM of 80 %", answer.stderr)
        answer = self.wattfor("score", "sam", "--accuracy", "80", "--kwh", "1", status=1)
        self.assertIn("log10", answer.stderr)
        self.wattfor("score", "sam", "--accuracy", "101", "--kwh", "20", status=1)

    def test_the_training_studys_tables_are_ranked_with_what_they_mix(self):
        answer = self.sam("--table", STUDY)
        self.assertEqual(len(answer["rows"]), 21)
        self.assertEqual(answer["rows"][0]["model"], "Mask2Former")
        self.assertAlmostEqual(answer["rows"][0]["sam"], 1.113, places=3)
        self.assertEqual([row["rank"] for row in answer["rows"]], list(range(1, 22)))
        self.assertEqual(answer["left_out"], [])
        self.assertEqual(len(answer["warnings"]), 2)
        self.assertIn("4 × NVIDIA V100 32GB", answer["warnings"][0])
        self.assertIn("data sets", answer["warnings"][1])
        text = self.wattfor("score", "sam", "--table", STUDY).stdout
        self.assertIn("warning: the rows mix hardware", text)
        self.assertIn("Mask2Former", text)

    def test_the_electricity_is_told_in_everyday_things(self):
        told = self.sam("--accuracy", "80", "--kwh", "45", "--equivalents")["equivalents"]
        amounts = {each["thing"]: each["amount"] for each in told}
        self.assertAlmostEqual(amounts["cycles of a tumble dryer"], 10)
        self.assertAlmostEqual(amounts["months of a household in Great Britain"], 45 / 225)
        text = self.wattfor("score", "sam", "--accuracy", "80", "--kwh", "45", "--equivalents").stdout
        self.assertIn("45.0 kWh is as much as:\n", text)
        self.assertIn("\n- 10.0 cycles of a tumble dryer (2023, 4.5 kWh each)\n", text)

    def test_a_tables_rows_are_told_in_one_thing_of_which_each_is_one_or_more(self):
        table = "model,train_kwh,accuracy_percent\nsmall,9,80\nlarge,900,80\n"
        text = self.wattfor("score", "sam", "--table", "-", "--equivalents", stdin=table).stdout
        self.assertRegex(text, r"small .* 2\.00\n")
        self.assertRegex(text, r"large .* 200\n")
        self.assertIn("everyday: cycles of a tumble dryer (2023, 4.5 kWh each)", text)
        rows = self.sam("--table", "-", "--equivalents", stdin=table)["rows"]
        self.assertAlmostEqual(rows[1]["equivalents"][2]["amount"], 200)
        self.assertNotIn("equivalents", self.sam("--table", "-", stdin=table)["rows"][0])

    def test_rows_that_state_too_little_are_named_with_their_lines(self):
        table = ("model,train_kwh,accuracy_percent,batch_size,pretrain_kwh\n"
                 "a,20,80,8,5\nb,20,,8,\nc,,80,8,\nd,,,8,\ne,0.5,80,8,\nf,x,80,8,\ng,5,80,16,\n")
        answer = self.sam("--table", "-", stdin=table)
        self.assertEqual([row["model"] for row in answer["rows"]], ["g", "a"])
        self.assertTrue(answer["rows"][0]["inflated"])
        self.assertEqual([(each["line"], each["what"]) for each in answer["left_out"]],
                         [(3, "b"), (4, "c"), (5, "d"), (6, "e"), (7, "f")])
        self.assertIn("accuracy_percent", answer["left_out"][0]["reason"])
        self.assertIn("train_kwh", answer["left_out"][1]["reason"])
        warnings = " ".join(answer["warnings"])
        self.assertIn("batch sizes (16, 8)", warnings)
        self.assertIn("below 10 kWh", warnings)
        self.assertIn("pretrain_kwh", warnings)
        text = self.wattfor("score", "sam", "--table", "-", stdin=table).stdout
        self.assertIn("standard input:7", text)

    def test_what_is_no_such_table_is_refused(self):
        for text in ("", "name,kwh\na,3\n", 'model,train_kwh\n"a,3\n'):
            self.wattfor("score", "sam", "--table", "-", stdin=text, status=1)
        self.wattfor("score", "sam", "--table", self.home / "none.csv", status=1)


class TrackedRuns(ProgramTest):
    def test_a_run_is_scored_by_the_accuracy_that_it_told(self):
        self.wattfor("run", "--idle-seconds", "0", "--name", "own", "--set", "accuracy=0.8", "--", "true")
        refused = self.wattfor("score", "sam", "own")
        self.assertIn("at or below 1 kWh", refused.stdout)
        answer = json.loads(self.wattfor("score", "sam", "own", "--log1p", "--json").stdout)
        row = answer["rows"][0]
        self.assertEqual((row["run"], row["accuracy_percent"]), (self.records()[0]["id"], 80.0))
        self.assertIn("sam_low", row)
        self.assertIsNone(row["line"])
        table = self.wattfor("score", "sam", "own", "--log1p", "--format", "csv").stdout
        self.assertTrue(table.startswith("rank,model,"))
        self.assertIn("nobody", self.wattfor("score", "sam", "nobody", status=1).stderr)
        self.wattfor("score", "sam", "own", "--kwh", "3", "--accuracy", "80", status=2)


if __name__ == "__main__":
    unittest.main()
