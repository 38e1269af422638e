"""--meter: meters outside the machine, each as a local fake of its protocol."""

import json
import os
import shutil
import socket
import subprocess
import threading
import time
import unittest

from machine import Machine
from meters import POWER_1, Logger, WebServer, redfish_pages
from program import ProgramTest

QUICK = ("--idle-seconds", "0")
SECRET = "correct-horse-battery"


class MeterTest(ProgramTest):
    def sensors(self, meter: str, **options) -> dict:
        return json.loads(self.wattfor("sensors", "--json", "--meter", meter, **options).stdout)

    def wall(self, meter: str, **options) -> list[dict]:
        """The sensors of the plug that `wattfor sensors` finds, with what they say."""
        answer = self.wattfor("sensors", "--json", "--probe", "--meter", meter, **options)
        return [s for s in json.loads(answer.stdout)["sensors"] if s["domain"] == "wall"]

    def obstacle(self, meter: str, **options) -> dict:
        answer = self.sensors(meter, **options)
        self.assertEqual([s for s in answer["sensors"] if s["domain"] == "wall"], [])
        return answer["obstacles"][-1]

    def run_with(self, meter: str, *command, words=(), **options) -> dict:
        """The record of a command."""
        file = self.home / "record.json"
        self.wattfor("run", *QUICK, *words, "--meter", meter, "--json", file, "--", *command, **options)
        return json.loads(file.read_text())

    def component(self, record: dict, name: str) -> dict:
        return next(c for c in record["energy"]["components"] if c["name"] == name)

    def refused_address(self) -> str:
        """Where nobody listens."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            return f"http://127.0.0.1:{free.getsockname()[1]}"

    def hold_for(self, event: threading.Event, after: float, seconds: float) -> None:
        """Sets an event for that long, a while from now."""

        def hold():
            time.sleep(after)
            event.set()
            time.sleep(seconds)
            event.clear()

        thread = threading.Thread(target=hold)
        thread.start()
        self.addCleanup(thread.join)


class Usage(MeterTest):
    def test_what_is_no_meter_is_wrong_usage_that_lists_the_forms(self):
        for verb in (("sensors",), ("top", "--once"), ("run",), ("sweep", "none.onnx"), ("serve",)):
            end = ("--", "true") if verb == ("run",) else ()
            answer = self.wattfor(*verb, "--meter", "volts:x", *end, status=2)
            self.assertIn("csv:FILE, redfish:URL, ipmi, or shelly:URL", answer.stderr)

    def test_a_password_in_an_address_is_refused_and_not_repeated(self):
        answer = self.wattfor("sensors", "--meter", f"redfish:https://root:{SECRET}@bmc", status=2)
        self.assertNotIn(SECRET, answer.stderr)
        self.assertIn("WATTFOR_REDFISH_PASSWORD", answer.stderr)

    def test_the_option_takes_one_word_and_may_be_given_again(self):
        for name in ("a", "b"):
            (self.home / name).write_text(f"time_us,power_w\n{time.time_ns() // 1000},5\n")
        words = ("--meter", f"csv:{self.home / 'a'}", "--meter", f"csv:{self.home / 'b'}")
        answer = json.loads(self.wattfor("sensors", *words, "--json").stdout)
        components = [s["component"] for s in answer["sensors"] if s["domain"] == "wall"]
        self.assertEqual(components, ["wall 0", "wall 1"])

    def test_a_silent_meter_is_said_before_the_command_runs(self):
        ran = self.home / "ran"
        answer = self.wattfor(
            "run", *QUICK, "--meter", f"csv:{self.home / 'no.csv'}", "--", "touch", ran, status=1
        )
        self.assertIn(f"--meter csv:{self.home / 'no.csv'} can't be read: ", answer.stderr)
        self.assertFalse(ran.exists())
        for verb in (("top", "--once"), ("sweep", "--worker", "null", __file__), ("serve", "--port", "0")):
            answer = self.wattfor(*verb, "--meter", f"csv:{self.home / 'no.csv'}", status=1)
            self.assertIn("can't be read: ", answer.stderr)


class Csv(MeterTest):
    def test_the_energy_of_a_second_is_what_a_hand_calculation_says(self):
        # 120 W all the time, logged every 100 ms: 120 J a second, of which a meter of 1 % may be off
        # by 1.96 %.
        with Logger(self.home / "w.csv", "power_w", lambda t: "120.0", period=0.1):
            record = self.run_with(f"csv:{self.home / 'w.csv'}", "sleep", "1")
        wall = self.component(record, "wall 0")
        joules = 120.0 * record["energy"]["duration_s"]
        self.assertGreater(joules, 120.0)
        self.assertEqual(wall["basis"], "measured")
        self.assertAlmostEqual(wall["energy_j"], joules, delta=0.01 * joules)
        self.assertLessEqual(wall["energy_low_j"], joules)
        self.assertGreaterEqual(wall["energy_high_j"], joules)
        self.assertLess(wall["energy_high_j"] - wall["energy_low_j"], 0.1 * joules)

    def test_a_counter_counts(self):
        # 80 W: a counter that began at 5 kJ.
        with Logger(self.home / "w.csv", "energy_j", lambda t: f"{5000 + 80.0 * t:.3f}"):
            record = self.run_with(f"csv:{self.home / 'w.csv'}", "sleep", "1")
        wall = self.component(record, "wall 0")
        joules = 80.0 * record["energy"]["duration_s"]
        self.assertAlmostEqual(wall["energy_j"], joules, delta=0.05 * joules)
        self.assertLessEqual(wall["energy_low_j"], joules)
        self.assertGreaterEqual(wall["energy_high_j"], joules)

    def test_beside_a_part_that_is_measured_the_plug_is_shown_and_not_added(self):
        self.add_rapl_package()
        counter = self.sysfs / "class" / "powercap" / "intel-rapl:0" / "energy_uj"
        script = f"for i in 1 2 3 4 5 6 7 8 9 10; do echo ${{i}}500000 > {counter}; sleep 0.02; done"
        with Logger(self.home / "w.csv", "power_w", lambda t: "120.0"):
            record = self.run_with(
                f"csv:{self.home / 'w.csv'}", "sh", "-c", script, words=("--interval-ms", "5")
            )
        self.assertFalse(self.component(record, "wall 0")["in_total"])
        self.assertTrue(self.component(record, "cpu package 0")["in_total"])
        self.assertNotIn("other", record["energy"]["total"]["scope"])
        stored = self.records()[0]
        self.assertEqual(self.component(stored, "wall 0"), self.component(record, "wall 0"))

    def test_a_plug_that_says_less_than_a_part_is_a_warning_once_on_the_screen_and_in_the_record(self):
        # The laptop's package counts 18 W, the plug says 2 W.
        machine = Machine("laptop-psys", self.home / "laptop")
        self.env["WATTFOR_SYSFS"] = str(machine.folder / "sys")
        file = self.home / "record.json"
        words = ("run", *QUICK, "--meter", f"csv:{self.home / 'w.csv'}", "--json", file, "--", "sleep", "1.5")
        with machine, Logger(self.home / "w.csv", "power_w", lambda t: "2.0"):
            for _ in range(5):
                answer = self.wattfor(*words)
                record = json.loads(file.read_text())
                # Where a busy machine left a hole in the readings, the plug may have said more there.
                if not self.component(record, "wall 0")["gaps"]:
                    break
        warnings = [w for w in record["warnings"] if "what is inside (cpu package 0" in w]
        self.assertEqual(len(warnings), 1, record["warnings"])
        self.assertTrue(warnings[0].startswith("wall 0: csv:"), warnings)
        screen = " ".join(answer.stderr.split())
        self.assertEqual(screen.count("what is inside (cpu package 0"), 1, answer.stderr)
        self.assertEqual(len(self.component(record, "wall 0")["faults"]), 1)

    def test_where_nothing_else_is_measured_the_plug_is_the_total_and_nothing_is_modelled(self):
        with Logger(self.home / "w.csv", "power_w", lambda t: "120.0"):
            file = self.home / "record.json"
            answer = self.wattfor(
                "run", *QUICK, "--meter", f"csv:{self.home / 'w.csv'}", "--json", file, "--", "sleep", "0.5"
            )  # fmt: skip
        self.assertIn("total: wall", answer.stderr)
        energy = json.loads(file.read_text())["energy"]
        self.assertEqual([c["name"] for c in energy["components"]], ["wall 0"])
        self.assertEqual(energy["total"]["basis"], "measured")
        self.assertAlmostEqual(energy["total"]["energy_j"], 120.0 * energy["duration_s"], delta=2.0)

    def test_a_logger_that_pauses_and_goes_on_leaves_a_gap(self):
        with Logger(self.home / "w.csv", "power_w", lambda t: "120.0") as logger:
            self.hold_for(logger.paused, 0.3, 3.0)
            record = self.run_with(f"csv:{self.home / 'w.csv'}", "sleep", "4.5")
        wall = self.component(record, "wall 0")
        self.assertIn("its newest row is", wall["gaps"][0]["reason"])
        self.assertTrue(any("its newest row is" in w for w in record["warnings"]), record["warnings"])
        joules = 120.0 * record["energy"]["duration_s"]
        self.assertLessEqual(wall["energy_low_j"], joules)
        self.assertGreaterEqual(wall["energy_high_j"], joules)

    def test_rows_that_are_none_are_gaps_that_name_file_and_line(self):
        rows = iter(["120.0"] * 8 + ["120,0"] * 6)  # a locale's comma
        with Logger(self.home / "w.csv", "power_w", lambda t: next(rows, "120.0")):
            record = self.run_with(f"csv:{self.home / 'w.csv'}", "sleep", "1.5")
        reasons = [gap["reason"] for gap in self.component(record, "wall 0")["gaps"]]
        self.assertRegex(reasons[0], r"w\.csv:\d+: expected 2 columns, found 3")

    def test_a_log_that_is_rotated_meanwhile_goes_on(self):
        path = self.home / "w.csv"
        script = f"sleep 0.4; mv {path} {path}.1; sleep 0.6"

        def row(_):
            if not path.exists():
                path.write_text("time_us,power_w\n")
            return "120.0"

        with Logger(path, "power_w", row):
            record = self.run_with(f"csv:{path}", "sh", "-c", script)
        wall = self.component(record, "wall 0")
        joules = 120.0 * record["energy"]["duration_s"]
        self.assertAlmostEqual(wall["energy_j"], joules, delta=0.02 * joules)
        self.assertGreater(len(path.read_text().splitlines()), 5)

    def test_top_shows_the_plug(self):
        with Logger(self.home / "w.csv", "power_w", lambda t: "120.0"):
            answer = self.wattfor(
                "top", "--json", "--once", "--interval", "0.5", "--meter", f"csv:{self.home / 'w.csv'}"
            )
        view = json.loads(answer.stdout)
        wall = next(c for c in view["components"] if c["name"] == "wall 0")
        self.assertAlmostEqual(wall["power_w"], 120.0, delta=1.0)

    def test_a_sweep_on_the_cpu_shows_the_plug_beside_the_cpus_energy(self):
        models = self.home / "m.onnx"
        models.write_bytes(b"x")
        with Logger(self.home / "w.csv", "power_w", lambda t: "120.0"):
            answer = self.wattfor(
                "sweep", models, "--worker", "null", "--batch-sizes", "1", "--max-seconds", "1",
                "--json", "--meter", f"csv:{self.home / 'w.csv'}", status=None,
            )  # fmt: skip
        cells = json.loads(answer.stdout)["measurements"]
        done = next(cell for cell in cells if cell["outcome"] == "done")
        self.assertFalse(self.component(done, "wall 0")["in_total"])
        self.assertEqual(done["energy"]["total"]["scope"], "cpu + dram")


class Redfish(MeterTest):
    def setUp(self) -> None:
        super().setUp()
        self.env |= {
            "WATTFOR_REDFISH_USER": "reader",
            "WATTFOR_REDFISH_PASSWORD": SECRET,
            "WATTFOR_REDFISH_INSECURE": "1",  # the fakes speak http
        }

    def server(self, pages: dict, **options) -> WebServer:
        server = WebServer(pages, "reader", SECRET, **options)
        server.__enter__()
        self.addCleanup(server.__exit__)
        return server

    def test_the_chassis_that_tells_its_power_is_found(self):
        server = self.server(redfish_pages(350.0))
        wall = self.wall(f"redfish:{server.address}")
        self.assertEqual([(s["kind"], s["probe"]["power_w"]) for s in wall], [("power_gauge", 350.0)])
        self.assertEqual(wall[0]["id"], f"redfish:{server.address}:power")

    def test_a_resource_or_a_chassis_may_be_named(self):
        server = self.server(redfish_pages(350.0))
        for path in (POWER_1, "/redfish/v1/Chassis/1"):
            wall = self.wall(f"redfish:{server.address}{path}")
            self.assertEqual(wall[0]["probe"]["power_w"], 350.0)

    def test_environment_metrics_have_a_counter_besides(self):
        pages = redfish_pages()
        metrics = "/redfish/v1/Chassis/1/EnvironmentMetrics"
        pages["/redfish/v1/Chassis/1"]["EnvironmentMetrics"] = {"@odata.id": metrics}
        pages[metrics] = {"PowerWatts": {"Reading": 351.5}, "EnergyJoules": {"Reading": 7_000_000}}
        server = self.server(pages)
        wall = self.wall(f"redfish:{server.address}")
        self.assertEqual([s["kind"] for s in wall], ["energy_counter", "power_gauge"])
        self.assertEqual(wall[1]["probe"]["power_w"], 351.5)

    def test_of_several_chassis_with_a_power_one_is_to_be_named(self):
        pages = redfish_pages()
        other = "/redfish/v1/Chassis/Fan/Power"
        pages["/redfish/v1/Chassis/Fan"]["Power"] = {"@odata.id": other}
        pages[other] = pages[POWER_1]
        server = self.server(pages)
        obstacle = self.obstacle(f"redfish:{server.address}")
        self.assertIn("2 chassis tell a power", obstacle["reason"])
        for path in (POWER_1, other):
            self.assertIn(f"redfish:{server.address}{path}", obstacle["remedy"])

    def test_a_link_to_another_host_is_not_followed_with_the_password(self):
        pages = redfish_pages()
        with WebServer({}) as other:
            pages["/redfish/v1/Chassis"]["Members"] = [
                {"@odata.id": f"@{other.address.removeprefix('http://')}/redfish/v1/Chassis/1"},
                {"@odata.id": f"{other.address}/redfish/v1/Chassis/1"},
            ]
            server = self.server(pages)
            self.assertIn("no chassis", self.obstacle(f"redfish:{server.address}")["reason"])
            self.assertEqual(other.asked, [])

    def test_a_second_of_350_w(self):
        server = self.server(redfish_pages(350.0))
        record = self.run_with(f"redfish:{server.address}", "sleep", "1")
        wall = self.component(record, "wall 0")
        joules = 350.0 * record["energy"]["duration_s"]
        self.assertAlmostEqual(wall["energy_j"], joules, delta=0.01 * joules)
        # Over what time a controller averages it does not say: the interval is wide.
        self.assertLessEqual(wall["energy_low_j"], 0.1 * joules)

    def test_it_is_asked_once_a_second_and_not_every_5_ms(self):
        server = self.server(redfish_pages())
        self.run_with(f"redfish:{server.address}{POWER_1}", "sleep", "2", words=("--interval-ms", "5"))
        self.assertGreaterEqual(len(server.asked), 3)
        self.assertLessEqual(len(server.asked), 8)

    def test_the_password_is_in_no_record_and_in_no_message(self):
        server = self.server(redfish_pages())
        file = self.home / "record.json"
        answer = self.wattfor(
            "run", *QUICK, "--meter", f"redfish:{server.address}", "--json", file, "--", "true"
        )
        self.assertTrue(any(said.startswith("Basic ") for said in server.credentials))
        for text in (answer.stderr, file.read_text(), self.db.read_bytes().decode("latin-1")):
            self.assertNotIn(SECRET, text)

    def test_wrong_credentials_are_told_and_never_repeated(self):
        server = self.server(redfish_pages())
        wrong = {"WATTFOR_REDFISH_PASSWORD": SECRET + "-wrong"}
        answer = self.wattfor("sensors", "--meter", f"redfish:{server.address}", env=wrong)
        self.assertIn("check WATTFOR_REDFISH_USER and WATTFOR_REDFISH_PASSWORD", answer.stdout)
        self.assertNotIn(SECRET, answer.stdout + answer.stderr)
        self.assertEqual(len(server.asked), 1, "a controller may lock the user out")
        none = {"WATTFOR_REDFISH_USER": ""}
        obstacle = self.obstacle(f"redfish:{server.address}", env=none)
        self.assertIn("set WATTFOR_REDFISH_USER and WATTFOR_REDFISH_PASSWORD", obstacle["remedy"])

    def test_http_is_not_spoken_with_a_password_unasked(self):
        server = self.server(redfish_pages())
        obstacle = self.obstacle(f"redfish:{server.address}", env={"WATTFOR_REDFISH_INSECURE": ""})
        self.assertIn("WATTFOR_REDFISH_INSECURE=1", obstacle["remedy"])
        self.assertEqual(server.asked, [])

    @unittest.skipUnless(shutil.which("openssl"), "no openssl to make a certificate with")
    def test_a_self_signed_certificate_is_refused_and_the_refusal_names_the_way_round(self):
        key, certificate = self.home / "key.pem", self.home / "certificate.pem"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=bmc", "-days", "2",
             "-keyout", key, "-out", certificate],
            check=True, capture_output=True,
        )  # fmt: skip
        server = self.server(redfish_pages(350.0), tls=(certificate, key))
        obstacle = self.obstacle(f"redfish:{server.address}", env={"WATTFOR_REDFISH_INSECURE": ""})
        self.assertIn("its certificate is not trusted", obstacle["reason"])
        self.assertIn("WATTFOR_REDFISH_INSECURE=1", obstacle["remedy"])
        self.assertEqual(server.credentials, [])
        self.assertEqual(self.wall(f"redfish:{server.address}")[0]["probe"]["power_w"], 350.0)

    def test_what_is_no_answer_is_an_obstacle_with_its_reason(self):
        for page, reason in (
            (500, "HTTP status 500"),
            (404, "there is nothing at this address"),
            (302, "sends on to another address"),
            (b"<html>garbage", "is no JSON object"),
            (b"[1, 2]", "is no JSON object"),
            (b"", "is no JSON object"),
            ({"PowerControl": []}, "expected watts at /PowerControl/0/PowerConsumedWatts"),
            ({"PowerControl": [{"PowerConsumedWatts": None}]}, "expected watts at"),
            ({"PowerControl": [{"PowerConsumedWatts": 0}]}, "does not measure"),
            ({"Id": "Power"}, "no chassis there tells its power"),
            (b'{"x": "' + b"x" * (1 << 20) + b'"}', "longer than 1048576 bytes"),
        ):
            server = self.server({POWER_1: page})
            obstacle = self.obstacle(f"redfish:{server.address}{POWER_1}")
            self.assertIn(reason, obstacle["reason"])
            self.assertIn(server.address, obstacle["reason"])
        self.assertIn("connect", self.obstacle(f"redfish:{self.refused_address()}")["reason"].lower())

    def test_a_chassis_that_fails_is_an_obstacle_and_the_others_are_read(self):
        pages = redfish_pages(350.0)
        pages["/redfish/v1/Chassis"]["Members"].insert(0, {"@odata.id": "/redfish/v1/Chassis/Bad"})
        server = self.server(pages | {"/redfish/v1/Chassis/Bad": 503})
        self.assertEqual(self.wall(f"redfish:{server.address}")[0]["probe"]["power_w"], 350.0)
        obstacles = self.sensors(f"redfish:{server.address}")["obstacles"]
        self.assertIn("/redfish/v1/Chassis/Bad: it answered with an error", obstacles[-1]["reason"])

    def test_a_controller_that_does_not_answer_costs_seconds_and_not_for_ever(self):
        server = self.server(redfish_pages())
        server.silent.set()
        begin = time.monotonic()
        self.assertIn("timed out", self.obstacle(f"redfish:{server.address}")["reason"].lower())
        self.assertLess(time.monotonic() - begin, 30.0)

    def test_one_that_falls_silent_midway_is_a_gap_and_nothing_else_waits_for_it(self):
        server = self.server(redfish_pages(350.0))
        self.hold_for(server.silent, 0.5, 4.5)
        record = self.run_with(f"redfish:{server.address}", "sleep", "8")
        wall = self.component(record, "wall 0")
        self.assertTrue(wall["gaps"])
        self.assertIsNotNone(wall["energy_j"], "it came back")

    def test_one_that_hangs_at_the_end_holds_neither_the_record_nor_the_other_sensors(self):
        server = self.server(redfish_pages(350.0))
        counter = self.add_rapl_package(energy_uj=1_000_000)
        # As many digits always: one write in place replaces the number before.
        script = """
