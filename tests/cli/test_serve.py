"""What `wattfor serve` answers, and to whom, over its sockets."""

import gzip
import json
import resource
import signal
import socket
import sqlite3
import time
import unittest

from meters import Logger, WebServer
from program import ProgramTest
from served import PATIENCE_S, Served

MARKUP = "<script>alert(1)</script>"
# Model, energy per image in J, accuracy in percent.
MODELS = [("small", 0.1, 90.0), ("middle", 0.4, 95.0), ("large", 1.0, 97.0), (MARKUP, 0.5, 60.0)]

PAGES = ("/", "/api/v1/catalogue", "/api/v1/models", "/api/v1/setups/dev_rt_fp32/points", "/api/v1/rank", "/api/v1/batch-curves", "/api/v1/training", "/api/v1/findings",
         "/api/v1/sensors", "/api/v1/openapi.json")  # fmt: skip


class KnownStore(Served):
    """The same store for every test, filled once."""

    filled = None

    def setUp(self):
        if KnownStore.filled:
            ProgramTest.setUp(self)
            content, self.template = KnownStore.filled
            self.db.write_bytes(content)
            return
        super().setUp()
        self.template["energy"]["total"]["basis"] = "measured"
        self.bring_in([(name, 8, energy, {"set-a": accuracy}) for name, energy, accuracy in MODELS])
        KnownStore.filled = self.db.read_bytes(), self.template


