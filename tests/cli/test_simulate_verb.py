"""`wattfor simulate`: windows of known energy, what is made of them, and the files it writes."""

import json
import unittest
import xml.etree.ElementTree as xml

from program import REPOSITORY, ProgramTest

# Looks all the time, at a load that does not keep step with it.
ATTENTIVE = {
    "device": "attentive board",
    "seed": 5,
    "power_limit_w": 400,
    "load": {"waveform": "square", "idle_w": 60, "high_w": 400, "low_w": 100, "period_s": 0.09},
    "sensors": [
        {"id": "counter", "kind": "counter", "update_period_s": 0.02},
        {"id": "average", "kind": "boxcar", "update_period_s": 0.1, "window_s": 1, "noise_w": 1},
        {"id": "filter", "kind": "exponential", "update_period_s": 0.1, "time_constant_s": 0.1},
    ],
}
FIGURES = ("naive_j", "energy_j", "energy_low_j", "energy_high_j", "comparison_low_j",
           "comparison_high_j", "start_us", "end_us", "samples")


class Simulate(ProgramTest):
    def specification(self, description=ATTENTIVE, **changes):
        path = self.home / "device.json"
        path.write_text(json.dumps(description | changes))
        return path

    def answer(self, *words) -> dict:
        return json.loads(self.wattfor("simulate", *words, "--json").stdout)

    def refusal(self, *words) -> str:
        answer = self.wattfor("simulate", *words, status=1)
        self.assertEqual(answer.stdout, "")
        return answer.stderr


class Answers(Simulate):
    def test_without_a_file_a_half_blind_gauge_is_wrong_by_half_and_says_so(self):
        answer = self.answer("--windows", "20", "--idle-seconds", "1.5")
        self.assertEqual(answer["device"], "half-blind board")
        self.assertEqual(len(answer["windows"]), 20)
        for window in answer["windows"]:
            # 400 and 100 W by turns.
            self.assertAlmostEqual(window["true_j"], 1250, places=3)
            self.assertTrue(window["holds_truth"])
        for kind in ("naive", "corrected"):
            self.assertGreater(answer["summary"][kind]["rmse_percent"], 35)
        self.assertEqual(answer["summary"]["holding"], 20)
        self.assertIn("looks at 25 % of the time", answer["notes"][0])

    def test_the_board_without_a_file_is_that_of_the_document(self):
        text = (REPOSITORY / "docs" / "simulation.md").read_text()
        described = text.split("<<'END'\n")[1].split("\nEND\n")[0]
        path = self.home / "half-blind.json"
        path.write_text(described)
        shown = text.split("$ wattfor simulate half-blind.json --windows 4\n")[1].split("```")[0]
        for words in ((), (path,)):
            self.assertEqual(self.wattfor("simulate", *words, "--windows", "4").stdout, shown)

    def test_a_gauge_that_looks_back_a_second_is_mended(self):
        answer = self.answer(self.specification(), "--window-seconds", "1")
        self.assertEqual(answer["sensor"], "average")
        self.assertLess(answer["summary"]["naive"]["high_percent"], -30)
        self.assertLess(answer["summary"]["corrected"]["rmse_percent"], 1)
        self.assertTrue(all(window["holds_truth"] for window in answer["windows"]))

    def test_another_gauge_is_taken_by_its_name(self):
        answer = self.answer(self.specification(), "--sensor", "filter", "--windows", "2")
        self.assertEqual(answer["profile"]["kind"], "exponential")
        self.assertLess(answer["summary"]["corrected"]["rmse_percent"], 2)

    def test_the_table_says_the_same_and_fits(self):
        text = self.wattfor("simulate", "--windows", "3").stdout
        self.assertIn("the mean of 25 ms, each 100 ms", text)
        self.assertIn("3 of 3 intervals hold the truth", text)
        self.assertTrue(all(len(line) <= 100 for line in text.splitlines()))

    def test_periods_have_an_error_each(self):
        answer = self.answer("--windows", "5", "--window-seconds", "1", "--periods-ms",
                             "90:110:10,200", "--interval-ms", "20")
        self.assertEqual([row["period_s"] for row in answer["periods"]], [0.09, 0.1, 0.11, 0.2])
        self.assertTrue(all(row["figures"] == 5 for row in answer["periods"]))
        self.assertGreater(answer["periods"][1]["naive"]["rmse_percent"],
                           answer["periods"][3]["naive"]["rmse_percent"])
        text = self.wattfor("simulate", "--windows", "2", "--periods-ms", "100").stdout
        self.assertIn("2 of 2", text)

    def test_reads_that_fail_are_gaps(self):
        sensor = ATTENTIVE["sensors"][1] | {"faults": [
            {"fault": "gone", "from_s": 4, "duration_s": 1}]}
        (window,) = self.answer(self.specification(sensors=[sensor]), "--windows", "1")["windows"]
        self.assertIn("GPU is lost", window["gaps"][0]["reason"])
        self.assertTrue(window["holds_truth"])


