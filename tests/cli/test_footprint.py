"""`wattfor footprint` over runs whose figures are known: 1/10 of 100 kWh, 3 kWh, a test of 20 Wh."""

import csv
import io
import json
import unittest

from program import ProgramTest

PRETRAIN, FINETUNE, TEST = (f"{digit * 8}-0000-4000-8000-000000000000" for digit in "123")


def figure(kwh: float) -> dict:
    """±10 % in itself."""
    joules = 3.6e6 * kwh
    return {"energy_j": joules, "energy_low_j": 0.9 * joules, "energy_high_j": 1.1 * joules,
            "comparison_low_j": None, "comparison_high_j": None}  # fmt: skip


class Footprint(ProgramTest):
    def setUp(self):
        super().setUp()
        self.wattfor("run", "--idle-seconds", "0", "--", "true")
        self.template = self.records()[0]
        self.bring_in([
            self.run_of(PRETRAIN, "pretrain", "pre-training", 100.0, 50.0),
            self.run_of(FINETUNE, "finetune", "fine-tuning", 3.0, 4.0, [(PRETRAIN, 10)]),
            self.run_of(TEST, "test", "testing", 0.02, 0.1, [(FINETUNE, 1)]),
        ])  # fmt: skip

    def run_of(self, id, name, phase, kwh, hours, builds_on=()) -> dict:
        record = json.loads(json.dumps(self.template)) | {"id": id, "name": name}
        record["started_at"] = "2026-03-01T12:30:00.000Z"
        cpu = record["energy"]["components"][0] | figure(kwh)
        cpu |= {"kind": "cpu", "basis": "measured", "sensors": ["rapl:package-0"],
                "assumption": "", "in_total": True}  # fmt: skip
        total = record["energy"]["total"] | figure(kwh) | {"scope": "cpu", "basis": "measured"}
        record["energy"] |= {"duration_s": 3600.0 * hours, "components": [cpu], "total": total}
        record["training"] = {
            "model": "MAE", "task": "", "dataset": "", "phase": phase, "epochs_total": None,
            "data_fraction": None, "batch_size": None, "metric": "", "accuracy_percent": None,
            "builds_on": [{"run": run, "uses": uses} for run, uses in builds_on],
        }  # fmt: skip
        return record

    def bring_in(self, records: list[dict]) -> None:
        path = self.home / "records.json"
        export = {"format": "wattfor", "version": 1, "measurements": records, "accuracies": []}
        path.write_text(json.dumps(export))
        self.wattfor("import", path)

    def asked(self, *words) -> dict:
        return json.loads(self.wattfor("footprint", *words, "--json").stdout)

    def test_the_total_is_of_the_run_and_its_share_of_what_it_was_built_on(self):
        answer = self.asked("finetune", "--region", "DE", "--pue", "1.2", "--kwh-price", "0.3")
        total = answer["total"]
        self.assertAlmostEqual(total["energy_j"] / 3.6e6, 13.0)
        self.assertAlmostEqual(total["facility_energy_j"] / 3.6e6, 15.6)
        self.assertAlmostEqual(total["facility_energy_low_j"] / 3.6e6, 14.04)
        self.assertAlmostEqual(total["carbon_g"], 15.6 * 380.95)
        self.assertAlmostEqual(total["carbon_high_g"], 1.1 * 15.6 * 380.95)
        self.assertAlmostEqual(total["cost"], 4.68)
        self.assertEqual([run["id"] for run in answer["runs"]], [PRETRAIN, FINETUNE])
        self.assertEqual([run["share"] for run in answer["runs"]], [0.1, 1.0])
        # 3 kWh in 4 h, PUE and all.
        self.assertAlmostEqual(answer["runs"][1]["facility_power_w"], 900.0)
        self.assertEqual([run["id"] for run in answer["tests"]], [TEST])
        self.assertAlmostEqual(answer["phases"][0]["pretraining_percent"], 1000.0 / 13.02)

    def test_no_country_is_guessed(self):
        answer = self.asked("finetune")
        self.assertIsNone(answer["total"]["carbon_g"])
        self.assertIsNone(answer["electricity"]["region"])
        text = self.wattfor("footprint", "finetune").stdout
        for word in ("carbon is left out", "--region", "--intensity", ".config/wattfor/config.json"):
            self.assertIn(word, " ".join(text.split()))
        refused = self.wattfor("footprint", "finetune", "--format", "huggingface", status=2)
        self.assertIn("--region", refused.stderr)

    def test_the_configuration_says_what_the_words_do_not(self):
        settings = self.home / "settings.json"
        settings.write_text('{"region": "france", "pue": 1.5, "kwh_price": 0.2, "currency": "CHF"}')
        self.env["WATTFOR_CONFIG"] = str(settings)
        self.assertAlmostEqual(self.asked("finetune")["total"]["carbon_g"], 13 * 1.5 * 56.039)
        own = self.asked("finetune", "--intensity", "10", "--pue", "1")
        self.assertAlmostEqual(own["total"]["carbon_g"], 130.0)
        self.assertAlmostEqual(own["total"]["cost"], 2.6)
        self.assertEqual(own["electricity"]["currency"], "CHF")
        for text, words in (('{"reigon": "FR"}', "'reigon'; did you mean 'region'"),
                            ('{"pue": "1"}', "'pue'"), ("region=FR", "JSON object")):  # fmt: skip
            settings.write_text(text)
            refused = self.wattfor("footprint", "finetune", status=1).stderr
            self.assertIn(str(settings), refused)
            self.assertIn(words, refused)
        settings.unlink()
        self.assertIn(str(settings), self.wattfor("footprint", "finetune", status=1).stderr)

    def test_a_run_may_be_said_to_build_on_another(self):
        answer = self.asked("finetune", "--uses", "100")
        self.assertAlmostEqual(answer["total"]["energy_j"] / 3.6e6, 4.0)
        self.bring_in([self.run_of("4" * 36, "alone", "training", 5.0, 1.0)])
        answer = self.asked("alone", "--built-on", "pretrain", "--uses", "50")
        self.assertAlmostEqual(answer["total"]["energy_j"] / 3.6e6, 7.0)
        self.assertIn("--built-on", self.wattfor("footprint", "alone", "--uses", "2", status=2).stderr)

    def test_a_name_of_several_runs_lists_them(self):
        self.bring_in([self.run_of("5" * 36, "finetune", "fine-tuning", 7.0, 1.0)])
        refused = self.wattfor("footprint", "finetune", status=2).stderr
        for word in (FINETUNE, "5" * 36, "10.8 MJ", "25.2 MJ", "2026-03-01"):
            self.assertIn(word, refused)
        self.assertAlmostEqual(self.asked("5555")["total"]["energy_j"], 25.2e6)

    def test_wrong_words_are_refused_with_what_is_near_or_expected(self):
        for words, status, expected in (
                (("finetun",), 1, "'finetune'"), (("finetune", FINETUNE), 2, "are one run"),
                (("finetune", "--region", "Germny"), 2, "Germany"), (("finetune", "--pue", "0.5"), 2, "1 or more"),
                (("finetune", "--intensity", "-1"), 2, "0 or more"), (("finetune", "--intensity", "nan"), 2, "0 or more"),
                (("finetune", "--kwh-price", "-1"), 2, "0 or more"), (("finetune", "--uses", "0.5"), 2, "--uses"),
                (("finetune", "--format", "xml"), 2, "--format"), ((), 2, "runs"),
                (("finetune", "--output", self.db), 2, "store")):  # fmt: skip
            refused = self.wattfor("footprint", *words, status=status)
            self.assertIn(expected, refused.stderr, words)
            self.assertEqual(refused.stdout, "", words)

    def test_runs_that_build_on_each_other_are_refused_and_a_lacking_one_is_told(self):
        self.bring_in([
            self.run_of("6" * 36, "hen", "training", 1.0, 1.0, [("7" * 36, 1)]),
            self.run_of("7" * 36, "egg", "training", 1.0, 1.0, [("6" * 36, 1)]),
            self.run_of("8" * 36, "orphan", "fine-tuning", 1.0, 1.0, [("9" * 36, 1)]),
        ])  # fmt: skip
        self.assertIn("in a circle", self.wattfor("footprint", "hen", status=1).stderr)
        answer = self.asked("orphan")
        self.assertIn("9" * 36, answer["warnings"][0])
        self.assertIn("short of it", answer["warnings"][0])

    def test_emissions_csv_goes_behind_what_is_there_and_comes_back(self):
        path = self.home / "emissions.csv"
        words = ("--region", "DE", "--format", "emissions-csv", "--output", path)
        self.wattfor("footprint", "pretrain", *words)
        self.wattfor("footprint", "finetune", *words)
        rows = list(csv.DictReader(io.StringIO(path.read_text())))
        self.assertEqual([row["run_id"] for row in rows], [PRETRAIN, FINETUNE])
        self.assertEqual(rows[1]["timestamp"], "2026-03-01T16:30:00")
        self.assertAlmostEqual(float(rows[1]["energy_consumed"]), 3.0)
        self.assertAlmostEqual(float(rows[1]["emissions"]), 3 * 0.38095)
        self.assertEqual(rows[1]["gpu_energy"], "")
        self.assertIn(FINETUNE, self.wattfor("footprint", "finetune", *words, status=1).stderr)

        other = self.home / "other.db"
        self.wattfor("import", "codecarbon", path, env={"WATTFOR_DB": str(other)})
        back = json.loads(self.wattfor("footprint", "finetune", "--json", "--db", other).stdout)
        self.assertAlmostEqual(back["total"]["energy_j"], 3 * 3.6e6, places=3)

        path.write_text("a,b\n1,2\n")
        self.assertIn("columns", self.wattfor("footprint", "finetune", *words, status=1).stderr)
        self.assertEqual(path.read_text(), "a,b\n1,2\n")

    def test_every_form_is_written_and_the_picture_drawn(self):
        svg = self.home / "shares.svg"
        for form, expected in (
                ("text", "5.94 kg of CO2 equivalent"), ("markdown", "| finetune | fine-tuning |"),
                ("markdown", "| finetune | 13.02 | 76.8 | – | 23.0 | 0.154 |"),
                ("latex", "\\begin{table}"), ("csv", "finetune,fine-tuning,100,measured,3.6,3.24,3.96"),
                ("emissions-csv", "timestamp,project_name,run_id"), ("huggingface", "  emissions: 5943\n"),
                ("statement", "15.6 kWh (95 % interval 14.0 kWh to 17.2 kWh)")):  # fmt: skip
            words = ("finetune", "--region", "DE", "--pue", "1.2", "--format", form)
            text = self.wattfor("footprint", *words, "--svg", svg).stdout
            self.assertIn(expected, text, form)
            path = self.home / f"out.{form}"
            self.wattfor("footprint", *words, "--output", path)
            if form != "text":  # as wide as the terminal
                with path.open(newline="") as file:
                    self.assertEqual(file.read().replace("\r", ""), text.replace("\r", ""), form)
        self.assertIn("pre-training", svg.read_text())
        self.assertTrue(svg.read_text().startswith("<"))


if __name__ == "__main__":
    unittest.main()
