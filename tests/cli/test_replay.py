"""`wattfor replay` over logs of known energy, and over what a log may be instead."""

import json
import os
import unittest
from datetime import datetime, timedelta, timezone
from pathlib import Path

from program import REPOSITORY, ProgramTest

START = datetime(2023, 7, 14, 9, 0, 0, tzinfo=timezone.utc)
START_US = int(START.timestamp()) * 1_000_000
IDLE_W, BUSY_W = 60.0, 300.0
RECORDINGS = Path(os.environ.get("WATTFOR_TEST_DATA", REPOSITORY.parent / "shared" / "data"))


def power(second: float) -> float:
    """The truth: one step from 5 to 7 s, and a bit of noise that shows each update."""
    return (BUSY_W if 5.0 <= second < 7.0 else IDLE_W) + 0.01 * (int(second * 10) % 7)


def log_lines(hours=0.0, seconds=12.0, unit=" W", header="power.draw.instant [W]", extra=()):
    """What nvidia-smi would write each 20 ms, of a sensor that takes the mean of 100 ms."""
    names = "".join(f"{name}, " for name, _ in extra)
    values = "".join(f"{value}, " for _, value in extra)
    lines = [f"timestamp, {names}{header}"]
    for i in range(int(seconds * 50)):
        at = START + timedelta(hours=hours, milliseconds=20 * i + 7)
        update = int(i / 5) / 10.0
        mean = sum(power(update - 0.1 + 0.01 * k) for k in range(10)) / 10.0
        stamp = at.strftime("%Y/%m/%d %H:%M:%S.") + f"{at.microsecond // 1000:03}"
        lines.append(f"{stamp}, {values}{mean:.2f}{unit}")
    return lines


def marks_text(*windows):
    rows = [f"{START_US + int(a * 1e6)},{START_US + int(b * 1e6)}" for a, b in windows]
    return "\n".join(["start_us,end_us", *rows]) + "\n"


class Replay(ProgramTest):
    def setUp(self):
        super().setUp()
        self.log = self.home / "gpu.csv"
        self.marks = self.home / "marks.csv"
        self.write(log_lines(hours=2))
        self.marks.write_text(marks_text((5, 7)))

    def write(self, lines, end="\n"):
        self.log.write_text(end.join(lines) + end, newline="")

    def replay(self, *words, **options):
        return self.wattfor("replay", "--log", self.log, "--marks", self.marks, *words, **options)

    def answer(self, *words) -> dict:
        return json.loads(self.replay("--json", *words).stdout)

    def refusal(self, *words) -> str:
        answer = self.replay(*words, status=1)
        self.assertEqual(answer.stdout, "")
        return answer.stderr


class Answers(Replay):
    def test_a_step_of_known_energy_and_a_zone_that_was_not_told(self):
        answer = self.answer("--profile", "rtx-ampere-instant")
        self.assertEqual(answer["utc_offset_h"], 2)
        self.assertEqual(answer["column"], "power.draw.instant")
        self.assertEqual(answer["log"], str(self.log))
        self.assertEqual(answer["profile"]["window_s"]["value"], 0.1)
        (window,) = answer["windows"]
        self.assertAlmostEqual(window["energy_j"], 600, delta=6)
        self.assertLess(window["energy_low_j"], 600)
        self.assertGreater(window["energy_high_j"], 600)
        self.assertLess(window["comparison_low_j"], 600)
        self.assertGreater(window["comparison_high_j"], 600)
        self.assertLess(window["naive_j"], 585)
        self.assertEqual(window["duration_s"], 2)
        self.assertEqual(window["samples"], 100)
        self.assertEqual(window["gaps"], [])
        self.assertIsNone(window["reason"])
        self.assertEqual(window["start_us"], START_US + 5_000_000)

    def test_the_table_fits_and_says_the_same(self):
        text = self.replay("--profile", "rtx-ampere-instant").stdout
        self.assertIn("60", text)
        self.assertIn("UTC+2:00", text)
        self.assertTrue(all(len(line) <= 100 for line in text.splitlines() if " of /" not in line))

    def test_a_window_outside_the_log_has_a_reason_and_no_number(self):
        self.marks.write_text(marks_text((5, 7), (100, 101)))
        answer = self.answer("--profile", "rtx-ampere-instant", "--utc-offset", "2")
        outside = answer["windows"][1]
        for key in ("energy_j", "energy_low_j", "energy_high_j", "comparison_low_j", "naive_j"):
            self.assertIsNone(outside[key], key)
        self.assertIn("after the log ends", outside["reason"])
        self.assertIn("window 2", self.replay("--utc-offset", "2").stdout)

    def test_the_boards_name_chooses_the_profile(self):
        self.write(log_lines(hours=2, extra=(("name", "NVIDIA GeForce RTX 3090"),)))
        self.assertIn("rtx-ampere-instant", self.answer()["profile"]["origin"])
        self.write(log_lines(hours=2))
        unknown = self.answer()
        self.assertEqual(unknown["profile"]["origin"], "unknown")
        self.assertIn("unknown", unknown["notes"][0])

    def test_a_profile_of_ones_own_is_read_from_its_file(self):
        profile = self.home / "mine.json"
        profile.write_text(json.dumps({
            "kind": "boxcar", "window_s": {"value": 0.1}, "gain": {"value": 0.5,
            "standard_error": 0.001}, "origin": "by hand"}))
        window = self.answer("--profile", profile)["windows"][0]
        self.assertAlmostEqual(window["energy_j"], 1200, delta=12)
        self.assertAlmostEqual(window["energy_high_j"], 1200, delta=20)

    def test_windows_line_ends_units_and_gaps_make_no_difference_but_for_the_gap(self):
        lines = log_lines(hours=2, unit="", header="power.draw [W]")
        for i in range(290, 310):
            lines[i] = lines[i].split(",")[0] + ", [GPU is lost]"
        self.write(lines, end="\r\n")
        (window,) = self.answer("--profile", "rtx-ampere-instant")["windows"]
        self.assertEqual(window["gaps"][0]["reason"], "[GPU is lost]")
        self.assertAlmostEqual(window["energy_j"], 600, delta=6)
        self.assertGreater(window["energy_high_j"], 650)

    def test_help_lists_the_profiles(self):
        text = self.wattfor("replay", "--help").stdout
        for name in ("a100-instant", "rtx-ampere-average", "h100-average"):
            self.assertIn(name, text)


