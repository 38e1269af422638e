"""Export and import lose nothing and double nothing."""

import csv
import io
import json
import unittest

from program import ProgramTest

ODD_NAMES = ["plain", "two words", "quote'\"", "new\nline", "ünï©ode", "comma,semi;", "<b>&amp;"]


class Exchange(ProgramTest):
    def setUp(self):
        super().setUp()
        for name in ODD_NAMES:
            self.wattfor("run", "--idle-seconds", "0", "--name", name, "--", "true")
        table = "model,input_size,test_set,top1_percent,top5_percent\n"
        (self.home / "a.csv").write_text(table + "plain,8,digits-test,97.5,\n")
        self.wattfor("import", "accuracy", self.home / "a.csv")

    def test_json_goes_out_and_in_without_loss_and_twice_without_doubling(self):
        exported = self.wattfor("export", "--format", "json").stdout
        (self.home / "all.json").write_text(exported)
        other = ("--db", self.home / "other.db")
        for _ in range(2):
            self.wattfor("import", self.home / "all.json", *other)
            again = self.wattfor("export", "--format", "json", *other).stdout
            self.assertEqual(json.loads(again), json.loads(exported))

    def test_csv_has_a_row_a_record_whatever_its_name(self):
        rows = list(csv.DictReader(io.StringIO(self.wattfor("export", "--format", "csv").stdout)))
        self.assertEqual([row["name"] for row in rows], ODD_NAMES)
        for row in rows:
            self.assertGreater(float(row["energy_j"]), 0)
            self.assertEqual(row["basis"], "modelled")

    def test_export_to_a_file_is_the_export_to_stdout(self):
        self.wattfor("export", "--format", "csv", "--output", self.home / "x.csv")
        printed = self.wattfor("export", "--format", "csv").stdout
        self.assertEqual((self.home / "x.csv").read_text(), printed)

    def test_a_csv_is_told_from_an_export_that_can_be_imported(self):
        self.wattfor("export", "--format", "csv", "--output", self.home / "x.csv")
        answer = self.wattfor("import", self.home / "x.csv", status=1)
        self.assertIn("as JSON", answer.stderr)
        answer = self.wattfor("import", self.home / "a.csv", status=1)
        self.assertIn("import accuracy", answer.stderr)

    def test_a_files_name_gives_the_terminal_no_orders(self):
        table = self.home / "a\x1b[2J.csv"
        table.write_text((self.home / "a.csv").read_text())
        self.assertNotIn("\x1b", self.wattfor("import", "accuracy", table).stdout)

    def test_the_store_itself_is_no_file_to_export_to(self):
        before = self.records()
        (self.home / "link").symlink_to(self.db)
        for output in (self.db, self.home / "link", f"{self.db}-wal"):
            answer = self.wattfor("export", "--output", output, status=2)
            self.assertIn(str(output), answer.stderr)
        self.assertEqual(self.records(), before)

    def test_an_accuracy_file_with_a_bad_row_changes_nothing_and_names_the_line(self):
        bad = "model,input_size,test_set,top1_percent,top5_percent\ngood,8,s,90,99\nbad,8,s,190,99\n"
        (self.home / "bad.csv").write_text(bad)
        answer = self.wattfor("import", "accuracy", self.home / "bad.csv", status=1)
        self.assertIn("bad.csv:3", answer.stderr)
        accuracies = json.loads(self.wattfor("export").stdout)["accuracies"]
        self.assertEqual([accuracy["model"] for accuracy in accuracies], ["plain"])


if __name__ == "__main__":
    unittest.main()
