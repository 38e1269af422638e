"""calibrate: how a sensor responds, from recordings made up and real."""

import json
import random
import unittest
import xml.etree.ElementTree as ElementTree
from datetime import datetime, timedelta, timezone

import sensor_recordings
from program import ProgramTest

LOW, HIGH = 60.0, 300.0
START_US = 1_689_325_967_000_000
ZONE_HOURS = 2


class Gauge:
    """A simulated board: a load on and off, a meter beside it, and nvidia-smi's log of it.

    The sensor shows the mean of its latest `window`, `delay` later, every `period`.
    """

    def __init__(self, seed=1, steps=60, window=0.025, period=0.1003, delay=0.003, gain=0.9454,
                 offset=-1.18, noise=0.5, half_period=None):  # fmt: skip
        self.random = random.Random(seed)
        self.edges = [0.5]
        for _ in range(2 * steps - 1):
            length = half_period or self.random.uniform(0.3, 0.7)
            self.edges.append(self.edges[-1] + length)
        self.end = self.edges[-1] + 1.0
        self.period, self.window, self.delay = period, window, delay
        self.gain, self.offset, self.noise = gain, offset, noise

    def on_until(self, time: float) -> float:
        """For how long the load has been on."""
        return sum(max(0.0, min(time, off) - on) for on, off in zip(self.edges[0::2], self.edges[1::2]))

    def updates(self):
        time = self.random.uniform(0.0, self.period)
        while time < self.end:
            looked = time - self.delay
            on = (self.on_until(looked) - self.on_until(looked - self.window)) / self.window
            power = self.gain * (LOW + on * (HIGH - LOW)) + self.offset
            yield time, power + self.random.gauss(0.0, self.noise)
            time += self.period

    def write_log(self, to, poll=0.005):
        updates = list(self.updates())
        zone = timezone(timedelta(hours=ZONE_HOURS))
        shown = 0
        with open(to, "w") as out:
            out.write("timestamp, power.draw.instant [W]\n")
            time = updates[0][0]
            while time < updates[-1][0]:
                while shown + 1 < len(updates) and updates[shown + 1][0] <= time:
                    shown += 1
                at = datetime.fromtimestamp(START_US * 1e-6 + time, zone)
                stamp = at.strftime("%Y/%m/%d %H:%M:%S.%f")[:-3]
                out.write(f"{stamp}, {updates[shown][1]:.2f} W\n")
                time += poll + self.random.uniform(0.0, 0.0005)
        return to

    def write_marks(self, to):
        with open(to, "w") as out:
            out.write("start_us,end_us\n")
            for on, off in zip(self.edges[0::2], self.edges[1::2]):
                out.write(f"{START_US + on * 1e6:.0f},{START_US + off * 1e6:.0f}\n")
        return to

    def write_reference(self, to, later_s=0.0, step=0.001):
        passed = 0
        with open(to, "w") as out:
            out.write("time_us,power_w\n")
            for i in range(int(self.end / step)):
                time = i * step
                while passed < len(self.edges) and self.edges[passed] <= time:
                    passed += 1
                power = HIGH if passed % 2 else LOW
                out.write(f"{START_US + (time + later_s) * 1e6:.0f},{power}\n")
        return to


class CalibrateTest(ProgramTest):
    def calibrate(self, *words, status=0):
        return json.loads(self.wattfor("calibrate", "--json", *words, status=status).stdout)

    def near(self, found, expected, within):
        self.assertIsNotNone(found)
        self.assertGreater(found["standard_error"], 0.0)
        self.assertAlmostEqual(found["value"], expected, delta=within)

    def says(self, answer, words):
        self.assertTrue(any(words in note for note in answer["notes"]), answer["notes"])