class Refusals(Replay):
    def test_wrong_words_are_status_2(self):
        for words, named in ((("--utc-offset", "20"), "--utc-offset"),
                             (("--idle-padding-s", "-1"), "--idle-padding-s"),
                             (("--idle-padding-s", "nan"), "--idle-padding-s")):
            self.assertIn(named, self.replay(*words, status=2).stderr)
        self.assertIn("--marks", self.wattfor("replay", "--log", self.log, status=2).stderr)

    def test_what_is_not_there_is_named(self):
        self.assertIn("neither a file nor one of: kepler-maxwell",
                      self.refusal("--profile", "b200"))
        self.assertIn("`power.draw`; the log's columns of watts are: power.draw.instant",
                      self.refusal("--column", "power.draw"))
        self.assertIn("--gpu 1", self.refusal("--gpu", "1"))
        self.marks.unlink()
        self.assertIn(str(self.marks), self.refusal())

    def test_a_profile_that_is_none_is_named_with_its_key(self):
        profile = self.home / "mine.json"
        profile.write_text('{"kind": "boxcar"}')
        message = self.refusal("--profile", profile)
        self.assertIn(str(profile), message)
        self.assertIn("window_s", message)

    def test_marks_that_are_none_are_named_with_their_line(self):
        for text, words in (("start_us,end_us\n2,1\n", "marks.csv:2"),
                            ("begin,end\n1,2\n", "start_us"),
                            (f"start_us,end_us\n{START_US},nan\n", "marks.csv:2"),
                            (f"start_us,end_us\n{START_US},{START_US - 1}\n", "before it starts")):
            self.marks.write_text(text)
            self.assertIn(words, self.refusal())

    def test_several_gpus_are_listed(self):
        two = log_lines(hours=2, extra=(("index", "0"),))
        two += [line.replace(", 0, ", ", 1, ") for line in two[1:]]
        self.write(two)
        self.assertIn("choose one with --gpu ID from: 0, 1", self.refusal())

    def test_decimal_commas_are_told(self):
        self.write([log_lines()[0], "2023/07/14 09:00:00.007, 60,00 W"])
        self.assertIn("gpu.csv:2", self.refusal())
        self.assertIn("LC_ALL=C", self.refusal())

    def test_marks_of_another_day_are_told(self):
        self.marks.write_text(marks_text((86400 * 3, 86400 * 3 + 1)))
        self.assertIn("outside the log in every time zone", self.refusal())

    def test_a_zone_that_cannot_be_told_is_asked_for(self):
        # Steady power for hours: every zone is as good as another.
        lines = [log_lines()[0]]
        for minute in range(600):
            at = START + timedelta(minutes=minute - 300)
            lines.append(at.strftime("%Y/%m/%d %H:%M:%S.000") + ", 60.00 W")
        self.write(lines)
        self.assertIn("--utc-offset", self.refusal())


class RealRecordings(Replay):
    def test_a_step_of_an_a100_lies_in_its_interval(self):
        folder = RECORDINGS / "sensor-recordings" / "step-A100"
        if not folder.is_dir():
            self.skipTest(f"{folder} is not here")
        moments = [line for line in (folder / "timestamps.csv").read_text().split() if line[0] == "1"]
        self.marks.write_text(f"start_us,end_us\n{moments[0]},{moments[2]}\n")
        self.log = folder / "gpudata.csv"
        answer = self.answer("--profile", "a100-instant")
        self.assertEqual(answer["utc_offset_h"], 1)
        (window,) = answer["windows"]
        # What the reference meter counted.
        self.assertLess(window["energy_low_j"], 1188.6)
        self.assertGreater(window["energy_high_j"], 1188.6)


if __name__ == "__main__":
    unittest.main()
