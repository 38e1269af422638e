"""Tables of others: training runs, timm's results, CodeCarbon's; into the store, out and in again."""

import json
import unittest

from program import REPOSITORY, ProgramTest

STUDY = REPOSITORY / "docs" / "data" / "training-study.csv"
EMISSIONS = ("timestamp,project_name,run_id,duration,cpu_energy,gpu_energy,ram_energy,"
             "energy_consumed,cpu_model,gpu_model,ram_total_size,tracking_mode\n")
RESULTS = "model,img_size,top1,top1_err,top5,top5_err,param_count,crop_pct,interpolation\n"
BENCHMARK = ("model,infer_img_size,infer_samples_per_sec,infer_step_time,infer_batch_size,"
             "param_count,infer_gmacs,infer_macts\n")


class Imports(ProgramTest):
    def imported(self, *words):
        return json.loads(self.wattfor("import", *words, "--json").stdout)

    def write(self, name, text, encoding="utf-8"):
        (self.home / name).write_bytes(text.encode(encoding))
        return self.home / name

    def timm(self):
        folder = self.home / "results"
        folder.mkdir()
        (folder / "results-imagenet.csv").write_text(
            RESULTS + 'net.a,224,80,20,95,5,"1,013.01",1,bicubic\nbad.a,224,180,1,2,3,4,5,x\n')
        (folder / "benchmark-infer-amp-nchw-pt240-cu124-rtx4090.csv").write_text(
            BENCHMARK + "net,224,1000,512,512,25.5,4.1,11.1\nlone,224,500,1,1,1,1,1\n")
        return folder

    def test_training_runs_are_kept_and_not_doubled(self):
        answer = self.imported("training", STUDY)
        self.assertEqual(answer["added"]["training_runs"], 21)
        self.assertEqual(answer["left_out"], [])
        self.assertEqual(self.imported("training", STUDY)["added"]["training_runs"], 0)
        runs = json.loads(self.wattfor("export").stdout)["training_runs"]
        self.assertEqual(len(runs), 21)
        self.assertAlmostEqual(runs[0]["train_energy_j"], 67.9001 * 3.6e6, places=3)

    def test_a_row_that_cant_be_used_is_named_and_the_others_are_kept(self):
        table = self.write("t.csv", "\ufeffmodel,train_kwh,accuracy_percent\r\na,20,80\r\n"
                                    "b,-1,80\r\nc,nan,80\r\nd,20,101\r\na,30,80\r\ne,20")
        answer = self.imported("training", table)
        self.assertEqual(answer["added"]["training_runs"], 1)
        self.assertEqual([each["line"] for each in answer["left_out"]], [3, 4, 5, 6, 7])
        text = self.wattfor("import", "training", table).stdout
        self.assertIn("1 of 6 rows give training runs; 5 can't be used", text)
        self.assertIn("t.csv:3: b: train_kwh is '-1'", text)
        self.assertIn("new: 0 of 1 training runs", text)

    def test_what_is_no_table_at_all_changes_nothing(self):
        for kind in ("training", "codecarbon", "accuracy"):
            for text, encoding in (("", "utf-8"), ("model\na\n", "utf-16"), ("x,y\n1,2\n", "utf-8"),
                                   ('model,timestamp\n"a', "utf-8")):
                table = self.write("t.csv", text, encoding)
                self.assertIn("t.csv", self.wattfor("import", kind, table, status=1).stderr)
        self.wattfor("import", "timm", self.home, status=1)
        self.assertFalse(self.db.exists())

    def test_timm_gives_accuracies_counts_and_energies_by_the_power_limit(self):
        answer = self.imported("timm", self.timm())
        self.assertEqual(answer["added"], {"energies": 2, "accuracies": 1, "model_statistics": 2,
                                           "measurements": 0, "training_runs": 0})
        self.assertEqual(len(answer["left_out"]), 1)
        rank = json.loads(self.wattfor("rank", "--json").stdout)
        self.assertEqual(rank["rows"][0]["model"], "net.a")
        self.assertEqual(rank["rows"][0]["basis"], "modelled")
        self.assertAlmostEqual(rank["rows"][0]["energy_j"], 0.45)
        self.assertIn("modelled", self.wattfor("rank").stdout)

    def test_codecarbons_runs_become_records(self):
        table = self.write("emissions.csv", EMISSIONS +
                           "2024-03-01T00:01:00,train,id-1,60,0.001,0.1,0.002,0.103,Xeon,A100,64,machine\n"
                           "2024-03-01T00:02:00,train,id-2,60,0.001,0.1,0.002,0.2,Xeon,A100,64,machine\n")
        answer = self.imported("codecarbon", table)
        self.assertEqual(answer["added"]["measurements"], 1)
        self.assertIn("the sum of its parts", answer["left_out"][0]["reason"])
        record, = self.records()
        self.assertEqual((record["id"], record["name"]), ("id-1", "train"))
        self.assertAlmostEqual(record["energy"]["total"]["energy_j"], 0.103 * 3.6e6)
        self.assertEqual([part["basis"] for part in record["energy"]["components"]],
                         ["modelled", "measured", "modelled"])
        self.assertEqual(self.imported("codecarbon", table)["added"]["measurements"], 0)

    def test_an_export_holds_all_of_it_and_an_import_of_that_makes_the_same_store(self):
        self.wattfor("import", "training", STUDY)
        self.wattfor("import", "timm", self.timm())
        exported = self.wattfor("export").stdout
        whole = json.loads(exported)
        self.assertEqual([len(whole[kind]) for kind in ("figures", "model_statistics",
                                                        "training_runs", "accuracies")],
                         [2, 2, 21, 1])
        file = self.write("all.json", exported)
        other = ("--db", self.home / "other.db")
        answer = json.loads(self.wattfor("import", file, "--json", *other).stdout)
        self.assertEqual(answer["added"], answer["read"])
        self.assertEqual(json.loads(self.wattfor("export", *other).stdout), whole)
        again = json.loads(self.wattfor("import", file, "--json", *other).stdout)
        self.assertEqual(set(again["added"].values()), {0})

    def test_an_accuracy_table_answers_as_json_too(self):
        table = self.write("a.csv", "model,input_size,test_set,top1_percent,top5_percent\nm,8,t,9,\n")
        answer = self.imported("accuracy", table)
        self.assertEqual(answer["added"]["accuracies"], 1)
        self.assertEqual(answer["tables"][0]["of"], "accuracies")

    def test_a_table_is_told_from_an_export(self):
        answer = self.wattfor("import", STUDY, status=1)
        self.assertIn("import training", answer.stderr)


if __name__ == "__main__":
    unittest.main()