class Answers(KnownStore):
    def setUp(self):
        super().setUp()
        self.serve()

    def test_the_page_and_every_answer_bear_the_headers_that_keep_others_out(self):
        for target in (*PAGES, "/nothing", "/../x"):
            headers = self.ask(target).headers
            policy = headers["Content-Security-Policy"]
            self.assertIn("default-src 'none'", policy, target)
            self.assertNotIn("unsafe", policy)
            self.assertEqual(headers["X-Content-Type-Options"], "nosniff", target)
            self.assertEqual(headers["Referrer-Policy"], "no-referrer")
            self.assertEqual(headers["Cross-Origin-Resource-Policy"], "same-origin")

    def test_columns_are_of_the_catalogues_version(self):
        version = self.answer("/api/v1/catalogue")["version"]
        for target in ("/api/v1/models", "/api/v1/setups/dev_rt_fp32/points"):
            content = self.ask(target).content
            self.assertEqual(content[:4], b"WFC1")
            length = int.from_bytes(content[4:8], "little")
            head = json.loads(content[8 : 8 + length])
            self.assertEqual((head["version"], head["rows"]), (version, len(MODELS)))

    def test_a_setups_name_may_have_slashes(self):
        self.bring_in([("small", 8, 0.1, {})], setup="dev/rt fp32")
        self.eventually(lambda: "dev/rt fp32" in str(self.answer("/api/v1/catalogue")["setups"]), "it came")
        for target in ("/api/v1/setups/dev%2Frt%20fp32/points", "/api/v1/setups/dev/rt%20fp32/points"):
            content = self.ask(target).content
            head = json.loads(content[8 : 8 + int.from_bytes(content[4:8], "little")])
            self.assertEqual(head["setup"]["id"], "dev/rt fp32")

    def test_prometheus_is_told_what_the_machine_draws(self):
        first = self.ask("/metrics")
        self.assertEqual(first.headers["Content-Type"], "text/plain; version=0.0.4; charset=utf-8")
        self.assertIn(b"wattfor_build_info", first.content)
        self.eventually(lambda: b"wattfor_power_watts{" in self.ask("/metrics").content,
                        "a scrape has the meter started")  # fmt: skip

    def test_rank_is_the_commands_for_the_same_words(self):
        for query, words in (
            ("", ()),
            ("?weight=0.25&top=2", ("--weight", "0.25", "--top", "2")),
            ("?score=efficiency&min-accuracy=80", ("--score", "efficiency", "--min-accuracy", "80")),
            ("?score=log-manhattan&max-energy-j=0.5", ("--score", "log-manhattan", "--max-energy-j", "0.5")),
            ("?setup=dev_rt_fp32&test-set=set-a", ("--setup", "dev_rt_fp32", "--test-set", "set-a")),
        ):
            self.assertEqual(self.answer(f"/api/v1/rank{query}"), self.asked("rank", *words), query)

    def test_words_that_are_none_are_refused_as_the_command_refuses_them(self):
        for query, said in (("?wait=1", "'weight'"), ("?weight=2", "0 "), ("?top=1&top=2", "twice"),
                            ("?score=best", "score"), ("?weight=%FF", "UTF-8")):  # fmt: skip
            error = self.answer(f"/api/v1/rank{query}", status=400)["error"]
            self.assertIn(said, error["message"], query)
        error = self.answer("/api/v1/rank?setup=H100", status=404)["error"]
        self.assertEqual(error["code"], "not_found")
        self.assertIn("dev_rt_fp32", error["message"])

    def test_findings_are_those_of_analyze_with_their_figures(self):
        findings = self.answer("/api/v1/findings")
        figures = findings.pop("figures")
        self.assertEqual(findings, self.asked("analyze"))
        self.assertTrue(figures)
        for figure in figures:
            answer = self.ask(f"/api/v1/figures/{figure['name']}.svg")
            self.assertEqual(answer.headers["Content-Type"], "image/svg+xml")
            self.assertTrue(answer.content.startswith(b"<svg"))
            self.assertNotIn(MARKUP.encode(), answer.content)
        self.answer("/api/v1/figures/none.svg", status=404)

    def test_sensors_are_those_of_the_command(self):
        self.assertEqual(self.answer("/api/v1/sensors"), self.asked("sensors"))

    def test_names_that_are_markup_are_text(self):
        for target in ("/api/v1/rank", "/api/v1/findings"):
            answer = self.ask(target)
            self.assertEqual(answer.headers["Content-Type"], "application/json")
            self.assertEqual(answer.headers["X-Content-Type-Options"], "nosniff")
            self.assertIn(MARKUP, json.dumps(json.loads(answer.content)), target)

    def test_what_is_unchanged_is_not_sent_again(self):
        for target in PAGES:
            first = self.ask(target)
            etag = first.headers["ETag"]
            self.assertTrue(etag, target)
            again = self.ask(target, If_None_Match=etag)
            self.assertEqual((again.status, again.content), (304, b""), target)
            self.assertEqual(again.headers["ETag"], etag)
            self.assertEqual(self.ask(target, If_None_Match='"other"').status, 200)

    def test_answers_are_compressed_for_those_who_take_it(self):
        for target in ("/", "/api/v1/rank", "/api/v1/openapi.json", "/api/v1/findings"):
            plain = self.ask(target)
            small = self.ask(target, Accept_Encoding="gzip, br")
            self.assertNotIn("Content-Encoding", plain.headers)
            self.assertEqual(small.headers["Content-Encoding"], "gzip", target)
            self.assertEqual(gzip.decompress(small.content), plain.content)
            self.assertLess(len(small.content), len(plain.content))

    def test_head_is_get_without_the_body(self):
        for target in PAGES:
            got, head = self.ask(target), self.ask(target, "HEAD")
            self.assertEqual((head.status, head.content), (200, b""), target)
            for name in ("Content-Length", "Content-Type", "ETag"):
                self.assertEqual(head.headers[name], got.headers[name], target)
        self.assertEqual(self.ask("/api/v1/events", "HEAD").headers["Content-Type"], "text/event-stream")

    def test_nothing_is_to_be_written(self):
        for method in ("POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"):
            answer = self.ask("/api/v1/rank", method)
            self.assertEqual(answer.status, 405, method)
            self.assertEqual(answer.headers["Allow"], "GET, HEAD")

    def test_several_answers_come_on_one_connection(self):
        connection = self.socket()
        request = f"GET /api/v1/openapi.json HTTP/1.1\r\nHost: {self.host}\r\n\r\n".encode()
        file = connection.makefile("rb")
        for _ in range(20):
            connection.sendall(request)
            length = 0
            self.assertEqual(file.readline(), b"HTTP/1.1 200 OK\r\n")
            while (line := file.readline()) != b"\r\n":
                if line.lower().startswith(b"content-length:"):
                    length = int(line.split()[1])
            json.loads(file.read(length))

    def test_a_signal_ends_it_well(self):
        events = self.listen()
        events.next("running")
        self.assertEqual(self.end(signal.SIGTERM), 0)
        self.assertEqual(self.said, "")
        self.serve()
        self.assertEqual(self.end(signal.SIGINT), 0)