class Simulated(CalibrateTest):
    def setUp(self):
        super().setUp()
        self.gauge = Gauge()
        self.log = self.gauge.write_log(self.home / "gpu.csv")

    def test_marks_tell_the_kind_the_window_and_the_delay(self):
        marks = self.gauge.write_marks(self.home / "marks.csv")
        found = self.calibrate("--log", self.log, "--marks", marks)
        self.assertEqual(found["kind"], "boxcar")
        self.near(found["update_period_s"], 0.1003, 0.0001)
        self.near(found["window_s"], 0.025, 0.002)
        self.near(found["delay_s"], 0.003, 0.003)
        self.near(found["attention"], 0.25, 0.02)
        self.assertAlmostEqual(found["quantum"], 0.01)
        self.assertIsNone(found["gain"])
        self.says(found, "only a reference")

    def test_a_reference_tells_gain_and_offset_too_and_the_profile_and_the_figure_are_written(self):
        reference = self.gauge.write_reference(self.home / "meter.csv")
        profile, figure = self.home / "profile.json", self.home / "step.svg"
        found = self.calibrate(
            "--log", self.log, "--reference", reference, "--output", profile, "--svg", figure
        )
        self.assertEqual(found["kind"], "boxcar")
        self.near(found["window_s"], 0.025, 0.002)
        self.near(found["gain"], 0.9454, 0.003)
        self.near(found["offset_w"], -1.18, 0.6)
        written = json.loads(profile.read_text())
        self.assertEqual(written["window_s"], found["window_s"])
        self.assertEqual(written["field"], "power.draw.instant")
        svg = ElementTree.parse(figure).getroot()
        self.assertGreater(len(svg.findall(".//{*}circle")), 20)
        texts = [text.text for text in svg.findall(".//{*}text")]
        self.assertIn("time after the load's step, ms", texts)

    def test_the_answer_for_a_person_has_units_and_reasons(self):
        text = self.wattfor("calibrate", "--log", self.log).stdout
        self.assertRegex(text, r"update period +100\.\d+ +0\.\d+ +ms")
        self.assertIn("give the load's marks or a reference", text)

    def test_the_zone_may_be_told(self):
        marks = self.gauge.write_marks(self.home / "marks.csv")
        words = ("--log", self.log, "--marks", marks, "--utc-offset")
        self.assertEqual(self.calibrate(*words, ZONE_HOURS)["kind"], "boxcar")
        self.assertIsNone(self.calibrate(*words, ZONE_HOURS + 1)["kind"])

    def test_a_profile_of_what_could_not_be_told_is_not_written(self):
        for option in ("--output", "--svg"):
            file = self.home / "not-told"
            answer = self.wattfor("calibrate", "--log", self.log, option, file, status=1)
            self.assertIn("not-told", answer.stderr)
            self.assertFalse(file.exists())


class BadInput(CalibrateTest):
    def write(self, name, text):
        (self.home / name).write_text(text)
        return self.home / name

    def test_a_log_that_never_changes_tells_nothing(self):
        lines = [f"2023/07/14 10:12:{i // 100:02}.{i % 100 * 10:03}, 60.00 W" for i in range(3000)]
        log = self.write("flat.csv", "timestamp, power.draw [W]\n" + "\n".join(lines) + "\n")
        found = self.calibrate("--log", log, status=1)
        self.assertIsNone(found["kind"])
        self.assertIsNone(found["update_period_s"])
        self.says(found, "too seldom")

    def test_a_log_of_two_lines_tells_nothing(self):
        log = self.write(
            "two.csv",
            "timestamp, power.draw [W]\n2023/07/14 10:12:46.483, 56.12 W\n"
            "2023/07/14 10:12:46.499, 60.42 W\n",
        )
        self.assertIsNone(self.calibrate("--log", log, status=1)["kind"])

    def test_a_log_without_a_reading_is_refused_or_tells_nothing(self):
        lines = [f"2023/07/14 10:12:{i:02}.000, [N/A]" for i in range(60)]
        log = self.write("na.csv", "timestamp, power.draw [W]\n" + "\n".join(lines) + "\n")
        answer = self.wattfor("calibrate", "--json", "--log", log, status=1)
        self.assertIn("na.csv", answer.stderr + answer.stdout)

    def test_a_reference_of_another_day_is_refused_by_name(self):
        gauge = Gauge(steps=10)
        log = gauge.write_log(self.home / "gpu.csv")
        reference = gauge.write_reference(self.home / "meter.csv", later_s=10 * 86400)
        answer = self.wattfor("calibrate", "--log", log, "--reference", reference, status=1)
        self.assertIn("gpu.csv", answer.stderr)

    def test_a_load_of_the_sensors_period_tells_nothing_but_the_period(self):
        gauge = Gauge(steps=100, half_period=0.05015)
        log = gauge.write_log(self.home / "gpu.csv")
        marks = gauge.write_marks(self.home / "marks.csv")
        found = self.calibrate("--log", log, "--marks", marks, "--utc-offset", ZONE_HOURS)
        self.assertIsNone(found["kind"])
        self.near(found["update_period_s"], 0.1003, 0.0002)
        self.says(found, "keeps step")

    def test_a_file_that_is_not_there_is_named(self):
        answer = self.wattfor("calibrate", "--log", self.home / "none.csv", status=1)
        self.assertIn("none.csv", answer.stderr)