class Files(Simulate):
    def files(self, *words):
        names = {"--log": "gpu.csv", "--marks": "marks.csv", "--profile": "gauge.json",
                 "--truth": "truth.csv", "--svg": "window.svg"}
        paths = {option: self.home / name for option, name in names.items()}
        flat = [word for pair in paths.items() for word in pair]
        return self.answer(*words, *flat), list(paths.values())

    def test_replay_makes_the_same_of_the_files_to_the_last_digit(self):
        answer, (log, marks, profile, truth, _) = self.files(
            self.specification(), "--windows", "4", "--window-seconds", "0.5")
        for marks_file in (marks, truth):
            replayed = json.loads(self.wattfor(
                "replay", "--log", log, "--marks", marks_file, "--profile", profile,
                "--json").stdout)
            self.assertEqual(len(replayed["windows"]), 4)
            self.assertEqual(replayed["profile"], answer["profile"])
            for ours, theirs in zip(answer["windows"], replayed["windows"]):
                for key in FIGURES:
                    self.assertEqual(ours[key], theirs[key], key)

    def test_the_truth_is_written(self):
        answer, (_, _, _, truth, _) = self.files("--windows", "2")
        lines = truth.read_text().splitlines()
        self.assertEqual(lines[0], "start_us,end_us,energy_j")
        self.assertEqual(lines[1].split(",")[2], "1250.000000")
        self.assertEqual(int(lines[2].split(",")[0]), answer["windows"][1]["start_us"])

    def test_the_log_begins_with_2026_and_is_as_nvidia_smi_writes_it(self):
        _, (log, *_) = self.files("--windows", "1")
        header, first, *_ = log.read_text().splitlines()
        self.assertEqual(
            header, "timestamp, name, power.draw.instant [W], enforced.power.limit [W]")
        self.assertTrue(first.startswith("2026/01/01 00:00:00.000, half-blind board, "))
        self.assertTrue(first.endswith(" W, 400.00 W"))

    def test_calibrate_finds_the_gauge_in_the_log(self):
        steady = {"load": {"idle_w": 60, "high_w": 300}, "sensors": [
            {"kind": "boxcar", "update_period_s": 0.1, "window_s": 0.025, "noise_w": 1}]}
        (self.home / "steady.json").write_text(json.dumps(steady))
        _, (log, marks, *_) = self.files(
            self.home / "steady.json", "--windows", "60", "--window-seconds", "1",
            "--idle-seconds", "1.2")
        found = json.loads(self.wattfor(
            "calibrate", "--log", log, "--marks", marks, "--json").stdout)
        self.assertEqual(found["kind"], "boxcar")
        self.assertAlmostEqual(found["window_s"]["value"], 0.025, delta=0.002)
        self.assertAlmostEqual(found["update_period_s"]["value"], 0.1, delta=0.001)

    def test_a_seed_gives_the_same_bytes_and_another_one_others(self):
        def everything(*words):
            _, paths = self.files("--windows", "2", *words)
            return [path.read_bytes() for path in paths]

        first = everything()
        self.assertEqual(first, everything())
        self.assertEqual(first, everything("--seed", "3"))
        self.assertNotEqual(first[0], everything("--seed", "4")[0])

    def test_a_picture_is_xml_that_names_the_energies(self):
        answer, (*_, svg) = self.files("--windows", "1", "--window-seconds", "1")
        root = xml.parse(svg).getroot()
        texts = [element.text for element in root.iter("{http://www.w3.org/2000/svg}text")]
        self.assertTrue(any(text.startswith("true 250 J · naive ") for text in texts))
        self.assertIn("the window", texts)

    def test_a_picture_of_the_periods_names_the_marked_ones(self):
        svg = self.home / "periods.svg"
        self.wattfor("simulate", "--windows", "2", "--window-seconds", "0.5", "--periods-ms",
                     "50:150:25,90", "--svg", svg)
        root = xml.parse(svg).getroot()
        texts = [element.text for element in root.iter("{http://www.w3.org/2000/svg}text")]
        self.assertIn("90", texts)
        self.assertIn("5 to 95 % of 2 windows of 0.5 s each", texts)

    def test_a_file_that_cannot_be_written_is_named(self):
        self.assertIn("/no/such/folder", self.refusal("--windows", "1", "--log",
                                                      "/no/such/folder/gpu.csv"))


class Refusals(Simulate):
    def test_a_counter_is_refused_with_the_gauges_there_are(self):
        message = self.refusal(self.specification(), "--sensor", "counter")
        self.assertIn("'counter' is no gauge", message)
        self.assertIn("expected one of: average, filter", message)
        only = self.specification(sensors=ATTENTIVE["sensors"][:1])
        self.assertIn("it has no gauge", self.refusal(only))

    def test_a_load_without_a_period_is_refused_with_those_that_have_one(self):
        steady = self.specification(load={"waveform": "decoding"})
        self.assertIn("expected `square` or `training`",
                      self.refusal(steady, "--periods-ms", "100"))

    def test_a_gauge_that_never_answers_is_refused(self):
        sensor = ATTENTIVE["sensors"][1] | {"faults": [{"fault": "forbidden"}]}
        self.assertIn("the simulated log",
                      self.refusal(self.specification(sensors=[sensor]), "--windows", "1"))

    def test_a_misspelt_key_and_a_file_that_is_not_there_are_named(self):
        wrong = self.specification({"sensors": [{"windows_s": 1}]})
        self.assertIn("device.json: sensors[0].windows_s: no such key", self.refusal(wrong))
        self.assertIn("/no/file.json", self.refusal("/no/file.json"))


if __name__ == "__main__":
    unittest.main()