class Hostility(KnownStore):
    def setUp(self):
        super().setUp()
        (self.home / "secret").write_text("the secret")
        self.serve()

    def request(self, target: str, *headers: str) -> bytes:
        lines = [f"GET {target} HTTP/1.1", f"Host: {self.host}", "Connection: close", *headers]
        return "\r\n".join([*lines, "", ""]).encode()

    def still_answers(self):
        self.assertEqual(self.ask("/api/v1/rank").status, 200)

    def test_no_path_leads_out(self):
        depth = "/".join([".."] * 12)
        for target in (f"/{depth}/etc/passwd", f"/assets/{depth}{self.home}/secret",
                       "/%2e%2e/%2e%2e/etc/passwd", "/..%2f..%2fetc%2fpasswd",
                       "/%2e%2e%2fetc/passwd", "/....//....//etc/passwd", "/..\\..\\etc\\passwd",
                       "/..%5c..%5cetc%5cpasswd", "/%252e%252e/etc/passwd",
                       "/%c0%ae%c0%ae/etc/passwd", "//etc/passwd", "/assets/../../etc/passwd",
                       "/etc/passwd%00.html", "/./index.html", f"{self.home}/secret",
                       "/index.html%00", "/api/v1/figures/..%2f..%2fsecret.svg",
                       "/api/v1/figures/a%2f..%2f..%2fsecret.svg", "/api/v1/figures/%2fetc%2fpasswd",
                       f"/api/v1/setups{self.home}/secret/points", "/api/v1/setups/x%2f..%2fx/points"):  # fmt: skip
            answer = self.raw(self.request(target))
            self.assertIn(answer.split()[1], (b"400", b"404"), target)
            self.assertNotIn(b"root:", answer)
            self.assertNotIn(b"the secret", answer)
        self.still_answers()

    def test_other_servers_pages_learn_nothing(self):
        for host in ("evil.example", f"evil.example:{self.port}", "127.0.0.1.evil.example",
                     "0.0.0.0", f"localhost.evil.example:{self.port}"):  # fmt: skip
            self.assertEqual(self.ask("/api/v1/rank", Host=host).status, 403, host)
        self.assertEqual(self.ask("/api/v1/rank", Host=None).status, 400)
        for origin in ("http://evil.example", "null", f"https://{self.host}", "http://127.0.0.1:1"):
            self.assertEqual(self.ask("/api/v1/rank", Origin=origin).status, 403, origin)
        for host in (f"localhost:{self.port}", f"[::1]:{self.port}", "localhost:9999"):
            self.assertEqual(self.ask("/", Host=host, Origin=f"http://{host}").status, 200, host)
        headers = self.ask("/api/v1/rank").headers
        self.assertNotIn("Access-Control-Allow-Origin", headers)

    def test_two_hosts_are_none(self):
        self.assertIn(b" 400 ", self.raw(self.request("/", "Host: evil.example"))[:20])

    def test_it_is_no_proxy(self):
        self.assertIn(b" 400 ", self.raw(self.request("http://evil.example/"))[:20])
        self.assertIn(b" 200 ", self.raw(self.request(f"http://{self.host}/"))[:20])

    def test_requests_without_measure_are_refused(self):
        for text in (self.request("/", "X: " + "a" * 20_000), b"GET /" + b"a" * 100_000,
                     self.request("/", *[f"X-{i}: 1" for i in range(5000)])):  # fmt: skip
            self.assertIn(b" 431 ", self.raw(text)[:20])
        for text in (self.request("/", "Content-Length: 1000000000000"),
                     self.request("/", "Transfer-Encoding: chunked") + b"5\r\nhello\r\n0\r\n\r\n"):
            self.assertIn(b" 413 ", self.raw(text)[:20])
        for text in (b"\x16\x03\x01\x02\x00\r\n\r\n", b"GET\r\n\r\n", b"GET / HTTP/1.1\r\nbad\r\n\r\n",
                     b"\x00" * 100 + b"\r\n\r\n", b"GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n"):
            self.assertIn(b" 400 ", self.raw(text)[:20])
        self.still_answers()

    def test_a_head_cannot_be_split_by_what_is_asked(self):
        answer = self.raw(self.request("/api/v1/rank?setup=%0d%0aX-Evil:%20yes"))
        self.assertNotIn(b"X-Evil", answer.partition(b"\r\n\r\n")[0])
        answer = self.raw(self.request("/nothing%0d%0aX-Evil:%20yes"))
        self.assertNotIn(b"X-Evil", answer.partition(b"\r\n\r\n")[0])

    def test_thousands_of_connections_do_not_keep_others_out(self):
        _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = 3000 if hard == resource.RLIM_INFINITY else min(3000, hard - 100)
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted + 100), hard))
        self.addCleanup(resource.setrlimit, resource.RLIMIT_NOFILE, (soft, hard))
        # Half of them say nothing, the others begin a head and do not end it.
        for number in range(wanted):
            connection = self.socket()
            if number % 2:
                connection.sendall(b"GET / HTTP/1.1\r\nHost: ")
        self.assertGreaterEqual(wanted, 1000, "ulimit -n is too low for this claim")
        self.still_answers()

    def test_events_of_300_readers_do_not_keep_others_waiting(self):
        streams = [self.listen() for _ in range(300)]
        for stream in streams:
            self.assertEqual(stream.headers["Content-Type"], "text/event-stream")
            stream.next("running")
        for _ in range(50):
            self.still_answers()
        # All of them are told, by one who reads only now.
        self.bring_in([("another", 8, 0.2, {"set-a": 92.0})])
        versions = {stream.next("store")["version"] for stream in (streams[0], streams[-1])}
        self.assertEqual(len(versions), 1)