# What the published study says of these boards: A100 T 100, W 25 ms; RTX 3090 instant 100, 100 ms,
# average 100, 1000 ms.
@unittest.skipUnless(sensor_recordings.FOLDER.is_dir(), "the recordings of real GPUs are not here")
class Recorded(CalibrateTest):
    def found(self, name, column, with_reference=True, with_marks=False):
        folder = sensor_recordings.FOLDER / name
        words = ["--log", folder / "gpudata.csv", "--column", column]
        if with_reference:
            words += ["--reference", sensor_recordings.write_reference(folder, self.home / "r.csv")]
        if with_marks:
            words += ["--marks", sensor_recordings.write_marks(folder, self.home / "m.csv")]
        return self.calibrate(*words)

    def test_an_a100s_update_period_from_minutes_of_polling(self):
        found = self.found("update-A100", "power.draw.instant", with_reference=False)
        self.near(found["update_period_s"], 0.100, 0.010)
        self.assertIsNone(found["kind"])

    def test_an_a100_against_a_reference_follows_as_an_rc_filter_does(self):
        # The study assumes a boxcar and finds 25 ms: an RC filter of the same mean age has 12.5 ms.
        # It leaves a tenth of the residual that the best boxcar does.
        found = self.found("square-A100", "power.draw.instant")
        self.near(found["update_period_s"], 0.100, 0.010)
        self.assertEqual(found["kind"], "exponential")
        self.near(found["time_constant_s"], 0.0125, 0.00125)
        self.near(found["attention"], 0.25, 0.025)
        self.near(found["gain"], 0.9454, 0.03)

    def test_an_a100_from_the_marks_alone_follows_alike(self):
        found = self.found("square-A100", "power.draw.instant", with_reference=False, with_marks=True)
        self.assertEqual(found["kind"], "exponential")
        self.near(found["time_constant_s"], 0.0125, 0.00125)

    def test_a_single_step_of_an_a100_tells_its_gain_and_no_window(self):
        found = self.found("step-A100", "power.draw.instant")
        self.near(found["update_period_s"], 0.100, 0.010)
        self.near(found["gain"], 0.9454, 0.03)
        self.assertIsNone(found["kind"])

    def test_an_rtx_3090s_instant_reading(self):
        found = self.found("step-3090", "power.draw.instant")
        self.near(found["update_period_s"], 0.100, 0.001)
        self.assertEqual(found["kind"], "boxcar")
        self.near(found["window_s"], 0.100, 0.010)

    def test_an_rtx_3090s_average_reading(self):
        for column in ("power.draw.average", "power.draw"):
            found = self.found("step-3090", column)
            self.near(found["update_period_s"], 0.100, 0.001)
            self.assertEqual(found["kind"], "boxcar")
            # 11 updates' worth rather than the 10 of the published table.
            self.near(found["window_s"], 1.1, 0.06)
            self.near(found["gain"], 0.95, 0.03)


if __name__ == "__main__":
    unittest.main()