import time
with open({!r}, "r+b", buffering=0) as counter:
    for i in range(100):
        counter.seek(0)
        counter.write(b"%012d\\n" % (1_000_000 + i * 50_000))
        time.sleep(0.02)
"""
        timer = threading.Timer(0.3, server.silent.set)
        timer.start()
        self.addCleanup(timer.join)
        begin = time.monotonic()
        record = self.run_with(
            f"redfish:{server.address}", "python3", "-c", script.format(str(counter)),
            words=("--interval-ms", "5"),
        )  # fmt: skip
        self.assertLess(time.monotonic() - begin, 15.0)
        package = self.component(record, "cpu package 0")
        self.assertEqual(package["basis"], "measured")
        self.assertLess(sum(gap["duration_s"] for gap in package["gaps"]), 0.5)

    def test_a_controller_that_breaks_mid_run_is_a_gap(self):
        pages = redfish_pages(350.0)
        broken = threading.Event()
        good = dict(pages[POWER_1])
        pages[POWER_1] = lambda: 503 if broken.is_set() else good
        server = self.server(pages)
        self.hold_for(broken, 0.5, 2.5)
        record = self.run_with(f"redfish:{server.address}", "sleep", "6")
        wall = self.component(record, "wall 0")
        self.assertIn("HTTP status 503", wall["gaps"][0]["reason"])
        self.assertIsNotNone(wall["energy_j"])


class Shelly(MeterTest):
    def test_a_plug_of_the_second_generation_has_a_counter_and_a_gauge(self):
        status = {"id": 0, "output": True, "apower": 61.5, "aenergy": {"total": 1587.234}}
        with WebServer({"/rpc/Switch.GetStatus?id=0": status}) as plug:
            wall = self.wall(f"shelly:{plug.address}")
        self.assertEqual([(s["kind"], s["unit"]) for s in wall], [("energy_counter", "Wh"), ("power_gauge", "W")])
        self.assertEqual(wall[1]["probe"]["power_w"], 61.5)

    def test_its_counter_tells_the_energy(self):
        # 90 W, to a milliwatt-hour as the plug counts.
        begin = time.time()

        def status():
            watt_hours = 1000 + 90.0 * (time.time() - begin) / 3600
            return {"apower": 90.0, "aenergy": {"total": round(watt_hours, 3)}}

        with WebServer({"/rpc/Switch.GetStatus?id=0": status}) as plug:
            record = self.run_with(f"shelly:{plug.address}", "sleep", "6")
        wall = self.component(record, "wall 0")
        joules = 90.0 * record["energy"]["duration_s"]
        self.assertTrue(wall["sensors"][0].endswith(":energy"), wall)
        self.assertAlmostEqual(wall["energy_j"], joules, delta=0.1 * joules)
        self.assertLessEqual(wall["energy_low_j"], joules)
        self.assertGreaterEqual(wall["energy_high_j"], joules)

    def test_a_plug_of_the_first_generation_has_a_gauge(self):
        pages = {"/meter/0": {"power": 30.63, "is_valid": True, "total": 15}}
        pages["/status"] = {"meters": [pages["/meter/0"]]}
        with WebServer(pages) as plug:
            for path in ("", "/meter/0", "/status"):
                wall = self.wall(f"shelly:{plug.address}{path}")
                self.assertEqual([s["probe"]["power_w"] for s in wall], [30.63], path)

    def test_a_plug_with_a_password_is_an_obstacle_that_says_what_to_do(self):
        with WebServer({}, "admin", SECRET) as plug:
            obstacle = self.obstacle(f"shelly:{plug.address}")
        self.assertIn("HTTP status 401", obstacle["reason"])
        self.assertIn("csv:FILE", obstacle["remedy"])

    def test_another_machine_at_the_address_is_an_obstacle(self):
        with WebServer({"/meter/0": b"<html>"}) as other:
            obstacle = self.obstacle(f"shelly:{other.address}")
        self.assertIn("/rpc/Switch.GetStatus?id=0: there is nothing at this address", obstacle["reason"])
        self.assertIn("/meter/0: its answer is no JSON object", obstacle["reason"])
        self.assertIn("name a status of the plug", obstacle["remedy"])
        self.assertIn("connect", self.obstacle(f"shelly:{self.refused_address()}")["reason"].lower())


    def test_a_question_that_is_still_asked_at_the_end_meets_no_exit_handler(self):
        # The library would abort the program there.
        fake = {"LD_LIBRARY_PATH": os.environ["WATTFOR_FAKE_CURL"]}
        record = self.run_with("shelly:http://plug/rpc/Switch.GetStatus?id=0", "sleep", "1.5", env=fake)
        self.assertIn("wall 0", [c["name"] for c in record["energy"]["components"]])


class Ipmi(MeterTest):
    def install(self, name: str, script: str) -> None:
        """A program of that name, the first on the PATH."""
        folder = self.home / "bin"
        folder.mkdir(exist_ok=True)
        program = folder / name
        program.write_text("#!/bin/sh\n" + script)
        program.chmod(0o755)
        if not self.env["PATH"].startswith(str(folder)):
            self.env["PATH"] = f"{folder}{os.pathsep}{self.env['PATH']}"

    def statistics(self, power: str) -> str:
        return (
            '[ "$*" = --get-system-power-statistics ] || exit 9\n'
            f"echo 'Current Power                        : {power}'\n"
            "echo 'Power Measurement                    : Active'\n"
        )

    def test_the_controllers_power_is_read_through_freeipmi(self):
        self.install("ipmi-dcmi", self.statistics("164 Watts"))
        wall = self.wall("ipmi")
        self.assertEqual([(s["id"], s["probe"]["power_w"]) for s in wall], [("ipmi:power", 164.0)])

    def test_a_child_a_second_and_the_energy_of_164_w(self):
        self.install("ipmi-dcmi", f"echo x >> {self.home}/asked\n" + self.statistics("164 Watts"))
        record = self.run_with("ipmi", "sleep", "2")
        wall = self.component(record, "wall 0")
        joules = 164.0 * record["energy"]["duration_s"]
        self.assertAlmostEqual(wall["energy_j"], joules, delta=0.01 * joules)
        self.assertLessEqual(len((self.home / "asked").read_text().split()), 6)

    def test_what_the_program_says_of_its_failure_is_told(self):
        self.install("ipmi-dcmi", "echo 'ipmi-dcmi: could not find inband device' >&2; exit 1\n")
        obstacle = self.obstacle("ipmi")
        self.assertIn("could not find inband device", obstacle["reason"])
        self.assertIn("as root", obstacle["remedy"])

    def test_garbage_is_no_reading(self):
        for power in ("12,5 Watts", "Watts", "0 Watts"):
            self.install("ipmi-dcmi", self.statistics(power))
            self.assertIn("`ipmi-dcmi --get-system-power-statistics`", self.obstacle("ipmi")["reason"])

    def test_a_program_that_hangs_is_ended(self):
        self.install("ipmi-dcmi", "sleep 60\n")
        begin = time.monotonic()
        self.assertIn("did not answer within 5 s", self.obstacle("ipmi")["reason"])
        self.assertLess(time.monotonic() - begin, 30.0)

    def test_a_program_that_can_not_be_ended_is_left(self):
        # Killed while another process traces it, it is not gone until that one looks.
        end = self.home / "end"
        self.addCleanup(end.touch)
        self.install("ipmi-dcmi", f"""exec python3 - <<'END'
import ctypes, os, pathlib, time
me, seize = os.getpid(), 0x4206
if os.fork() == 0:
    os.setsid()
    held = ctypes.CDLL(None, use_errno=True).ptrace(seize, me, None, None) == 0
    pathlib.Path({str(self.home)!r}, "held" if held else "refused").touch()
    for _ in range(600):
        if os.path.exists({str(end)!r}): break
        time.sleep(0.1)
else:
    time.sleep(60)
END
""")
        reason = self.obstacle("ipmi")["reason"]
        if (self.home / "refused").exists():
            self.skipTest("no process may trace another one here")
        self.assertIn("hangs in the kernel and can't be ended", reason)


if __name__ == "__main__":
    unittest.main()
