"""The published data set of the inference study: import, report what was left out, rank."""

import json
import unittest

from program import ProgramTest

FIGURES = "Type,Family,Model Name,Input Size,Accuracy,Max BS,Optimal BS,Throughput,Latency,Energy,DONE\n"
ACCURACIES = ("Model Name,Input Size,imagenet-original,imagenet-real,imagenetv2-matched-frequency,"
              "sketch,imagenet-a,imagenet-a-clean,imagenet-r,imagenet-r-clean,url\n")
STATISTICS = ("model_name,input_size_csv,input_size_cfg,crop_pct_csv,crop_pct_cfg,params_csv,"
              "params_tinfo,macs_tinfo,params_ptflops,macs_ptflops,activations\n")


class ImportStudy(ProgramTest):
    def setUp(self):
        super().setUp()
        self.study = self.home / "study"
        self.study.mkdir()
        for setup in ("A100_PT", "A100_TRT", "H100_PT", "H100_TRT"):
            rows = ("T,F,small.w,224,70,64,,2000,16,10,True\n"
                    "T,F,large.w,384,88,64,8,20,400,500,True\n"
                    "T,F,broken.w,224,60,64,8,20,400,nan,True\n")
            (self.study / f"{setup}.csv").write_text(FIGURES + rows)
        (self.study / "model_accuracy.csv").write_text(
            ACCURACIES + "small.w,224,70,,,,,,,,\nlarge.w,384,88,,,,,,,,\n")
        (self.study / "model_stats.csv").write_text(
            STATISTICS + "small.w,224,224,1,1,1,1000000,2e9,1000000,2e9,3e6\n")

    def test_it_says_what_it_read_and_what_it_left_out_and_doubles_nothing(self):
        answer = json.loads(self.wattfor("import", "study", self.study, "--json").stdout)
        self.assertEqual(answer["added"],
                         {"energies": 8, "accuracies": 2, "model_statistics": 4,
                          "measurements": 0, "training_runs": 0})
        self.assertEqual([(table["rows"], table["used"]) for table in answer["tables"]],
                         4 * [(3, 2)] + [(2, 2), (1, 1)])
        self.assertEqual(len(answer["left_out"]), 4)
        self.assertEqual(answer["left_out"][0]["line"], 4)
        self.assertIn("'nan'", answer["left_out"][0]["reason"])
        text = self.wattfor("import", "study", self.study).stdout
        self.assertIn("broken.w at 224", text)
        self.assertIn("new: 0 of 8 energies", text)

    def test_its_setups_are_ranked(self):
        self.wattfor("import", "study", self.study)
        answer = json.loads(self.wattfor("rank", "--setup", "A100_TRT", "--json").stdout)
        self.assertEqual([row["model"] for row in answer["rows"]], ["small.w", "large.w"])
        self.assertAlmostEqual(answer["rows"][0]["energy_j"], 0.010)
        self.assertIsNone(answer["rows"][0]["batch_size"])
        logarithmic = json.loads(self.wattfor("rank", "--setup", "A100_TRT", "--score",
                                              "log-manhattan", "--json").stdout)
        self.assertAlmostEqual(logarithmic["rows"][0]["score"], 85.0)
        table = self.wattfor("rank", "--setup", "H100_PT").stdout
        self.assertIn("NVIDIA H100 PCIe 80GB · PyTorch 2.4 · fp32", table)
        self.assertIn("large.w", table)

    def test_a_folder_that_is_no_study_changes_nothing(self):
        (self.study / "H100_TRT.csv").unlink()
        answer = self.wattfor("import", "study", self.study, status=1)
        self.assertIn("H100_TRT.csv", answer.stderr)
        (self.study / "H100_TRT.csv").write_text("Model Name,Energy\n")
        answer = self.wattfor("import", "study", self.study, status=1)
        self.assertIn("'Input Size' and found none", answer.stderr)
        answer = self.wattfor("import", "study", self.home / "nowhere", status=1)
        self.assertIn("nowhere", answer.stderr)
        self.assertIn("there is no store yet", self.wattfor("rank", status=1).stderr)


if __name__ == "__main__":
    unittest.main()
