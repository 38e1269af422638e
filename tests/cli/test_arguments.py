"""The command line explains itself and refuses what it does not know, with status 2."""

import unittest

from program import ProgramTest

VERBS = ("sensors", "top", "run", "mark", "runs", "extrapolate", "replay", "sweep", "rank", "pick", "compare", "switch", "score", "analyze",
         "predict", "calibrate", "simulate", "import", "export", "serve", "publish", "worker", "completion", "manual")


class Help(ProgramTest):
    def test_every_verb_is_listed_and_has_a_help_of_its_own(self):
        overview = self.wattfor("--help").stdout
        for verb in VERBS:
            self.assertIn(verb, overview)
            text = self.wattfor(verb, "--help").stdout
            self.assertIn("Usage: wattfor " + verb, text)

    def test_every_verb_that_measures_or_answers_shows_an_example(self):
        for verb in ("sensors", "run", "mark", "runs", "extrapolate", "sweep", "rank", "pick", "compare", "switch", "score", "analyze", "predict", "calibrate",
                     "simulate", "import", "export", "serve", "publish"):
            self.assertIn("Example", self.wattfor(verb, "--help").stdout, verb)

    def test_help_and_version_are_answers_and_go_to_stdout(self):
        for words in (("--help",), ("--version",)):
            answer = self.wattfor(*words)
            self.assertTrue(answer.stdout)
            self.assertEqual(answer.stderr, "")


class Usage(ProgramTest):
    def test_wrong_words_are_status_2_and_name_the_word(self):
        for words, named in (
            (("frobnicate",), "frobnicate"),
            (("sensors", "--nonsense"), "--nonsense"),
            (("sweep",), "models"),
            (("run",), "COMMAND"),
            (("top", "--once", "--samples", "2"), "--once"),
            (("run", "--interval-ms", "0", "--", "true"), "--interval-ms"),
            (("sweep", "m.onnx", "--protocol", "wild"), "wild"),
            (("sweep", "m.onnx", "--target", "much"), "much"),
            (("sweep", "m.onnx", "--batch-sizes", "1,two"), "two"),
            (("sweep", "m.onnx", "--batch-sizes", "0"), "0"),
            (("sweep", "m.onnx", "--batch-sizes", "1,,2"), "--batch-sizes"),
            (("sweep", "m.onnx", "--batch-sizes", ""), "--batch-sizes"),
            (("sweep", "m.onnx", "--seed", "-1"), "--seed"),
            (("sweep", "m.onnx", "--idle-seconds", "nan"), "--idle-seconds"),
            (("sweep", "m.onnx", "--worker-timeout", "nan"), "--worker-timeout"),
            (("simulate", "--windows", "0"), "--windows"),
            (("simulate", "--window-seconds", "nan"), "--window-seconds"),
            (("simulate", "--periods-ms", "20:x:1"), "20:x:1"),
            (("simulate", "--periods-ms", "20", "--log", "gpu.csv"), "--log"),
            (("simulate", "--windows", "9999", "--window-seconds", "3600"), "20000 s at most"),
            (("rank", "--weight", "2"), "--weight"),
            (("rank", "--min-accuracy", "-1"), "--min-accuracy"),
            (("export", "--format", "xml"), "xml"),
            (("score", "tops"), "tops"),
            (("score", "sam"), "--table"),
            (("score", "sam", "--accuracy", "80"), "--kwh"),
            (("score", "sam", "--accuracy", "80", "--kwh", "9", "--table", "x.csv"), "--table"),
            (("import", "wild", "x.csv"), "wild"),
            (("worker", "abacus"), "abacus"),
        ):
            answer = self.wattfor(*words, status=2)
            self.assertIn(named, answer.stderr, words)
            self.assertEqual(answer.stdout, "", words)

    def test_a_message_that_nobody_takes_leaves_the_status(self):
        with open("/dev/full", "w") as full:
            self.wattfor("rank", "--db", self.home / "none.db", stderr=full, status=1)
            self.wattfor("sweep", self.home / "none.onnx", stderr=full, status=1)

    def test_no_words_at_all_is_wrong_usage_that_points_to_help(self):
        self.assertIn("--help", self.wattfor(status=2).stderr)


if __name__ == "__main__":
    unittest.main()