class ChangingStore(Served):
    """The store as it comes, grows, breaks and goes."""

    def version(self) -> str:
        return self.listen().next("store")["version"]

    def test_a_store_that_is_not_there_yet_is_empty_and_then_comes(self):
        self.db = self.home / "later.db"
        self.env["WATTFOR_DB"] = str(self.db)
        self.serve()
        self.assertEqual(self.ask("/").status, 200)
        self.assertIn("no", self.answer("/api/v1/rank", status=404)["error"]["message"])
        events = self.listen()
        self.assertIsNone(events.next("store")["problem"])
        self.bring_in([("small", 8, 0.1, {"set-a": 90.0})])
        events.next("store")
        self.eventually(lambda: self.ask("/api/v1/rank").status == 200, "the models came")
        self.assertEqual(self.answer("/api/v1/rank"), self.asked("rank"))

    def test_what_is_added_shows_without_being_asked_for(self):
        self.bring_in([("small", 8, 0.1, {"set-a": 90.0})])
        self.serve()
        etag = self.ask("/api/v1/rank").headers["ETag"]
        events = self.listen()
        before = events.next("store")["version"]
        self.bring_in([("large", 8, 1.0, {"set-a": 95.0})])
        self.assertNotEqual(events.next("store")["version"], before)
        self.eventually(lambda: len(self.answer("/api/v1/rank")["rows"]) == 2, "both are ranked")
        self.assertNotEqual(self.ask("/api/v1/rank", If_None_Match=etag).status, 304)

    def test_a_store_that_vanishes_leaves_its_last_state_and_may_come_again(self):
        self.bring_in([("small", 8, 0.1, {"set-a": 90.0})])
        self.serve()
        rank = self.answer("/api/v1/rank")
        events = self.listen()
        self.assertIsNone(events.next("store")["problem"])
        kept = self.db.rename(self.home / "kept.db")
        self.assertIn("gone", events.next("store")["problem"])
        self.assertIn("gone", self.answer("/api/v1/catalogue")["problem"])
        self.assertEqual(self.answer("/api/v1/rank"), rank)
        kept.rename(self.db)
        self.assertIsNone(events.next("store")["problem"])

    def test_a_store_that_is_cut_or_overwritten_ends_nothing(self):
        self.bring_in([("small", 8, 0.1, {"set-a": 90.0})])
        whole = self.db.read_bytes()
        self.serve()
        rank = self.answer("/api/v1/rank")
        events = self.listen()
        events.next("store")
        for damaged in (whole[: len(whole) // 2], b"", b"no store at all" * 1000):
            self.db.write_bytes(damaged)
            self.assertTrue(events.next("store")["problem"])
            self.assertEqual(self.answer("/api/v1/rank"), rank)
            self.db.write_bytes(whole)
            self.assertIsNone(events.next("store")["problem"])

    def test_another_store_of_the_same_name_takes_its_place(self):
        self.bring_in([("small", 8, 0.1, {"set-a": 90.0})])
        first = self.db.rename(self.home / "first.db")
        self.bring_in([("one", 8, 0.2, {"set-a": 91.0}), ("two", 8, 0.3, {"set-a": 92.0})])
        other = self.db.rename(self.home / "other.db")
        first.rename(self.db)
        self.serve()
        events = self.listen()
        events.next("store")
        other.rename(self.db)
        events.next("store")
        self.eventually(lambda: len(self.answer("/api/v1/rank")["rows"]) == 2, "the other's models")

    def test_a_damaged_store_is_served_with_what_is_wrong(self):
        self.db.write_bytes(b"no store at all" * 1000)
        self.serve()
        self.assertIn("not a wattfor store", self.listen().next("store")["problem"])

    def test_a_store_that_is_locked_is_waited_for_neither_at_the_start_nor_at_the_end(self):
        self.bring_in([("small", 8, 0.1, {"set-a": 90.0})])
        lock = sqlite3.connect(self.db, isolation_level=None)
        self.addCleanup(lock.close)
        # With a write-ahead log, readers pass by a transaction alone.
        lock.execute("PRAGMA locking_mode = EXCLUSIVE")
        lock.execute("BEGIN EXCLUSIVE")
        begun = time.monotonic()
        self.serve()
        self.assertIn("locked", self.answer("/api/v1/catalogue")["problem"])
        self.assertEqual(self.end(signal.SIGTERM), 0)
        self.assertIn("locked", self.said)
        self.serve()
        self.assertEqual(self.end(signal.SIGINT), 0)
        self.assertLess(time.monotonic() - begun, PATIENCE_S)
        self.serve()
        events = self.listen()
        self.assertIn("locked", events.next("store")["problem"])
        lock.close()
        self.assertIsNone(events.next("store")["problem"])
        self.assertEqual(self.answer("/api/v1/rank"), self.asked("rank"))

    def test_a_run_shows_while_it_measures(self):
        self.serve()
        events = self.listen()
        self.assertEqual(events.next("running")["runs"], [])
        words = ("run", "--idle-seconds", "0", "--name", MARKUP, "--", "sleep", "60")
        with self.start(*words) as run:
            runs = self.eventually(lambda: events.next("running")["runs"], "the run shows")
            self.assertEqual([(each["name"], each["verb"]) for each in runs], [(MARKUP, "run")])
            self.assertGreater(runs[0]["elapsed_s"], 0)
            run.kill()
        self.eventually(lambda: not events.next("running")["runs"], "it was killed, and goes")

    def test_a_sweep_shows_its_cell_and_its_models_come(self):
        self.serve()
        events = self.listen()
        self.assertEqual(events.next("running")["runs"], [])
        model = self.home / "model.onnx"
        model.write_text("weights")
        words = ("sweep", model, "--worker", "fake", "--batch-sizes", "1", "--max-seconds", "3600")
        with self.start(*words, env={"WATTFOR_FAKE_WORKER": "hang-at-run"}) as sweep:
            runs = self.eventually(lambda: events.next("running")["runs"], "the sweep shows")
            self.assertEqual([(each["name"], each["verb"], each["model"], each["batch_size"]) for each in runs],
                             [("model 1 of 1: model batch 1", "sweep", "model", 1)])
            self.assertIn(b'model="model",batch_size="1"', self.ask("/metrics").content)
            sweep.kill()
        self.eventually(lambda: not events.next("running")["runs"], "it was killed, and goes")
        self.wattfor("sweep", model, "--worker", "fake", "--batch-sizes", "1", "--max-seconds", "0.05",
                     "--replicates", "2", "--idle-seconds", "0")
        self.eventually(lambda: b'wattfor_setup_models{' in self.ask("/metrics").content, "its model came")
        outcomes = {each["outcome"] for each in self.records() if each["kind"] == "cell" and each["name"].startswith("model")}
        self.assertEqual(outcomes, {"done"})

    def test_power_is_told_once_a_second(self):
        self.add_rapl_package()
        self.serve()
        events = self.listen()
        power = [events.next("power") for _ in range(2)]
        for each in power:
            self.assertLessEqual({"time", "scope", "power_w", "energy_j", "components"}, set(each))
            for component in each["components"]:
                self.assertLessEqual({"name", "power_w", "energy_j", "basis"}, set(component))
        self.assertTrue(power[0]["components"])

    def power_with_the_plug(self) -> tuple[dict, dict]:
        """The first power told that has the plug's, and the plug's component."""
        events = self.listen()

        def told():
            power = events.next("power")
            plug = next((each for each in power["components"] if each["name"] == "wall 0"), None)
            return (power, plug) if plug and plug["power_w"] is not None else None

        return self.eventually(told, "the plug's power is told")

    def test_a_plug_is_told_beside_the_machines_own_sensors(self):
        self.add_rapl_package()
        with Logger(self.home / "w.csv", "power_w", lambda t: "120.0"):
            self.serve("--meter", f"csv:{self.home / 'w.csv'}")
            power, plug = self.power_with_the_plug()
            self.assertAlmostEqual(plug["power_w"], 120.0, delta=1.0)
            self.assertFalse(plug["in_total"])
            self.assertNotEqual(power["scope"], "wall")
            self.assertIn("wall", [each["domain"] for each in self.answer("/api/v1/sensors")["sensors"]])

    def test_where_the_plug_is_all_there_is_it_is_the_total(self):
        with Logger(self.home / "w.csv", "power_w", lambda t: "120.0"):
            self.serve("--meter", f"csv:{self.home / 'w.csv'}")
            power, plug = self.power_with_the_plug()
        self.assertEqual((power["scope"], power["power_w"]), ("wall", plug["power_w"]))
        self.assertAlmostEqual(power["power_w"], 120.0, delta=1.0)


class CommandLine(Served):
    def test_a_signal_ends_the_wait_for_a_meter(self):
        with WebServer({}) as plug:
            plug.silent.set()
            self.process = self.start("serve", "--port", "0", "--meter", f"shelly:{plug.address}")
            self.addCleanup(self.end)
            self.eventually(lambda: plug.asked, "the meter is asked")
            self.assertEqual(self.end(signal.SIGINT), -signal.SIGINT)

    def test_it_prints_where_it_is(self):
        process = self.start("serve", "--port", "0")
        self.process = process
        self.addCleanup(self.end)
        self.assertRegex(process.stdout.readline(), r"^http://127\.0\.0\.1:\d+/\n$")

    def test_a_browser_is_sent_there_if_there_is_one(self):
        tools = self.home / "tools"
        tools.mkdir()
        opener = tools / "xdg-open"
        opener.write_text(f"#!/bin/sh\necho \"$1\" > {self.home}/opened\n")
        opener.chmod(0o755)
        self.env["PATH"] = f"{tools}:{self.env['PATH']}"
        address = self.serve("--open")["address"]
        opened = self.home / "opened"
        self.eventually(lambda: opened.exists() and opened.read_text() == f"{address}\n", "it was sent")
        self.end()
        self.env["PATH"] = str(self.home)
        self.serve("--open")
        self.assertEqual(self.end(), 0)
        self.assertIn("open the address by hand", self.said)

    def test_a_port_that_is_taken_is_said_with_what_to_do(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            answer = self.wattfor("serve", "--port", str(taken.getsockname()[1]), status=2)
        self.assertIn("--port 0", answer.stderr)

    def test_words_that_are_wrong_are_refused(self):
        self.wattfor("serve", "--port", "70000", status=2)
        self.assertIn("lab.example", self.wattfor("serve", "--listen", "lab.example", "--port", "0",
                                                  status=2).stderr)  # fmt: skip

    def test_from_elsewhere_a_token_is_asked_for(self):
        printed = self.serve("--listen", "127.0.0.1")
        token = printed["token"]
        self.assertRegex(token, r"^[0-9a-f]{64}$")
        self.assertTrue(printed["address"].endswith(f"/?token={token}"))
        for target in ("/", *PAGES, "/api/v1/events", "/metrics", "/nothing"):
            self.assertEqual(self.ask(target).status, 401, target)
        self.assertEqual(self.ask("/", Authorization=f"Bearer {token}").status, 200)
        self.assertEqual(self.ask("/", Authorization=f"Bearer {token[:-1]}x").status, 401)
        redirected = self.ask(f"/?token={token}", Host="lab.example")
        self.assertEqual((redirected.status, redirected.headers["Location"]), (303, "/"))
        cookie = redirected.headers["Set-Cookie"]
        self.assertIn("HttpOnly", cookie)
        self.assertIn("SameSite=Lax", cookie)
        answer = self.ask("/api/v1/sensors", Cookie=cookie.partition(";")[0], Host="lab.example")
        self.assertEqual(answer.status, 200)


if __name__ == "__main__":
    unittest.main()
