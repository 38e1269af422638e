"""Bad input gets a message that names the file and the remedy; nothing else is lost."""

import sqlite3
import unittest

from program import DIGITS, ProgramTest

QUICK = ("--max-seconds", "0.05", "--replicates", "2", "--idle-seconds", "0", "--batch-sizes", "1")


class Models(ProgramTest):
    def sweep_fails(self, path, *words) -> str:
        """The reason under which the sweep records the model's failure."""
        answer = self.wattfor("sweep", path, *QUICK, *words, status=1)
        return answer.stderr + answer.stdout

    def test_a_model_that_is_missing_is_named(self):
        self.assertIn("no-such.onnx", self.sweep_fails(self.home / "no-such.onnx"))

    def test_models_that_are_no_onnx_are_failed_cells_and_the_others_are_measured(self):
        whole = (DIGITS / "digits_mlp_xs.onnx").read_bytes()
        (self.home / "truncated.onnx").write_bytes(whole[: len(whole) // 2])
        (self.home / "text.onnx").write_text("this is no model\n")
        (self.home / "empty.onnx").write_bytes(b"")
        (self.home / "good ünd 'quoted'\n.onnx").write_bytes(whole)
        models = sorted(self.home.glob("*.onnx"))
        self.wattfor("sweep", *models, *QUICK, status=1)
        outcomes = {r["cell"]["model"]["name"]: r["outcome"] for r in self.records()}
        self.assertEqual(
            outcomes,
            {
                "truncated": "failed",
                "text": "failed",
                "empty": "failed",
                "good ünd 'quoted'\n": "done",
            },
        )
        for record in self.records():
            if record["outcome"] == "failed":
                self.assertIn(record["cell"]["model"]["name"] + ".onnx", record["reason"])
        (self.home / "all.json").write_text(self.wattfor("export").stdout)
        self.wattfor("import", self.home / "all.json", "--db", self.home / "copy.db")

    def test_a_missing_runtime_library_is_named_with_the_way_to_get_it(self):
        model = DIGITS / "digits_mlp_xs.onnx"
        text = self.sweep_fails(model, "--runtime-library", "/no/such/libonnxruntime.so")
        self.assertIn("/no/such/libonnxruntime.so", text)
        self.assertIn("pip install onnxruntime", text)
        # It is no fault of the model: nothing stands in the way once the library is there.
        self.assertEqual(self.records(), [])

    def test_an_unknown_worker_is_named(self):
        text = self.sweep_fails(DIGITS / "digits_mlp_xs.onnx", "--worker", "abacus")
        self.assertIn("wattfor-worker-abacus", text)


class Stores(ProgramTest):
    def refuses(self, *words, db) -> str:
        verb, *others = words
        answer = self.wattfor(verb, "--db", db, *others, status=1)
        self.assertIn(str(db), answer.stderr)
        return answer.stderr

    def test_a_store_from_the_future_is_left_alone(self):
        self.wattfor("run", "--idle-seconds", "0", "--", "true")
        with sqlite3.connect(self.db) as store:
            store.execute("PRAGMA user_version = 9999")
            store.execute("PRAGMA journal_mode = DELETE")
        before = self.db.read_bytes()
        self.assertIn("9999", self.refuses("rank", db=self.db))
        self.assertIn("9999", self.refuses("run", "--", "true", db=self.db))
        self.assertEqual(self.db.read_bytes(), before)

    def test_a_file_that_is_no_store_is_left_alone(self):
        text = self.home / "notes.txt"
        text.write_text("not a database, and longer than a header " * 10)
        before = text.read_bytes()
        self.refuses("run", "--", "true", db=text)
        self.refuses("export", db=text)
        self.assertEqual(text.read_bytes(), before)

    def test_another_programs_database_is_left_alone(self):
        other = self.home / "other.db"
        with sqlite3.connect(other) as store:
            store.execute("CREATE TABLE measurement (x)")
        before = other.read_bytes()
        self.refuses("run", "--", "true", db=other)
        self.assertEqual(other.read_bytes(), before)

    def test_a_store_that_is_not_there_is_named(self):
        for verb in ("rank", "export"):
            self.refuses(verb, db=self.home / "nothing.db")

    def test_a_folder_that_cannot_be_written_is_named(self):
        self.refuses("run", "--", "true", db="/proc/no/such/place/x.db")

    def test_a_command_does_not_run_where_its_record_could_not_be_kept(self):
        self.refuses("run", "--", "touch", str(self.home / "ran"), db=self.home)
        self.assertFalse((self.home / "ran").exists())


class Imports(ProgramTest):
    def test_json_that_is_no_export_is_refused_whole(self):
        for text in ("", "{", "[]", "{}", '{"measurements": 3}', '{"measurements": [{"id": 1}]}',
                     '{"format":"wattfor","version":99,"measurements":[]}', "\0\0\0"):  # fmt: skip
            (self.home / "x.json").write_text(text)
            answer = self.wattfor("import", self.home / "x.json", status=1)
            self.assertIn("x.json", answer.stderr, text)

    def test_a_stdout_that_is_full_is_a_failure(self):
        self.wattfor("run", "--idle-seconds", "0", "--", "true")
        with open("/dev/full", "w") as full:
            self.wattfor("export", stdout=full, status=1)


if __name__ == "__main__":
    unittest.main()
