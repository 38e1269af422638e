"""`wattfor analyze`: what it answers, as text, as JSON and as a folder to be read."""

import csv
import json
import math
import unittest

from program import REPOSITORY, ProgramTest
from test_import_study import ACCURACIES, FIGURES, STATISTICS

LISTS = ("setups", "correlations", "reductions", "diminishing_returns", "drivers", "flawed_counts",
         "naive_estimate", "input_size", "scores", "power", "classes", "years", "sam", "sam_alpha",
         "training_conditions", "training_lines", "training_phases", "pretraining", "training_years")


class Analyze(ProgramTest):
    def import_study(self):
        study = self.home / "study"
        study.mkdir()
        models = [("resnet18.w", 224, 70), ("resnet50.w", 224, 76), ("resnet50.w", 288, 77),
                  ("vit_base.w", 224, 84), ("<b>&.w", 224, 50)]
        for setup, factor in (("A100_PT", 8), ("A100_TRT", 2), ("H100_PT", 7), ("H100_TRT", 2)):
            rows = "".join(f"T,F,{model},{size},1,64,8,{240000 / (factor * 2**i)},9,{factor * 2**i + i},True\n"
                           for i, (model, size, _) in enumerate(models))
            (study / f"{setup}.csv").write_text(FIGURES + rows)
        (study / "model_accuracy.csv").write_text(
            ACCURACIES + "".join(f"{model},{size},{percent},,,,,,,,\n" for model, size, percent in models))
        (study / "model_stats.csv").write_text(
            STATISTICS + "".join(f"{model},{size},{size},1,1,{i + 1},{i + 1}000000,{i + 1}e9,{i + 1}000000,"
                                 f"{i + 1}e9,{i + 1}e6\n" for i, (model, size, _) in enumerate(models)))
        self.wattfor("import", "study", study)

    def test_an_answer_has_every_key_and_names_setups_as_they_were_published(self):
        self.import_study()
        answer = json.loads(self.wattfor("analyze", "--json").stdout)
        for key in LISTS:
            self.assertIsInstance(answer[key], list, key)
        self.assertEqual(sorted(answer["pareto"]), ["A100_PT", "A100_TRT", "H100_PT", "H100_TRT"])
        front = answer["pareto"]["A100_TRT"]
        self.assertEqual([each["model"] for each in front],
                         ["resnet18.w", "resnet50.w", "resnet50.w", "vit_base.w"])
        self.assertEqual(front[0], {"model": "resnet18.w", "input_size": 224, "energy_j": 0.002,
                                    "accuracy_percent": 70.0})
        self.assertEqual({each["to"] for each in answer["reductions"]}, {"A100_TRT", "H100_TRT"})

    def test_scores_stand_side_by_side_and_above_thresholds(self):
        """The scores by their definitions, of 2, 5, 10, 19 and 36 mJ at W = 0.5."""
        self.import_study()
        scores = {each["setup"]: each for each in json.loads(self.wattfor("analyze", "--json").stdout)["scores"]}
        of = scores["A100_TRT"]
        self.assertEqual((of["models"], of["weight"]), (5, 0.5))
        models = [("resnet18.w", 224, 70, 2), ("resnet50.w", 224, 76, 5), ("resnet50.w", 288, 77, 10),
                  ("vit_base.w", 224, 84, 19), ("<b>&.w", 224, 50, 36)]
        by = {"manhattan": lambda a, e: 100 - (50 * e / 36 + 0.5 * (100 - a)),
              "log-manhattan": lambda a, e: 100 - (50 * math.log(e / 2) / math.log(18) + 0.5 * (100 - a)),
              "efficiency": lambda a, e: a / (e / 1000)}
        values = {}
        for ranking in of["rankings"]:
            score = by[ranking["score"]]
            values[ranking["score"]] = [score(a, e) for _, _, a, e in models]
            expected = sorted(models, key=lambda model: -score(model[2], model[3]))
            self.assertEqual([(each["model"], each["input_size"]) for each in ranking["first"]],
                             [model[:2] for model in expected])
            for each, (_, _, percent, energy_mj) in zip(ranking["first"], expected):
                self.assertAlmostEqual(each["score"], score(percent, energy_mj))
        for each in of["agreements"]:
            a, b = values[each["a"]], values[each["b"]]
            pairs = [(i, j) for i in range(5) for j in range(i)]
            concordant = sum((a[i] > a[j]) == (b[i] > b[j]) for i, j in pairs)
            self.assertAlmostEqual(each["kendall"], (2 * concordant - len(pairs)) / len(pairs))
        self.assertEqual([(each["min_accuracy_percent"], each["max_energy_j"], each["models"])
                          for each in of["thresholds"]],
                         [(70, None, 4), (75, None, 3), (80, None, 1), (85, None, 0),
                          (None, 0.019, 4), (None, 0.01, 3), (None, 0.005, 2)])
        self.assertEqual(of["thresholds"][4]["first"]["manhattan"]["model"], "resnet18.w")
        self.assertEqual(of["thresholds"][1]["first"]["efficiency"]["model"], "resnet50.w")
        self.assertIsNone(of["thresholds"][3]["first"]["manhattan"])
        text = self.wattfor("analyze", "--setup", "A100_TRT").stdout
        self.assertIn("The first ten models by each score on A100_TRT", text)
        self.assertIn("resnet50.w@288", text)

    def test_own_sweeps_give_the_energy_over_the_batch_size(self):
        model = self.home / "model.onnx"
        model.write_text("weights")
        quick = ("--max-seconds", "0.05", "--replicates", "2", "--idle-seconds", "0")
        self.wattfor("sweep", model, "--worker", "fake", *quick, "--batch-sizes", "1")
        self.assertNotIn("batch_curves", json.loads(self.wattfor("analyze", "--json").stdout))
        self.wattfor("sweep", model, "--worker", "fake", *quick, "--batch-sizes", "1,2,8")
        curve, = json.loads(self.wattfor("analyze", "--json").stdout)["batch_curves"]
        records = {record["cell"]["batch_size"]: record["result"] for record in self.records()}
        self.assertEqual(curve["model"], "model")
        self.assertEqual([point["batch_size"] for point in curve["points"]], [1, 2, 8])
        energies = {}
        for point in curve["points"]:
            result = records[point["batch_size"]]
            energies[point["batch_size"]] = result["energy_per_image"]["energy_j"]
            self.assertEqual(point["energy_j"], result["energy_per_image"]["energy_j"])
            self.assertEqual(point["throughput_per_s"], result["throughput_per_s"])
            self.assertAlmostEqual(point["mean_power_w"], point["energy_j"] * point["throughput_per_s"])
            self.assertIsNone(point["limit_energy_j"])
        self.assertEqual(curve["best_batch_size"], min(energies, key=energies.get))
        self.assertAlmostEqual(curve["smallest_batch_factor"], energies[1] / min(energies.values()))
        self.assertIn("The batch size of the least energy", self.wattfor("analyze").stdout)
        self.wattfor("analyze", "--out", self.home / "report")
        self.assertTrue(list((self.home / "report" / "figures").glob("batch_curves_*.svg")))
        self.assertTrue((self.home / "report" / "tables" / "batch_curves.csv").exists())

    def test_text_tells_the_same_and_one_setup_is_enough(self):
        self.import_study()
        text = self.wattfor("analyze", "--setup", "A100_TRT").stdout
        self.assertIn("Pareto front of A100_TRT", text)
        self.assertNotIn("H100_PT", text)
        self.assertIn("vit_base.w", text)

    def test_a_folder_holds_figures_tables_a_page_and_the_answer(self):
        self.import_study()
        out = self.home / "report"
        done = self.wattfor("analyze", "--out", out)
        self.assertEqual(done.stdout, "")
        self.assertIn("report.html", done.stderr)
        self.assertEqual(json.loads((out / "analysis.json").read_text()),
                         json.loads(self.wattfor("analyze", "--json").stdout))
        page = (out / "report.html").read_text()
        self.assertIn("energy_accuracy_A100_TRT", page)
        self.assertNotIn("<b>&.w", page)
        self.assertIn("github JimZeyuYang/DL-Inference-Energy-Efficiency", page)
        figures = {path.name for path in (out / "figures").iterdir()}
        self.assertIn("energy_accuracy_A100_TRT.svg", figures)
        if "no PNG files" not in done.stderr:
            self.assertIn("energy_accuracy_A100_TRT.png", figures)
        table = (out / "tables" / "correlations.csv").read_text()
        self.assertTrue(table.startswith("a,b,models_of,models,pearson,spearman"), table[:80])
        self.assertTrue((out / "tables" / "correlations.tex").exists())
        self.wattfor("analyze", "--out", out)  # again, over its own files

    def test_a_folder_with_something_else_in_it_is_left_alone(self):
        self.import_study()
        out = self.home / "thesis"
        out.mkdir()
        (out / "chapter.tex").write_text("years of work")
        done = self.wattfor("analyze", "--out", out, status=2)
        self.assertIn("thesis", done.stderr)
        self.assertEqual([path.name for path in out.iterdir()], ["chapter.tex"])

    def test_training_runs_alone_are_analysed_too(self):
        self.wattfor("import", "training", REPOSITORY / "docs" / "data" / "training-study.csv")
        answer = json.loads(self.wattfor("analyze", "--json").stdout)
        self.assertEqual(answer["setups"], [])
        first = {group["dataset"]: group["runs"][0] for group in answer["sam"]}
        self.assertEqual(first["Cityscapes"]["model"], "Mask2Former")
        self.assertAlmostEqual(first["Cityscapes"]["sam"], 1.113, delta=5e-4)
        self.assertIn("Mask2Former", self.wattfor("analyze").stdout)

    def test_a_line_through_parts_says_what_all_the_data_take_with_its_interval(self):
        shares, kwh = (0.1, 0.2, 0.5), (0.5, 1.25, 2.5)
        table = self.home / "parts.csv"
        table.write_text("dataset,model,epochs,data_fraction,train_kwh\n"
                         + "".join(f"d,m,1,{f},{e}\n" for f, e in zip(shares, kwh)))
        self.wattfor("import", "training", table)
        self.wattfor("analyze", "--out", self.home / "report")
        with (self.home / "report" / "tables" / "training_lines.csv").open(newline="") as file:
            (row,) = csv.DictReader(file)
        # Least squares by the textbook; of three rows one degree of freedom, whose t is Cauchy's.
        mean_f, mean_e = sum(shares) / 3, sum(kwh) / 3
        squares = sum((f - mean_f) ** 2 for f in shares)
        slope = sum((f - mean_f) * (e - mean_e) for f, e in zip(shares, kwh)) / squares
        whole = mean_e + slope * (1 - mean_f)
        left = sum((e - mean_e - slope * (f - mean_f)) ** 2 for f, e in zip(shares, kwh))
        half = math.tan(math.pi * 0.475) * math.sqrt(left * (1 + 1 / 3 + (1 - mean_f) ** 2 / squares))
        for column, expected in (("whole_kwh", whole), ("whole_low_kwh", whole - half), ("whole_high_kwh", whole + half)):
            self.assertAlmostEqual(float(row[column]), expected, delta=1e-9 * whole, msg=column)

    def test_training_runs_are_told_in_everyday_things(self):
        table = self.home / "runs.csv"
        table.write_text("model,dataset,pretrain_kwh,train_kwh,finetune_kwh,test_kwh\n"
                         "a,x,10,20,4,2\nb,x,,9,,\nc,x,,,,\n")
        self.wattfor("import", "training", table)
        self.assertNotIn("training_equivalents", json.loads(self.wattfor("analyze", "--json").stdout))
        told = json.loads(self.wattfor("analyze", "--equivalents", "--json").stdout)["training_equivalents"]
        self.assertEqual([(each["model"], each["total_kwh"]) for each in told], [("a", 36), ("b", 9)])
        dryer, = [each for each in told[0]["equivalents"] if "dryer" in each["thing"]]
        self.assertAlmostEqual(dryer["amount"], 8)
        text = self.wattfor("analyze", "--equivalents").stdout
        self.assertIn("cycles of a tumble dryer", text)
        self.wattfor("analyze", "--equivalents", "--out", self.home / "report")
        rows = (self.home / "report" / "tables" / "training_equivalents.csv").read_text().splitlines()
        self.assertTrue(rows[0].startswith("model,total_kwh,cycles_of_a_tumble_dryer,"), rows[0])
        self.assertTrue(rows[1].startswith("a,36,8,"), rows[1])

    def test_without_a_training_run_there_is_nothing_to_tell_in_everyday_things(self):
        self.import_study()
        self.assertIn("no training run", self.wattfor("analyze", "--equivalents").stdout)
        self.assertEqual(json.loads(self.wattfor("analyze", "--equivalents", "--json").stdout)
                         ["training_equivalents"], [])

    def test_what_is_not_there_is_named(self):
        done = self.wattfor("analyze", status=1)
        self.assertIn("no store", done.stderr.lower().replace("there is no", "no"))
        self.import_study()
        self.assertIn("did you mean 'A100_TRT'?", self.wattfor("analyze", "--setup", "A100_TR", status=1).stderr)
        self.assertIn("imagenet-original",
                      self.wattfor("analyze", "--test-set", "imagenet-originl", status=1).stderr)


if __name__ == "__main__":
    unittest.main()
